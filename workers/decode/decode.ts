import { decompress } from "./decompress.ts";
import { type Compression, detectEncoding, withFirstBytes } from "./firstBytes.ts";
import { checkLabel, textToUtf8 } from "./textToUtf8.ts";

export { type Compression, type DetectedEncoding, detectEncoding, firstBytesWanted } from "./firstBytes.ts";
export { refuseBinary } from "./refuseBinary.ts";

export interface HowWritten {
  /** As the first bytes tell when it is left out. */
  readonly compression?: Compression | undefined;
  /** A label of the Encoding Standard, as "windows-1252". When it is left out: what a byte order mark says, else UTF-8. */
  readonly encoding?: string | undefined;
  /** What is read, for messages. */
  readonly uri: string;
}

/**
 * The same text as plain UTF-8 without a byte order mark, in pieces that are valid until the next one is asked for. The
 * same holds for the pieces that come in. A byte order mark outweighs the encoding that was given, as in a browser.
 *
 * What cannot be decompressed or decoded is thrown as data-refused, with the byte near which it is. UTF-8 is passed on
 * as it is; whether it is valid shows where the fields are read. Throws `usage` for an encoding that does not exist.
 */
export async function* toPlainUtf8(
  pieces: AsyncIterable<Uint8Array>,
  { compression, encoding = "utf-8", uri }: HowWritten,
): AsyncGenerator<Uint8Array, void, undefined> {
  checkLabel(encoding);
  const packed = await withFirstBytes(pieces);
  const plain = decompress(packed.pieces, compression ?? detectEncoding(packed.firstBytes).compression, uri);
  const text = await withFirstBytes(plain);
  const { encoding: marked, bomBytes } = detectEncoding(text.firstBytes);
  yield* textToUtf8(text.pieces, { encoding: bomBytes > 0 ? marked : encoding, uri });
}
