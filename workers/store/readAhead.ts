/** Fills the target with the bytes from `start`, or throws. */
export type ReadInto = (start: number, target: Uint8Array, signal: AbortSignal) => Promise<void>;

export interface ReadAheadPlan {
  readonly start: number;
  readonly end: number;
  /** Bytes to read at once. */
  readonly partBytes: number;
  /** Maximum parts in memory at a time: those being read and the one being passed on. */
  readonly parts: number;
  /** Bytes per piece. */
  readonly pieceBytes: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The bytes [start, end) in order, while further parts are being read. The memory of a part is reused as soon as
 * the piece after its last one is requested. A consumer that stops early ends the pending reads.
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
    group.abort(new Error("the consumer stopped reading"));
    await Promise.allSettled(underWay.map(({ read }) => read));
  }
}

interface Part {
  readonly memory: Uint8Array;
  readonly bytes: Uint8Array;
  readonly read: Promise<void>;
}
