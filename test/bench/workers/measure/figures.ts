/** Median, least and most of what was measured. */
export interface Figures {
  readonly median: number;
  readonly minimum: number;
  readonly maximum: number;
}

export function figures(values: readonly number[]): Figures {
  const sorted = [...values].sort((left, right) => left - right);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  const lower = sorted[sorted.length % 2 === 0 ? middle - 1 : middle] ?? Number.NaN;
  return { median: (lower + upper) / 2, minimum: sorted[0] ?? Number.NaN, maximum: sorted.at(-1) ?? Number.NaN };
}

/** Ratios of what was measured in the same round, so that a machine that slows down slows both. */
export function ratios(values: readonly number[], others: readonly number[]): Figures {
  return figures(values.map((value, round) => value / (others[round] ?? Number.NaN)));
}
