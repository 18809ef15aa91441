/** How long a service that does not answer is waited for. */
export interface Patience {
  /** How often in a row something is tried without a single byte of progress. */
  readonly attempts: number;
  /** Milliseconds without a byte after which an attempt is given up. */
  readonly noProgressMs: number;
  /** Milliseconds before the second attempt, at most; doubled with each further one. */
  readonly firstDelayMs: number;
  readonly longestDelayMs: number;
  /** In [0, 1). */
  readonly random: () => number;
}

// With these a service may be away for about a quarter of a minute, or for two minutes when it is silent. What takes
// longer is left to the next attempt of the job, which waits anyway.
export const usualPatience: Patience = {
  attempts: 8,
  noProgressMs: 15_000,
  firstDelayMs: 200,
  longestDelayMs: 10_000,
  random: Math.random,
};

/** Milliseconds to wait after so many attempts in a row that brought nothing (0: the last one did bring something). */
export function delayMs(fruitless: number, { firstDelayMs, longestDelayMs, random }: Patience): number {
  const longest = Math.min(longestDelayMs, firstDelayMs * 2 ** Math.max(0, fruitless - 1));
  // Between a half and the whole: hundreds of workers that failed together must not come back together, nor at once.
  return longest * (0.5 + random() / 2);
}
