import { setTimeout as pause } from "node:timers/promises";

/** How long a sink tries what may pass. Times in milliseconds. */
export interface RetryPolicy {
  /** Without any success for so long, it gives up. */
  readonly giveUpAfter: number;
  readonly firstPause: number;
  readonly longestPause: number;
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** In [0, 1). */
  readonly random: () => number;
}

export const patient: RetryPolicy = {
  giveUpAfter: 60_000,
  firstPause: 100,
  longestPause: 5_000,
  now: () => performance.now(),
  sleep: async (milliseconds) => {
    await pause(milliseconds);
  },
  random: Math.random,
};

/** Twice as long each time; between half of it and all of it, so that many workers do not come back at once. */
export function pauseBefore(attempt: number, { firstPause, longestPause, random }: RetryPolicy): number {
  const full = Math.min(longestPause, firstPause * 2 ** Math.min(attempt, 30));
  return full * (0.5 + random() / 2);
}
