export type Compression = "none" | "gzip" | "zstd";

export interface DetectedEncoding {
  readonly compression: Compression;
  /** That of the byte order mark; UTF-8 without one. Not meaningful for compressed data. */
  readonly encoding: "utf-8" | "utf-16le" | "utf-16be";
  /** Length of the byte order mark. */
  readonly bomBytes: 0 | 2 | 3;
}

/** What the first bytes of a file reveal about its format. */
export function detectEncoding(firstBytes: Uint8Array): DetectedEncoding {
  const [first, second, third] = firstBytes;
  const bom = (encoding: DetectedEncoding["encoding"], bomBytes: 2 | 3) =>
    ({ compression: "none", encoding, bomBytes }) as const;
  if (first === 0xef && second === 0xbb && third === 0xbf) return bom("utf-8", 3);
  if (first === 0xff && second === 0xfe) return bom("utf-16le", 2);
  if (first === 0xfe && second === 0xff) return bom("utf-16be", 2);
  return { compression: compressionOf(firstBytes), encoding: "utf-8", bomBytes: 0 };
}

function compressionOf(firstBytes: Uint8Array): Compression {
  const [first = 0, second, third, fourth] = firstBytes;
  if (first === 0x1f && second === 0x8b) return "gzip";
  if (first === 0x28 && second === 0xb5 && third === 0x2f && fourth === 0xfd) return "zstd";
  // A skippable frame: compressors with several threads write one first.
  const isSkippable = first >= 0x50 && first <= 0x5f && second === 0x2a && third === 0x4d && fourth === 0x18;
  return isSkippable ? "zstd" : "none";
}

/** With this many of the first bytes everything is detected, by `refuseBinary` too. */
export const firstBytesNeeded = 1024;

export interface WithFirstBytes {
  readonly firstBytes: Uint8Array;
  /** All bytes, including the first ones. Can be read once; a reader that stops early has to end it. */
  readonly pieces: AsyncIterable<Uint8Array>;
}

/** Peeks at the first bytes without consuming them. */
export async function withFirstBytes(pieces: AsyncIterable<Uint8Array>): Promise<WithFirstBytes> {
  const source = pieces[Symbol.asyncIterator]();
  const taken: Uint8Array[] = [];
  let length = 0;
  let isAtEnd = false;
  while (length < firstBytesNeeded) {
    const next = await source.next();
    isAtEnd = next.done === true;
    if (next.done === true) break;
    // A copy: the memory is reused as soon as the next piece is requested. Not with slice(), which is a view if the
    // piece happens to be a Buffer.
    taken.push(new Uint8Array(next.value));
    length += next.value.length;
  }
  const start = Buffer.concat(taken);
  return {
    firstBytes: start.subarray(0, firstBytesNeeded),
    pieces: new StartAndRest(start, isAtEnd ? undefined : source),
  };
}

/** Not a generator: one that was never started would not end the source either. */
class StartAndRest implements AsyncIterableIterator<Uint8Array> {
  #start: Uint8Array | undefined;
  #rest: AsyncIterator<Uint8Array> | undefined;

  constructor(start: Uint8Array, rest: AsyncIterator<Uint8Array> | undefined) {
    this.#start = start.length > 0 ? start : undefined;
    this.#rest = rest;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    const start = this.#start;
    this.#start = undefined;
    if (start !== undefined) return { done: false, value: start };
    const next = await this.#rest?.next();
    if (next !== undefined && next.done !== true) return next;
    this.#rest = undefined;
    return { done: true, value: undefined };
  }

  async return(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.#start = undefined;
    await this.#rest?.return?.();
    this.#rest = undefined;
    return { done: true, value: undefined };
  }
}
