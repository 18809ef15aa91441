import { dead } from "./determiniser.ts";

/** A deterministic automaton over classes of characters. State 0 is the dead one. */
export interface StateTable {
  readonly start: number;
  /** next[state][class] */
  readonly next: readonly ArrayLike<number>[];
  readonly accepts: readonly boolean[];
}

/** The same language with the fewest states; the dead state stays state 0. */
export function minimise(table: StateTable): StateTable {
  const { start, next, accepts } = reachable(table);
  // Groups of states that no text so far distinguishes, split by where each leads until nothing changes.
  let groups: number[] = accepts.map((ending) => (ending ? 1 : 0));
  for (let groupCount = 0; ; ) {
    const known = new Map<string, number>();
    const split = next.map((row, state) => {
      const key = `${groups[state]}:${Array.from(row, (target) => groups[target]).join()}`;
      const group = known.get(key) ?? known.size;
      known.set(key, group);
      return group;
    });
    groups = split;
    if (known.size === groupCount) break;
    groupCount = known.size;
  }
  // The dead state is the first of all states, so its group is group 0.
  if (groups[dead] !== 0) throw new Error("the dead state is not the first one");
  const samples: number[] = [];
  for (const [state, group] of groups.entries()) samples[group] ??= state;
  return {
    start: groups[start] as number,
    next: samples.map((state) => Array.from(next[state] as ArrayLike<number>, (target) => groups[target] as number)),
    accepts: samples.map((state) => accepts[state] as boolean),
  };
}

/** Removes the states that no text leads to. */
function reachable({ start, next, accepts }: StateTable): StateTable {
  const numbers = new Map([[dead, 0]]);
  const order = [dead];
  const number = (state: number): number => {
    const known = numbers.get(state) ?? order.push(state) - 1;
    numbers.set(state, known);
    return known;
  };
  const first = number(start);
  const rows: number[][] = [];
  for (const state of order) rows.push(Array.from(next[state] as ArrayLike<number>, number));
  return { start: first, next: rows, accepts: order.map((state) => accepts[state] as boolean) };
}
