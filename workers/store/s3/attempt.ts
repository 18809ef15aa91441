/** One attempt at something that may hang: it ends when its work does, when it stalls, or when the caller gives up. */
export class Attempt {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #ended: Promise<never>;
  readonly #stopListening: () => void;
  #isReadToEnd = false;

  constructor(noProgressMs: number, outer: AbortSignal | undefined) {
    outer?.throwIfAborted();
    const giveUp = () => this.#controller.abort(outer?.reason);
    const stalled = () => this.#controller.abort(new Error(`no data arrived for ${noProgressMs} ms`));
    this.#timer = setTimeout(stalled, noProgressMs);
    outer?.addEventListener("abort", giveUp, { once: true });
    this.#stopListening = () => outer?.removeEventListener("abort", giveUp);
    this.#ended = rejectionOn(this.signal);
  }

  /** Aborted when the attempt ends early, so that what it has opened is closed. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The result of the promise, unless the attempt ends before: work that ignores its signal is not awaited. */
  async within<Value>(work: Promise<Value>): Promise<Value> {
    const value = await Promise.race([work, this.#ended]);
    this.#timer.refresh();
    return value;
  }

  /** The pieces of a body. Each one is progress and restarts the timer. */
  async *piecesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
    // Not a for-await loop: that would wait for a body which hangs and ignores the signal.
    const pieces = body[Symbol.asyncIterator]();
    for (;;) {
      const next = await this.within(pieces.next());
      if (next.done === true) break;
      yield next.value;
    }
    this.#isReadToEnd = true;
  }

  /** The connection of a body that was read to its end is left for the next request; any other is cut. */
  end(): void {
    clearTimeout(this.#timer);
    this.#stopListening();
    if (!this.#isReadToEnd) this.#controller.abort(new Error("this attempt is over"));
  }
}

function rejectionOn(signal: AbortSignal): Promise<never> {
  const rejection = new Promise<never>((_settle, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
  // The rejection is often no longer awaited.
  rejection.catch(() => {});
  return rejection;
}
