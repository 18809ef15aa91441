import { isUtf8 } from "node:buffer";
import { crc32 } from "node:zlib";
import type { CsvRecord } from "../model/csvRecord.ts";
import type { Dialect } from "../model/dialect.ts";
import type { Mark } from "../offsets/marks.ts";
import { isBlankLine } from "../records/isBlankLine.ts";
import { createCsvParser } from "../records/parser.ts";

export interface RecordReaderOptions {
  readonly dialect: Dialect;
  readonly maxRecordBytes: number;
  /** Columns of the file; a blank line is a record only if there is one column. */
  readonly columnCount: number;
  readonly start: Mark;
  /** Called for every record with its index in the file. Returning false stops the parsing, but not the CRC. */
  readonly onRecord: (record: CsvRecord, index: number) => boolean;
  /** Called now and then with a position where reading can resume, after the records before it. */
  readonly onMark: (mark: Mark) => void;
  /** Records between two such positions. Default: few enough to read again, many enough to cost nothing. */
  readonly recordsPerMark?: number | undefined;
}

const defaultRecordsPerMark = 1000;

/** Counts the records of a byte range, and its CRC-32, while it goes through a parser. */
export class RecordReader {
  readonly #options: RecordReaderOptions;
  readonly #parser: ReturnType<typeof createCsvParser>;
  readonly #lineEnd: number;
  readonly #recordsPerMark: number;
  #index: number;
  #nextMark: number;
  #isStopped = false;
  #lastLine: number;
  /** Where the last part that is not UTF-8 ends in the file. A character that is split at its ends counts as such. */
  #doubtfulTo = 0;
  /** The piece being parsed, where it starts in the file, and how far the CRC has been computed. */
  #piece: Uint8Array = new Uint8Array(0);
  #pieceByte: number;
  #crcByte: number;
  #crc32: number;

  constructor(options: RecordReaderOptions) {
    this.#options = options;
    const { dialect, maxRecordBytes, start } = options;
    this.#lineEnd = dialect.lineEnd === "lf" ? 0x0a : 0x0d;
    this.#index = start.index;
    this.#recordsPerMark = options.recordsPerMark ?? defaultRecordsPerMark;
    this.#nextMark = start.index + this.#recordsPerMark;
    this.#lastLine = start.line;
    this.#pieceByte = start.byte;
    this.#crcByte = start.byte;
    this.#crc32 = start.crc32;
    this.#parser = createCsvParser({ ...dialect, maxRecordBytes, byte: start.byte, line: start.line }, (record) =>
      this.#take(record),
    );
  }

  push(piece: Uint8Array): void {
    this.#piece = piece;
    // One check over all bytes is nearly free; one for every record would not be.
    if (!isUtf8(piece)) this.#doubtfulTo = this.#pieceByte + piece.length;
    if (!this.#isStopped) this.#parser.push(piece);
    this.#runCrcTo(this.#pieceByte + piece.length);
    this.#pieceByte += piece.length;
    this.#piece = new Uint8Array(0);
  }

  end(): void {
    if (this.#isStopped) return;
    this.#parser.end();
    // The line is that of the last record or a later one, because nothing is read from here on.
    this.#options.onMark({ index: this.#index, byte: this.#pieceByte, line: this.#lastLine, crc32: this.#crc32 });
  }

  /** Position of the record that would come next. */
  get index(): number {
    return this.#index;
  }

  /** Where the pushed bytes end in the file. */
  get byte(): number {
    return this.#pieceByte;
  }

  get crc32(): number {
    return this.#crc32;
  }

  /** Why a record cannot become a message; undefined if it can. Only valid in `onRecord`. */
  defectOf(record: CsvRecord): string | undefined {
    const { columnCount } = this.#options;
    const { malformed, fieldCount, bytes, start, end, byte } = record;
    if (malformed !== undefined) return malformed.rule;
    if (fieldCount !== columnCount)
      return `${fieldCount} ${fieldCount === 1 ? "field" : "fields"} for ${columnCount} columns`;
    const isDoubtful = byte < this.#doubtfulTo;
    return isDoubtful && !isUtf8(bytes.subarray(start, end)) ? "bytes that are not UTF-8" : undefined;
  }

  #take(record: CsvRecord): void {
    if (this.#isStopped || isBlankLine(record, this.#options.columnCount)) return;
    this.#lastLine = record.line;
    this.#isStopped = !this.#options.onRecord(record, this.#index);
    this.#index += 1;
    if (this.#index >= this.#nextMark) this.#mark(record);
  }

  #mark(record: CsvRecord): void {
    // When the parser has gone back after an unclosed quote, the CRC is already further ahead: use the next position.
    if (record.endByte < this.#crcByte) return;
    this.#runCrcTo(record.endByte);
    const lines = record.malformed === undefined ? this.#linesOf(record) : 1;
    this.#options.onMark({
      index: this.#index,
      byte: record.endByte,
      line: record.line + lines,
      crc32: this.#crc32,
    });
    this.#nextMark = this.#index + this.#recordsPerMark;
  }

  #linesOf({ bytes, start, end }: CsvRecord): number {
    let lines = 1;
    for (let at = bytes.indexOf(this.#lineEnd, start); at >= 0 && at < end; at = bytes.indexOf(this.#lineEnd, at + 1)) {
      lines += 1;
    }
    return lines;
  }

  #runCrcTo(byte: number): void {
    if (byte === this.#crcByte) return;
    const bytes = this.#piece.subarray(this.#crcByte - this.#pieceByte, byte - this.#pieceByte);
    this.#crc32 = crc32(bytes, this.#crc32);
    this.#crcByte = byte;
  }
}

/** The bytes in parts small enough to keep the messages of one in memory: those may be twenty times as large. */
export function* inParts(piece: Uint8Array): Generator<Uint8Array> {
  for (let start = 0; start < piece.length; start += bytesPerPart) yield piece.subarray(start, start + bytesPerPart);
}

const bytesPerPart = 64 * 1024;
