import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { expect, test } from "vitest";

const files = ["src", "workers"]
  .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: "utf8" }).map((path) => join(folder, path)))
  .filter((path) => path.endsWith(".ts") && !/\/(node_modules|dist)\//.test(path));

/** What each file imports of the others: for its values or its types alone, at its start or when it runs. */
const imports = new Map(files.map((path) => [path, importsOf(path, readFileSync(path, "utf8"))]));

function importsOf(path: string, text: string): readonly string[] {
  const named = text.matchAll(/(?:\bfrom|\bimport|\bimport\()\s*"(\.[^"]+)"/g);
  // The assembly of the scanner leaves the ending out.
  const paths = [...named].map((match) => normalize(join(dirname(path), match[1] as string)));
  return paths.map((imported) => (files.includes(imported) ? imported : `${imported}.ts`));
}

test("no file imports itself by way of others, not even for a type", () => {
  expect(cyclesIn(imports)).toEqual([]);
});

test("cycles of any length are found, each once", () => {
  const graph = { a: ["b"], b: ["c"], c: ["a", "d"], d: ["e"], e: ["d", "f"], f: [], g: ["g", "a"] };
  expect(cyclesIn(new Map(Object.entries(graph)))).toEqual([["d", "e"], ["a", "b", "c"], ["g"]]);
});

/** The groups of files in which each leads to all others (R. Tarjan, Depth-first search and linear graph algorithms, 1972). */
function cyclesIn(graph: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const cycles: string[][] = [];
  const order = new Map<string, number>();
  const path: string[] = [];
  for (const node of graph.keys()) if (!order.has(node)) visit(node);
  return cycles;

  /** Returns the earliest node of the path that this one leads to. */
  function visit(node: string): number {
    const own = order.size;
    const at = path.length;
    order.set(node, own);
    path.push(node);
    let earliest = own;
    for (const next of graph.get(node) ?? []) {
      if (!order.has(next)) earliest = Math.min(earliest, visit(next));
      else if (path.includes(next)) earliest = Math.min(earliest, order.get(next) as number);
    }
    if (earliest === own) {
      const group = path.splice(at);
      const isCycle = group.length > 1 || graph.get(node)?.includes(node) === true;
      if (isCycle) cycles.push(group.sort());
    }
    return earliest;
  }
}
