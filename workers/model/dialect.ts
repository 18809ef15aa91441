/** How a CSV file is written. Always about the UTF-8 bytes that are read, after decompressing and decoding. */
export interface Dialect {
  /** One ASCII character. */
  readonly delimiter: string;
  /** One ASCII character. Inside a quoted field it is escaped by doubling. */
  readonly quote: string;
  /** "lf" ends a record at LF or CRLF, "cr" at CR alone (old Macintosh files, which have no LF outside quotes). */
  readonly lineEnd: "lf" | "cr";
  /**
   * A quote inside a field that does not start with one is an error of the record ("reject", the default) or data
   * ("keep").
   */
  readonly strayQuotes?: "reject" | "keep";
}

export const byteOf = (character: string): number => character.charCodeAt(0);
