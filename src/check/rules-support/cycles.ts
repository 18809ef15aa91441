/** Names, each with its successors. */
type Graph = ReadonlyMap<string, readonly string[]>;

/** The part of a graph that is in a cycle, or on a path from one cycle to another. Runs in linear time. */
export function withinCycles(graph: Graph): Graph {
  return peeled(reversed(peeled(graph)));
}

/** Without the names that have no successor in the graph, and, in turn, those that only lead to them. */
function peeled(graph: Graph): Graph {
  const before = reversed(graph);
  const open = new Map(
    [...graph].map(([name, targets]) => [name, targets.filter((target) => graph.has(target)).length]),
  );
  const removed = new Set([...open].filter(([, count]) => count === 0).map(([name]) => name));
  for (const name of removed) {
    for (const earlier of before.get(name) ?? []) {
      const count = (open.get(earlier) ?? 0) - 1;
      open.set(earlier, count);
      if (count === 0) removed.add(earlier);
    }
  }
  return new Map([...graph].filter(([name]) => !removed.has(name)));
}

function reversed(graph: Graph): Graph {
  const before = new Map<string, string[]>([...graph.keys()].map((name) => [name, []]));
  for (const [name, targets] of graph) for (const target of targets) before.get(target)?.push(name);
  return before;
}
