/** How a CSV file is written. Always about the UTF-8 bytes that are read, after decompressing and decoding. */
export interface Dialect {
  /** One ASCII character. */
  readonly delimiter: string;
  /** One ASCII character. It is doubled to stand for itself inside a quoted field. */
  readonly quote: string;
  /** "lf" ends a record at LF or CRLF, "cr" at CR alone (old Macintosh files, which have no LF outside of quotes). */
  readonly lineEnd: "lf" | "cr";
  /** What a quote inside a field that does not begin with one is: an error of the record ("reject", the default) or data ("keep"). */
  readonly strayQuotes?: "reject" | "keep";
}

export const byteOf = (character: string): number => character.charCodeAt(0);
