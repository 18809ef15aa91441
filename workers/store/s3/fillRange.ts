import type { Patience } from "../../../src/shared/retry.ts";
import { persist } from "../persist.ts";
import { Attempt } from "./attempt.ts";

/** The response to a request for a range of bytes, whose body is not in memory yet. */
export interface RangeAnswer {
  readonly body: AsyncIterable<Uint8Array>;
  /** Length of the body. */
  readonly length: number;
}

/**
 * Requests the bytes [start, end). Throws a WorkerFault if another attempt would not help; any other error is
 * treated as temporary. When the signal is aborted, even after the response, it closes what it has opened.
 */
export type GetRange = (start: number, end: number, signal: AbortSignal) => Promise<RangeAnswer>;

export interface RangeToFill {
  /** Name of the data, for messages. */
  readonly what: string;
  readonly start: number;
  readonly target: Uint8Array;
  readonly patience: Patience;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Fills the target with the bytes from `start`, or throws. A body that breaks, ends early or stalls is requested
 * again from the first byte that is missing.
 */
export async function fillRange(getRange: GetRange, range: RangeToFill): Promise<void> {
  const { what, start, target, patience, signal } = range;
  const filling = new RangeFilling(getRange, range);
  let filledBefore = 0;
  await persist(
    `${what} (bytes ${start} to ${start + target.length})`,
    patience,
    signal,
    async () => {
      filledBefore = filling.filled;
      if (filling.missing > 0) await filling.attempt();
    },
    () => filling.filled > filledBefore,
  );
}

/** A target, and how much of it is already filled. */
class RangeFilling {
  filled = 0;
  readonly #getRange: GetRange;
  readonly #range: RangeToFill;

  constructor(getRange: GetRange, range: RangeToFill) {
    this.#getRange = getRange;
    this.#range = range;
  }

  get missing(): number {
    return this.#range.target.length - this.filled;
  }

  async attempt(): Promise<void> {
    const { start, target, patience, signal } = this.#range;
    const attempt = new Attempt(patience.noProgressMs, signal);
    try {
      const { missing } = this;
      const range = this.#getRange(start + this.filled, start + target.length, attempt.signal);
      const answer = await attempt.within(range);
      if (answer.length !== missing) {
        throw new Error(`${missing} bytes were requested, but ${answer.length} were announced`);
      }
      for await (const piece of attempt.piecesOf(answer.body)) this.#take(piece);
      if (this.missing > 0) throw new Error(`the body ended ${this.missing} bytes early`);
    } catch (error) {
      // An error after the last byte is harmless.
      if (this.missing > 0) throw error;
      signal?.throwIfAborted();
    } finally {
      attempt.end();
    }
  }

  #take(piece: Uint8Array): void {
    const { target } = this.#range;
    if (piece.length > this.missing) {
      throw new Error(`the body has more than the ${target.length} bytes that were requested`);
    }
    target.set(piece, this.filled);
    this.filled += piece.length;
  }
}

export interface PartsPlan {
  readonly partBytes: number;
  /** Maximum parts to work on at the same time. */
  readonly limit: number;
  readonly signal?: AbortSignal | undefined;
}

/** Divides a target into parts, and does the work for some of them at a time. The first failure ends the others. */
export async function inParts(
  target: Uint8Array,
  { partBytes, limit, signal }: PartsPlan,
  work: (offset: number, part: Uint8Array, signal: AbortSignal | undefined) => Promise<void>,
): Promise<void> {
  if (target.length <= partBytes) return work(0, target, signal);
  signal?.throwIfAborted();
  const group = new AbortController();
  const giveUp = () => group.abort(signal?.reason);
  signal?.addEventListener("abort", giveUp, { once: true });
  let next = 0;

  async function lane(): Promise<void> {
    while (next < target.length && !group.signal.aborted) {
      const offset = next;
      next += partBytes;
      try {
        await work(offset, target.subarray(offset, offset + partBytes), group.signal);
      } catch (error) {
        group.abort(error);
        throw error;
      }
    }
  }

  try {
    const lanes = Array.from({ length: Math.min(limit, Math.ceil(target.length / partBytes)) }, lane);
    // All of them are awaited, so that nothing writes to the target after this returns.
    await Promise.allSettled(lanes);
    // The first failure: the other lanes, which it aborted, fail with the same reason.
    if (group.signal.aborted) throw group.signal.reason;
  } finally {
    signal?.removeEventListener("abort", giveUp);
  }
}
