import { checkFiles, type TextFile } from "../check/checkFiles.ts";
import { settingsWithoutConfig } from "../checkSettings.ts";
import { resolveModel } from "../config/resolveModel.ts";
import { isObject, setKey } from "../model/json.ts";
import type { Problem } from "../model/problem.ts";
import type { Example } from "../model/rule.ts";
import { unitNames } from "../model/units.ts";
import { render } from "../render/render.ts";

const start = { file: "config", position: { line: 1, column: 1 } };
const source = {
  value: { prefix: "gss-dev" },
  locate: () => start,
  locateKey: () => start,
  wrote: () => false,
};

/** Every document and script of `--prefix gss-dev`. */
export const generatedFiles: readonly TextFile[] = render(resolveModel(source)).filter(
  ({ path }) => path.endsWith(".json") || path.endsWith(".sh") || unitNames.some((unit) => path === `${unit}.hcl`),
);

/**
 * The findings of all rules for an example: the generated documents with the example's changes applied. Without the .hcl
 * files, unless the rule is about them: an example that removes something would leave a placeholder unused.
 */
export function checkExample(example: Example, withWiring = false): readonly Problem[] {
  const changes = new Map(Object.entries(example.documents ?? {}).filter(([, change]) => change !== null));
  const removed = new Set(Object.keys(example.documents ?? {}).filter((name) => !changes.has(name)));
  const files = generatedFiles
    .filter(({ path }) => withWiring || !path.endsWith(".hcl"))
    .filter(({ path }) => !removed.has(path.split("/").at(-1) as string))
    .map(({ path, text }) => {
      if (path.endsWith(".hcl")) return { path, text };
      if (path.endsWith(".sh")) return { path, text: example.userData ?? text };
      const name = path.split("/").at(-1) as string;
      const change = changes.get(name);
      changes.delete(name);
      return { path, text: change === undefined ? text : changed(text, change) };
    });
  const added = [...changes].map(([name, document]) => ({ path: name, text: toText(document) }));
  return checkFiles([...files, ...added], {
    ...settingsWithoutConfig,
    ...(example.awsProvider !== undefined && { awsProvider: example.awsProvider }),
  });
}

/** Bare placeholders become marked text and back, so that a document can be changed as plain JSON. */
function changed(text: string, change: unknown): string {
  const marked = JSON.parse(
    text.replace(/"(?:[^"\\]|\\.)*"|\$\{([A-Z_]+)\}/g, (whole, bare?: string) => (bare ? `"<<${bare}>>"` : whole)),
  ) as unknown;
  return toText(merge(marked, change));
}

function toText(document: unknown): string {
  return `${JSON.stringify(document, null, 2).replace(/"<<([A-Z_]+)>>"/g, "${$1}")}\n`;
}

/** RFC 7396: objects are merged, null removes, everything else replaces. */
function merge(base: unknown, change: unknown): unknown {
  if (!isObject(change)) return change;
  const merged = isObject(base) ? { ...base } : {};
  for (const [key, value] of Object.entries(change)) {
    if (value === null) delete merged[key];
    else setKey(merged, key, merge(merged[key], value));
  }
  return merged;
}
