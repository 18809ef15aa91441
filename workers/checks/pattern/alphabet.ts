import { type CodePointSet, lastCodePoint } from "./codePointSet.ts";

/** Code points that no set of a pattern distinguishes form one class. */
export interface Alphabet {
  readonly classCount: number;
  /** has[set][class] is 1 when the set contains the code points of the class. */
  readonly has: readonly Uint8Array[];
  classOf(codePoint: number): number;
  /** The last code point of the run of consecutive code points of the same class that starts here. */
  lastAlike(codePoint: number): number;
}

export function alphabetOf(sets: readonly CodePointSet[]): Alphabet {
  const changes = changesOf(sets);
  const runStarts = [...new Set([0, ...changes.keys()])].filter((at) => at <= lastCodePoint).sort((a, b) => a - b);
  const members = new Set<number>();
  const classes = new Map<string, number>();
  const samples: (readonly number[])[] = [];
  const runClasses = runStarts.map((at) => {
    for (const set of changes.get(at) ?? []) if (!members.delete(set)) members.add(set);
    const inside = [...members].sort((a, b) => a - b);
    const key = inside.join();
    const known = classes.get(key);
    if (known !== undefined) return known;
    classes.set(key, samples.length);
    return samples.push(inside) - 1;
  });
  const has = sets.map(() => new Uint8Array(samples.length));
  for (const [index, inside] of samples.entries()) for (const set of inside) (has[set] as Uint8Array)[index] = 1;
  return { classCount: samples.length, has, ...lookups(runStarts, runClasses) };
}

/** Where ranges of the sets start or end, and of which sets. */
function changesOf(sets: readonly CodePointSet[]): ReadonlyMap<number, readonly number[]> {
  const changes = new Map<number, number[]>();
  for (const [index, set] of sets.entries()) {
    for (const [position, codePoint] of set.entries()) {
      const at = position % 2 === 0 ? codePoint : codePoint + 1;
      const there = changes.get(at);
      if (there === undefined) changes.set(at, [index]);
      else there.push(index);
    }
  }
  return changes;
}

/** By binary search; a table for common characters. */
function lookups(runStarts: readonly number[], runClasses: readonly number[]): Pick<Alphabet, "classOf" | "lastAlike"> {
  const runOf = (codePoint: number): number => {
    let low = 0;
    let high = runStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((runStarts[middle] as number) <= codePoint) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  const common = Uint16Array.from({ length: 0x180 }, (_, codePoint) => runClasses[runOf(codePoint)] as number);
  return {
    classOf: (codePoint) => common[codePoint] ?? (runClasses[runOf(codePoint)] as number),
    lastAlike: (codePoint) => (runStarts[runOf(codePoint) + 1] ?? lastCodePoint + 1) - 1,
  };
}
