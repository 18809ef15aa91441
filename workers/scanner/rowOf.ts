import { byteOf, type Dialect } from "../model/dialect.ts";
import type { RowOrigin, RowPlace, RowReason } from "./rowFormatter.ts";

/** A row of `rejects.csv`: what assembly/rows.ts writes, for what is too large for it. */
export function rowOf(
  origin: RowOrigin,
  { record, line, start, end }: RowPlace,
  reason: RowReason,
  { delimiter, quote }: Pick<Dialect, "delimiter" | "quote">,
): Uint8Array {
  const numbers = [origin.record + record, origin.line + line, origin.byte + start];
  const bytes = origin.bytes.subarray(start, end);
  return Buffer.concat([
    Buffer.from(`${numbers.join(delimiter)}${delimiter}`),
    reason.text,
    Buffer.from(delimiter),
    reason.isMalformed ? inQuotes(bytes, byteOf(quote)) : bytes,
    Buffer.from("\n"),
  ]);
}

/** Not by way of a text: bytes may be no UTF-8, and with all their quotes doubled longer than a text can be. */
function inQuotes(bytes: Uint8Array, quote: number): Uint8Array {
  const result = new Uint8Array(2 * bytes.length + 2);
  let at = 0;
  result[at++] = quote;
  for (const byte of bytes) {
    if (byte === quote) result[at++] = quote;
    result[at++] = byte;
  }
  result[at++] = quote;
  return result.subarray(0, at);
}
