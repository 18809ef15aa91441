import type { Patience } from "../../../src/shared/retry.ts";
import { persist } from "../persist.ts";
import { startAttempt } from "./attempt.ts";

/** The answer to a request for a range of bytes, of which nothing is in memory yet. */
export interface RangeAnswer {
  readonly body: AsyncIterable<Uint8Array>;
  /** Bytes that the body is going to have. */
  readonly length: number;
}

/**
 * Asks for the bytes [start, end). Throws a WorkerFault for what another attempt would not change; any other error is
 * taken for one that passes. When the signal is aborted, also after the answer, it closes what it has opened.
 */
export type GetRange = (start: number, end: number, signal: AbortSignal) => Promise<RangeAnswer>;

export interface RangeToFill {
  /** What is read, for messages. */
  readonly what: string;
  readonly start: number;
  readonly target: Uint8Array;
  readonly patience: Patience;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Fills the target with the bytes from `start` on, or throws. A body that breaks off, ends early or stalls is asked for
 * again from the first byte that is missing.
 */
export async function fillRange(getRange: GetRange, range: RangeToFill): Promise<void> {
  const { what, start, target, patience, signal } = range;
  let filled = 0;
  let filledBefore = 0;

  await persist(
    `${what} (bytes ${start} to ${start + target.length})`,
    patience,
    signal,
    async () => {
      filledBefore = filled;
      if (filled < target.length) await oneAttempt();
    },
    () => filled > filledBefore,
  );

  async function oneAttempt(): Promise<void> {
    const attempt = startAttempt(patience.noProgressMs, signal);
    const missing = target.length - filled;
    let isComplete = false;
    try {
      const answer = await attempt.within(getRange(start + filled, start + target.length, attempt.signal));
      attempt.progressed();
      if (answer.length !== missing) {
        throw new Error(`${missing} bytes were asked for, and ${answer.length} were announced`);
      }
      // Not a for-await loop: that would wait for a body which hangs and does not heed the signal.
      const pieces = answer.body[Symbol.asyncIterator]();
      for (;;) {
        const next = await attempt.within(pieces.next());
        if (next.done === true) break;
        attempt.progressed();
        take(next.value);
      }
      isComplete = true;
      if (filled < target.length) throw new Error(`the body ended ${target.length - filled} bytes early`);
    } catch (error) {
      // What breaks after the last byte does no harm.
      if (filled < target.length) throw error;
      signal?.throwIfAborted();
    } finally {
      attempt.end(isComplete);
    }
  }

  function take(piece: Uint8Array): void {
    if (piece.length > target.length - filled) {
      throw new Error(`the body has more than the ${target.length} bytes that were asked for`);
    }
    target.set(piece, filled);
    filled += piece.length;
  }
}
