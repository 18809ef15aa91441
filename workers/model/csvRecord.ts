import type { Dialect } from "./dialect.ts";

/**
 * One record as passed by the parser. The object and its arrays are reused for the next record: copy what you keep.
 * Positions named *Start and *End are offsets into `bytes`; `byte`, `endByte` and `line` count in the whole file.
 */
export interface CsvRecord {
  readonly bytes: Uint8Array;
  /** The record, without its line end, is bytes[start, end). */
  readonly start: number;
  readonly end: number;
  /** Where the record starts in the file, and where the next line starts. Bytes from 0. */
  readonly byte: number;
  readonly endByte: number;
  /** Line that the record starts in, from 1; line ends inside quotes count. */
  readonly line: number;
  /** An empty line has one field of length 0. */
  readonly fieldCount: number;
  /** Field i without its quotes is bytes[fieldStarts[i], fieldEnds[i]). */
  readonly fieldStarts: Uint32Array;
  readonly fieldEnds: Uint32Array;
  /** 0: not quoted; 1: quoted; 2: quoted, and quotes inside are still doubled. */
  readonly fieldQuotes: Uint8Array;
  /** Set when the bytes break the rules of quoting. Then the record is only its first line, and has no fields. */
  readonly malformed: Malformed | undefined;
}

export interface Malformed {
  /**
   * stray-quote: a quote inside a field that does not start with one. text-after-quote: something other than a
   * delimiter or a line end after the closing quote. unclosed-quote: the file, or a record of the maximum length, ends
   * inside quotes. too-long: longer than the maximum length, not because of a quote.
   */
  readonly rule: "stray-quote" | "text-after-quote" | "unclosed-quote" | "too-long";
  /** Where, in the file. */
  readonly byte: number;
  readonly line: number;
  /** Position among the record's fields, from 0. */
  readonly field: number;
}

export interface CsvParser {
  /** Accepts the next bytes, split anywhere. Calls back for every record that they complete. */
  push(bytes: Uint8Array): void;
  /** The file has ended: a last record without a line end is complete. */
  end(): void;
}

export interface CsvParserOptions extends Dialect {
  /** Maximum bytes of a record, without its line end. */
  readonly maxRecordBytes: number;
  /** Offset of the first pushed byte in the file. */
  readonly byte: number;
  readonly line: number;
}

/** What is expected instead, for each way of being malformed. */
export const malformedExpectations = {
  "stray-quote": "no quote inside a field that does not start with one",
  "text-after-quote": "a delimiter or a line end after the closing quote",
  "unclosed-quote": "a closing quote",
  "too-long": "a record within the maximum length",
} as const satisfies Record<Malformed["rule"], string>;
