/** The bytes in pieces of these lengths, over and over; all in the same memory, as the readers of the stores may do. */
export async function* inPieces(bytes: Uint8Array, lengths: readonly number[]): AsyncGenerator<Uint8Array> {
  // A Buffer, whose slice() is no copy.
  const memory = Buffer.alloc(Math.max(1, ...lengths));
  let turn = 0;
  for (let offset = 0; offset < bytes.length; ) {
    const length = Math.max(1, lengths[turn++ % lengths.length] ?? 1);
    memory.fill(0xaa);
    const piece = memory.subarray(0, Math.min(length, bytes.length - offset));
    piece.set(bytes.subarray(offset, offset + piece.length));
    yield piece;
    offset += piece.length;
  }
}

export async function collect(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const copies: Uint8Array[] = [];
  for await (const piece of pieces) copies.push(Buffer.from(piece));
  return Buffer.concat(copies);
}

/** Bytes without entropy worth speaking of to a compressor, the same for the same seed. */
export function seededBytes(length: number, seed = 1): Buffer {
  const bytes = Buffer.alloc(length);
  let state = seed >>> 0 || 1;
  for (let index = 0; index < length; index++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[index] = state & 0xff;
  }
  return bytes;
}
