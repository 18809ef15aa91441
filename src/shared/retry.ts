import { setTimeout as sleep } from "node:timers/promises";
import { isProgrammingError } from "./codeOf.ts";

/** How the pauses between attempts grow. */
export interface Backoff {
  /** Milliseconds before the second attempt; doubled with each further one. */
  readonly firstDelayMs: number;
  readonly maxDelayMs: number;
  /** In [0, 1). */
  readonly random: () => number;
}

/**
 * Milliseconds to wait after this many failures in a row (at least 1). Between half of the full delay and all of it:
 * hundreds of workers that failed together must not retry together, nor at once.
 */
export function delayMs(failures: number, { firstDelayMs, maxDelayMs, random }: Backoff): number {
  const full = Math.min(maxDelayMs, firstDelayMs * 2 ** Math.min(30, Math.max(0, failures - 1)));
  return full * (0.5 + random() / 2);
}

/** When to give up on a service that does not answer. */
export interface Patience extends Backoff {
  /** Attempts in a row without progress. */
  readonly attempts: number;
  /** Milliseconds without progress after which an attempt is abandoned. */
  readonly noProgressMs: number;
}

// With these a service may be unavailable for about 15 seconds, or for two minutes when it does not answer. A longer outage
// is left to the next attempt of the job, which waits anyway.
export const usualPatience: Patience = {
  attempts: 8,
  noProgressMs: 15_000,
  firstDelayMs: 200,
  maxDelayMs: 10_000,
  random: Math.random,
};

export interface RetryOptions {
  readonly patience: Patience;
  readonly signal?: AbortSignal | undefined;
  /** Whether another attempt cannot help; programming errors are never repeated. */
  readonly isFinal: (error: unknown) => boolean;
  /** Called after each failure: whether the attempt made progress. */
  readonly hasProgressed?: () => boolean;
  /** The error to throw after the last attempt. */
  readonly gaveUp: (attempts: number, lastError: unknown) => Error;
}

/** Repeats the work until it succeeds, fails for good, or fails too many times in a row without progress. */
export async function retry<Result>(
  work: (attemptNumber: number) => Promise<Result>,
  { patience, signal, isFinal, hasProgressed = () => false, gaveUp }: RetryOptions,
): Promise<Result> {
  let fruitless = 0;
  for (let attemptNumber = 1; ; attemptNumber++) {
    signal?.throwIfAborted();
    try {
      return await work(attemptNumber);
    } catch (error) {
      signal?.throwIfAborted();
      if (isFinal(error) || isProgrammingError(error)) throw error;
      fruitless = hasProgressed() ? 0 : fruitless + 1;
      if (fruitless >= patience.attempts) throw gaveUp(fruitless, error);
    }
    await pause(delayMs(fruitless, patience), signal);
  }
}

async function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  await endOfSleep(milliseconds, signal);
  signal?.throwIfAborted();
}

/** Resolves after the time, or as soon as the signal aborts. */
export async function endOfSleep(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  await sleep(milliseconds, undefined, signal && { signal }).catch(() => undefined);
}

/** Waits for an event for a limited time, and returns whether it happened. */
export async function endsWithin(event: Promise<unknown>, milliseconds: number): Promise<boolean> {
  const over = new AbortController();
  const hasCome = await Promise.race([event.then(() => true), endOfSleep(milliseconds, over.signal).then(() => false)]);
  over.abort();
  return hasCome;
}
