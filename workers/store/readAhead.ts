/** Fills the target with the bytes from `start` on, or throws. */
export type ReadInto = (start: number, target: Uint8Array, signal: AbortSignal) => Promise<void>;

export interface ReadAheadPlan {
  readonly start: number;
  readonly end: number;
  /** Bytes that are read in one go. */
  readonly partBytes: number;
  /** How many parts are in memory at the same time, at most: those being read and the one that is handed out. */
  readonly parts: number;
  /** Bytes that are handed out in one piece. */
  readonly pieceBytes: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The bytes [start, end) in order, while further parts are being read. The memory of a part is used again as soon as
 * its last piece was handed out and the next one is asked for. A reader that leaves early ends what is being read.
 */
export async function* readAhead(readInto: ReadInto, plan: ReadAheadPlan): AsyncGenerator<Uint8Array, void, undefined> {
  const { start, end, partBytes, parts, pieceBytes, signal } = plan;
  if (start >= end) return;
  signal?.throwIfAborted();
  const group = new AbortController();
  const giveUp = () => group.abort(signal?.reason);
  signal?.addEventListener("abort", giveUp, { once: true });
  const underWay: Part[] = [];
  let next = start;

  function begin(memory: Uint8Array): void {
    const bytes = memory.subarray(0, Math.min(partBytes, end - next));
    const read = readInto(next, bytes, group.signal);
    // It may fail long before it is its turn to be awaited.
    read.catch(() => {});
    underWay.push({ memory, bytes, read });
    next += bytes.length;
  }

  try {
    for (let count = 0; count < parts && next < end; count++) {
      begin(Buffer.allocUnsafeSlow(Math.min(partBytes, end - next)));
    }
    for (let part = underWay[0]; part !== undefined; part = underWay[0]) {
      await part.read;
      for (let offset = 0; offset < part.bytes.length; offset += pieceBytes) {
        signal?.throwIfAborted();
        yield part.bytes.subarray(offset, offset + pieceBytes);
      }
      underWay.shift();
      if (next < end) begin(part.memory);
    }
  } finally {
    signal?.removeEventListener("abort", giveUp);
    group.abort(new Error("the reader has left"));
    await Promise.allSettled(underWay.map(({ read }) => read));
  }
}

interface Part {
  readonly memory: Uint8Array;
  readonly bytes: Uint8Array;
  readonly read: Promise<void>;
}
