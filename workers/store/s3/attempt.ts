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

  /** Aborted when the attempt ends before its time, so that what it has open is closed. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** What the promise gives, unless the attempt ends before: work that ignores its signal is not waited for. */
  async within<Value>(work: Promise<Value>): Promise<Value> {
    const value = await Promise.race([work, this.#ended]);
    this.#timer.refresh();
    return value;
  }

  /** The pieces of a body. Each one is progress, after which the time starts anew. */
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
  // Most attempts end in a rejection that nothing waits for any more.
  rejection.catch(() => {});
  return rejection;
}
