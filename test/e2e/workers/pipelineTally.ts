/** How what arrived differs from what should have: the first few indexes of each kind. */
export interface Tally {
  readonly missing: readonly number[];
  /** Arrived, and should not have. */
  readonly unknown: readonly number[];
  readonly repeated: readonly number[];
}

export const everyOneOnce: Tally = { missing: [], unknown: [], repeated: [] };
export const everyOne: Omit<Tally, "repeated"> = { missing: [], unknown: [] };

/** Some hundred thousand numbers are compared here: as arrays of a test, a difference would take minutes to be shown. */
export function tallyOf(arrived: readonly number[], expected: Iterable<number>): Tally {
  const seen = new Set<number>();
  const repeated: number[] = [];
  for (const index of arrived) {
    if (seen.has(index)) repeated.push(index);
    seen.add(index);
  }
  const wanted = new Set(expected);
  const missing = [...wanted].filter((index) => !seen.has(index));
  const unknown = [...seen].filter((index) => !wanted.has(index));
  return { missing: few(missing), unknown: few(unknown), repeated: few(repeated) };
}

function few(indexes: readonly number[]): number[] {
  return indexes.slice(0, 10);
}
