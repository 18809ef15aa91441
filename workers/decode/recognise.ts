import { type Compression, detectEncoding, firstBytesNeeded, refuseBinary } from "./decode.ts";
import { checkLabel } from "./textToUtf8.ts";

/** How the text of a file is encoded. */
export interface TextForm {
  readonly compression: Compression;
  /** That of the byte order mark, else the specified label, else "utf-8". */
  readonly encoding: string;
  /** Length of the byte order mark. */
  readonly bomBytes: 0 | 2 | 3;
  /** Uncompressed UTF-8: records have positions in the file itself. */
  readonly isPlain: boolean;
}

/** What the first bytes of a file reveal about it, and the encoding that was specified for it. */
export function recognise(firstBytes: Uint8Array, given: string | undefined): TextForm {
  const { compression, encoding: marked, bomBytes } = detectEncoding(firstBytes);
  const encoding = bomBytes > 0 ? marked : (given ?? marked);
  return { compression, encoding, bomBytes, isPlain: compression === "none" && isUtf8Label(encoding) };
}

/**
 * Throws data-refused for data that is not text, as far as that is visible before decompressing and decoding, and
 * `usage` for an encoding that does not exist.
 */
export function refuseUnreadable(firstBytes: Uint8Array, form: TextForm, uri: string): void {
  const { compression, encoding, bomBytes } = form;
  // UTF-16 without a mark looks like a binary file before it is decoded.
  const isUnmarked = bomBytes === 0 && isUtf16Label(encoding);
  if (compression === "none" && !isUnmarked) refuseBinary(firstBytes.subarray(0, firstBytesNeeded), uri);
  if (!isUtf8Label(encoding)) checkLabel(encoding);
}

function isUtf8Label(label: string): boolean {
  return /^(utf-?8|unicode-1-1-utf-8|us-ascii|ascii)$/i.test(label);
}

function isUtf16Label(label: string): boolean {
  return /^(utf-?16|ucs-?2|unicode|csunicode|iso-10646-ucs-2)/i.test(label) && !isUtf8Label(label);
}
