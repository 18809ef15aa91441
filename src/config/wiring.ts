import type { Config } from "../derived/types.ts";
import { setKey } from "../model/json.ts";
import type { Dependency, SuppliedPlaceholder, Wiring } from "../model/model.ts";
import { type Placeholder, placeholders as table } from "../model/placeholder.ts";
import { parseExpression } from "./expression.ts";

/** The bindings in the .hcl file of a unit for the placeholders that its documents use. */
export function wire(
  used: ReadonlySet<string>,
  locals: Readonly<Record<string, unknown>>,
  config: Config,
  known: ReadonlyMap<string, Placeholder>,
): Wiring {
  const supplied = supply(used, known);
  return {
    supplied,
    locals: localsInUse(locals, supplied, config),
    dependencies: resolveDependencies(supplied, known, config.terragrunt.dependencies),
  };
}

function supply(used: ReadonlySet<string>, known: ReadonlyMap<string, Placeholder>): readonly SuppliedPlaceholder[] {
  const tableFirst = [...table.map(({ name }) => name), ...known.keys()];
  return [...new Set(tableFirst)]
    .filter((name) => used.has(name))
    .map((name) => {
      const { kind, meaning, expression } = known.get(name) as Placeholder;
      return { name, kind, meaning, expression: expression as string };
    });
}

/** A unit declares only locals that are read; tags are always passed to the module. */
function localsInUse(
  locals: Readonly<Record<string, unknown>>,
  supplied: readonly SuppliedPlaceholder[],
  config: Config,
): Record<string, unknown> {
  const read = new Set(["tags", ...supplied.map(({ expression }) => parseExpression(expression)?.local)]);
  if (config.late_prefix) read.add("prefix");
  return Object.fromEntries(Object.entries(locals).filter(([name]) => read.has(name)));
}

/** The dependency blocks that the supplied placeholders need, each with mock outputs in the shape that is read. */
function resolveDependencies(
  supplied: readonly SuppliedPlaceholder[],
  known: ReadonlyMap<string, Placeholder>,
  configPaths: Readonly<Record<string, string>>,
): readonly Dependency[] {
  const outputs = new Map<string, object>();
  for (const { name, expression } of supplied) {
    const dependency = parseExpression(expression)?.dependency;
    if (dependency === undefined) continue;
    const mocks = outputs.get(dependency.name) ?? {};
    // A copy, because another expression may read a part of it.
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
  // Entries before the one that is read are null, because a list with holes cannot be written.
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
