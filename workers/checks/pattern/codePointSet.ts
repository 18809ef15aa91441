/** Code points as ascending, inclusive ranges that do not touch: [first, last, first, last, ...]. */
export type CodePointSet = readonly number[];

export const lastCodePoint = 0x10ffff;

/** Any ranges, in any order, as a set. */
export function toSet(ranges: readonly (readonly [number, number])[]): CodePointSet {
  const set: number[] = [];
  for (const [first, last] of ranges.toSorted((one, other) => one[0] - other[0])) {
    const end = set.at(-1);
    if (end !== undefined && first <= end + 1) set[set.length - 1] = Math.max(end, last);
    else set.push(first, last);
  }
  return set;
}

export function union(sets: readonly CodePointSet[]): CodePointSet {
  return toSet(sets.flatMap(rangesOf));
}

export function complement(set: CodePointSet): CodePointSet {
  const result: number[] = [];
  let next = 0;
  for (const [first, last] of rangesOf(set)) {
    if (first > next) result.push(next, first - 1);
    next = last + 1;
  }
  if (next <= lastCodePoint) result.push(next, lastCodePoint);
  return result;
}

export function rangesOf(set: CodePointSet): readonly [number, number][] {
  const ranges: [number, number][] = [];
  for (let at = 0; at < set.length; at += 2) ranges.push([set[at] as number, set[at + 1] as number]);
  return ranges;
}
