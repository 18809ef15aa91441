import { firstBytesWanted } from "./detectEncoding.ts";

export interface WithFirstBytes {
  readonly firstBytes: Uint8Array;
  /** All of the bytes, the first ones among them. To be read once, and ended by whoever does not read them all. */
  readonly pieces: AsyncIterable<Uint8Array>;
}

/** Looks at the first bytes without taking them away. */
export async function withFirstBytes(pieces: AsyncIterable<Uint8Array>): Promise<WithFirstBytes> {
  const source = pieces[Symbol.asyncIterator]();
  const taken: Uint8Array[] = [];
  let length = 0;
  let isAtEnd = false;
  while (length < firstBytesWanted && !isAtEnd) {
    const next = await source.next();
    if (next.done === true) {
      isAtEnd = true;
    } else {
      // A copy: the memory is somebody else's as soon as the next piece is asked for. Not by slice(), which is a view if
      // the piece happens to be a Buffer.
      taken.push(new Uint8Array(next.value));
      length += next.value.length;
    }
  }
  const start = Buffer.concat(taken);
  let isStartLeft = start.length > 0;

  // Not a generator: one that was never begun would not end the source either.
  const all: AsyncIterator<Uint8Array> = {
    async next() {
      if (isStartLeft) {
        isStartLeft = false;
        return { done: false, value: start };
      }
      return isAtEnd ? { done: true, value: undefined } : source.next();
    },
    async return() {
      isStartLeft = false;
      if (!isAtEnd) await source.return?.();
      isAtEnd = true;
      return { done: true, value: undefined };
    },
  };
  return { firstBytes: start.subarray(0, firstBytesWanted), pieces: { [Symbol.asyncIterator]: () => all } };
}
