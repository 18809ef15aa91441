import { setKey } from "../model/json.ts";
import type { Dependency, SuppliedPlaceholder } from "../model/model.ts";
import type { Placeholder } from "../model/placeholder.ts";
import { parseExpression } from "./expression.ts";

/** The dependency blocks that the supplied placeholders need, each with mock outputs in the shape that is read from it. */
export function resolveDependencies(
  supplied: readonly SuppliedPlaceholder[],
  known: ReadonlyMap<string, Placeholder>,
  configPaths: Readonly<Record<string, string>>,
): readonly Dependency[] {
  const outputs = new Map<string, object>();
  for (const { name, expression } of supplied) {
    const dependency = parseExpression(expression)?.dependency;
    if (dependency === undefined) continue;
    const mocks = outputs.get(dependency.name) ?? {};
    // A copy: another expression may reach into it.
    const sample = structuredClone(known.get(name)?.sample);
    setDeep(mocks, dependency.path, dependency.joined ? [sample] : sample);
    outputs.set(dependency.name, mocks);
  }
  return [...outputs]
    .map(([name, mockOutputs]) => ({
      name,
      configPath:
        (Object.hasOwn(configPaths, name) ? configPaths[name] : undefined) ?? `../${name.replaceAll("_", "-")}`,
      mockOutputs: mockOutputs as Dependency["mockOutputs"],
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function setDeep(target: object, [key, next, ...rest]: readonly string[], value: unknown): void {
  if (key === undefined) return;
  // Entries before the one that is read are null: a list with holes has no text.
  if (Array.isArray(target)) while (target.length < Number(key)) target.push(null);
  if (next === undefined) {
    setKey(target, key, value);
    return;
  }
  const children = target as Record<string, unknown>;
  const child = Object.hasOwn(children, key) ? children[key] : undefined;
  if (typeof child !== "object" || child === null) setKey(target, key, /^[0-9]+$/.test(next) ? [] : {});
  setDeep(children[key] as object, [next, ...rest], value);
}
