import type { Dialect } from "./dialect.ts";

/**
 * One record as the parser hands it out. The object and its arrays are used again for the next record: copy what is to stay.
 * Positions named *Start and *End are offsets into `bytes`; `byte`, `endByte` and `line` count in the whole file.
 */
export interface CsvRecord {
  readonly bytes: Uint8Array;
  /** The record, without its line end, is bytes[start, end). */
  readonly start: number;
  readonly end: number;
  /** Where the record begins in the file, and where the next line begins. Bytes from 0. */
  readonly byte: number;
  readonly endByte: number;
  /** Line that the record begins in, from 1; line ends inside of quotes count. */
  readonly line: number;
  /** A line without anything in it has one field of no length. */
  readonly fieldCount: number;
  /** Field i without its quotes is bytes[fieldStarts[i], fieldEnds[i]). */
  readonly fieldStarts: Uint32Array;
  readonly fieldEnds: Uint32Array;
  /** 0: stood without quotes; 1: in quotes; 2: in quotes, and quotes inside are still doubled. */
  readonly fieldQuotes: Uint8Array;
  /** Set when the bytes break the rules of quoting. The record then is its first line alone, and has no fields. */
  readonly malformed: Malformed | undefined;
}

export interface Malformed {
  /**
   * stray-quote: a quote inside a field that does not begin with one. text-after-quote: something else than a delimiter
   * or a line end after the closing quote. unclosed-quote: the file, or the longest record allowed, ends inside of quotes.
   * too-long: longer than the longest record allowed, without a quote being to blame.
   */
  readonly rule: "stray-quote" | "text-after-quote" | "unclosed-quote" | "too-long";
  /** Where, in the file. */
  readonly byte: number;
  readonly line: number;
  /** Position among the record's fields, from 0. */
  readonly field: number;
}

export interface CsvParser {
  /** Takes the next bytes, cut anywhere. Calls back for every record that they complete. */
  push(bytes: Uint8Array): void;
  /** The file has ended: a last record without a line end is complete. */
  end(): void;
}

export interface CsvParserOptions extends Dialect {
  /** Longest record in bytes, its line end left out. */
  readonly maxRecordBytes: number;
  /** Where the first byte pushed stands in the file. */
  readonly byte: number;
  readonly line: number;
}

/** What each way of being malformed was expected to be instead. */
export const malformedExpectations = {
  "stray-quote": "no quote inside a field that does not start with one",
  "text-after-quote": "a delimiter or a line end after the closing quote",
  "unclosed-quote": "a closing quote",
  "too-long": "a record within the maximum length",
} as const satisfies Record<Malformed["rule"], string>;
