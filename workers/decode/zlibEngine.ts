import type { Transform } from "node:stream";

/** A stream of node:zlib. `bytesWritten` counts the bytes that it has taken in. */
export type ZlibStream = Transform & { readonly bytesWritten: number };

/** A decompressor that takes in one step after the other, and gives out what becomes of it before the next. */
export interface ZlibEngine {
  /** Gives out what the step becomes, and returns how much of it was taken in: less than all where the data ended. */
  write(step: Uint8Array): AsyncGenerator<Uint8Array, number, undefined>;
  /** Gives out what is left. Throws when the data has not come to its end. */
  end(): AsyncGenerator<Uint8Array, void, undefined>;
  destroy(): void;
}

/**
 * Not a pipeline: the memory of a step is somebody else's once the next one is asked for, so every step has to be taken
 * in before that. It waits where its output is not read, so a small step that becomes a huge output stays small in memory.
 */
export function zlibEngine(stream: ZlibStream): ZlibEngine {
  let wake = () => {};
  let failure: { readonly error: unknown } | undefined;
  let hasEnded = false;
  stream.on("readable", () => wake());
  stream.on("end", () => {
    hasEnded = true;
    wake();
  });
  stream.on("error", (error) => {
    failure = { error };
    wake();
  });

  async function* outputUntil(isDone: () => boolean): AsyncGenerator<Uint8Array, void, undefined> {
    for (;;) {
      for (let output = stream.read(); output !== null; output = stream.read()) yield output as Uint8Array;
      if (failure !== undefined) throw failure.error;
      if (isDone()) return;
      await new Promise<void>((settle) => {
        wake = settle;
      });
    }
  }

  return {
    async *write(step) {
      const before = stream.bytesWritten;
      let isTaken = false;
      stream.write(step, () => {
        isTaken = true;
        wake();
      });
      yield* outputUntil(() => isTaken);
      return stream.bytesWritten - before;
    },
    async *end() {
      stream.end();
      yield* outputUntil(() => hasEnded);
    },
    destroy: () => void stream.destroy(),
  };
}
