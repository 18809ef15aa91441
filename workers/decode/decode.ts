import { decompress } from "./decompress.ts";
import { type Compression, detectEncoding, withFirstBytes } from "./firstBytes.ts";
import { checkLabel, textToUtf8 } from "./textToUtf8.ts";

export { type Compression, type DetectedEncoding, detectEncoding, firstBytesNeeded } from "./firstBytes.ts";
export { refuseBinary } from "./refuseBinary.ts";

export interface HowWritten {
  /** Detected from the first bytes by default. */
  readonly compression?: Compression | undefined;
  /** A label of the Encoding Standard, such as "windows-1252". Default: that of the byte order mark, else UTF-8. */
  readonly encoding?: string | undefined;
  /** Name of the data, for messages. */
  readonly uri: string;
}

/**
 * The same text as plain UTF-8 without a byte order mark, in pieces that are valid until the next one is requested. The
 * same applies to the incoming pieces. A byte order mark takes precedence over the specified encoding, as in a browser.
 *
 * Data that cannot be decompressed or decoded is thrown as data-refused, with the approximate byte. UTF-8 is passed on
 * unchanged; its validity is checked when the fields are read. Throws `usage` for an encoding that does not exist.
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
