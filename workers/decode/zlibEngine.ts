import type { Transform } from "node:stream";

/** A stream of node:zlib. `bytesWritten` counts the bytes that it has consumed. */
export type ZlibStream = Transform & { readonly bytesWritten: number };

/**
 * A decompressor that consumes one step at a time, and returns its output before the next.
 *
 * Not a pipeline: the memory of a step is reused once the next one is requested, so every step has to be consumed
 * before that. It waits while its output is not read, so a small step that becomes a huge output stays small in memory.
 */
export class ZlibEngine {
  readonly #stream: ZlibStream;
  #wake = () => {};
  #failure: { readonly error: unknown } | undefined;
  #hasEnded = false;

  constructor(stream: ZlibStream) {
    this.#stream = stream;
    stream.on("readable", () => this.#wake());
    stream.on("end", () => {
      this.#hasEnded = true;
      this.#wake();
    });
    stream.on("error", (error) => {
      this.#failure = { error };
      this.#wake();
    });
  }

  /** Yields the output of the step, and returns how much of it was consumed: less than all where the data ended. */
  async *write(step: Uint8Array): AsyncGenerator<Uint8Array, number, undefined> {
    const before = this.#stream.bytesWritten;
    let isTaken = false;
    this.#stream.write(step, () => {
      isTaken = true;
      this.#wake();
    });
    yield* this.#outputUntil(() => isTaken);
    return this.#stream.bytesWritten - before;
  }

  /** Yields the rest. Throws when the data is incomplete. */
  async *end(): AsyncGenerator<Uint8Array, void, undefined> {
    this.#stream.end();
    yield* this.#outputUntil(() => this.#hasEnded);
  }

  destroy(): void {
    this.#stream.destroy();
  }

  async *#outputUntil(isDone: () => boolean): AsyncGenerator<Uint8Array, void, undefined> {
    const stream = this.#stream;
    for (;;) {
      for (let output = stream.read(); output !== null; output = stream.read()) yield output as Uint8Array;
      if (this.#failure !== undefined) throw this.#failure.error;
      if (isDone()) return;
      await new Promise<void>((settle) => {
        this.#wake = settle;
      });
    }
  }
}
