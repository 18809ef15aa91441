/**
 * A push parser for CSV on bytes: RFC 4180, and what occurs in practice. No I/O, no strings.
 *
 * This is the readable definition of a CSV file in this project. The scanner does the same with SIMD for the validator,
 * and a test compares the two: change both together.
 *
 * - A record ends at LF or CRLF ("lf") or at CR ("cr"). In an "lf" file a CR without a following LF is data, except as
 *   the very last byte, where the LF is assumed to be cut off.
 * - A quote may only be at the start of a field; inside such a field it is escaped by doubling.
 * - A record that violates this is reported as malformed, and is *only its first line*: parsing continues in the next
 *   line. So one stray quote costs one line, not everything up to the next quote. (Trusting the parity of quotes across
 *   such a position is what silently shifts whole files.)
 * - The search for a closing quote ends at `maxRecordBytes`, so memory and work are bounded. Lines are read again after
 *   a quote that is never closed, but only up to the next such quote: nothing is read more than about twice.
 */
import type { CsvParser, CsvParserOptions, CsvRecord, Malformed } from "../model/csvRecord.ts";
import { byteOf } from "../model/dialect.ts";

const lf = 0x0a;
const cr = 0x0d;

/** The state of the parser between two bytes. */
const atFieldStart = 0;
const inPlainField = 1;
const inQuotes = 2;
/** After a quote inside quotes: the first half of a doubled one, or the closing one. */
const afterQuote = 3;
/** After a closing quote and a CR, which only a LF may follow. */
const afterQuoteAndCr = 4;
/** In the rest of a line whose record is malformed. */
const inMalformedLine = 5;

export function createCsvParser(options: CsvParserOptions, onRecord: (record: CsvRecord) => void): CsvParser {
  return new Parser(options, onRecord);
}

class Parser implements CsvParser {
  readonly #delimiter: number;
  readonly #quote: number;
  readonly #lineEnd: number;
  /** The byte that a plain field must not contain; -1 where it may contain every byte. */
  readonly #stray: number;
  readonly #maxRecordBytes: number;
  readonly #onRecord: (record: CsvRecord) => void;
  readonly #record = new Record();

  /** The bytes being parsed: those of a push when nothing was left over, else the parser's own memory. */
  #buffer: Uint8Array = new Uint8Array(0);
  #length = 0;
  /** The parser's own memory for an unfinished record. */
  #memory: Uint8Array = new Uint8Array(4096);
  /** Offset of buffer[0] in the file. */
  #base: number;
  /** The next byte to parse, where the record and its current field start, and where the current quotes were opened. */
  #position = 0;
  #start = 0;
  #fieldStart = 0;
  #openedAt = 0;
  #state = atFieldStart;
  #fieldQuotes: 0 | 1 | 2 = 0;
  /** Line that the record starts in, line ends seen inside it, and the line of #openedAt. */
  #line: number;
  #linesInside = 0;
  #openedLine = 0;
  /** Where the first line of the record ends; -1 until that is seen. */
  #firstLineEnd = -1;
  #malformed: Malformed | undefined;
  /** The start of a malformed line that is too long to be kept, and its offset in the file. */
  #head: { readonly bytes: Uint8Array; readonly byte: number } | undefined;

  constructor(options: CsvParserOptions, onRecord: (record: CsvRecord) => void) {
    this.#delimiter = byteOf(options.delimiter);
    this.#quote = byteOf(options.quote);
    this.#lineEnd = options.lineEnd === "lf" ? lf : cr;
    this.#stray = options.strayQuotes === "keep" ? -1 : this.#quote;
    this.#maxRecordBytes = options.maxRecordBytes;
    this.#base = options.byte;
    this.#line = options.line;
    this.#onRecord = onRecord;
  }

  push(bytes: Uint8Array): void {
    if (this.#length === 0) {
      this.#buffer = bytes;
      this.#length = bytes.length;
    } else {
      this.#append(bytes);
    }
    this.#parse();
    this.#keepUnfinished();
  }

  end(): void {
    // After an unclosed quote, the lines after its first one are parsed again, and may contain the next unclosed quote.
    while (this.#isInRecord()) {
      this.#endAtEndOfFile();
      this.#parse();
    }
  }

  #isInRecord(): boolean {
    return this.#start < this.#length || this.#head !== undefined;
  }

  #parse(): void {
    while (this.#position < this.#length) {
      this.#step();
      const isTooLong = this.#position - this.#start > this.#maxRecordBytes;
      if (isTooLong && this.#state !== inMalformedLine) this.#failTooLong();
    }
  }

  /** Advances to the end of a field, to an opening or closing quote, or to the end of the bytes. */
  #step(): void {
    const position = this.#position;
    switch (this.#state) {
      case atFieldStart:
        if (this.#buffer[position] === this.#quote) this.#openQuotes(position);
        else this.#beginPlainField(position);
        break;
      case inPlainField:
        this.#readPlain(position);
        break;
      case inQuotes:
        this.#readQuoted(position);
        break;
      case afterQuote:
        this.#readAfterQuote(position);
        break;
      case afterQuoteAndCr:
        if (this.#buffer[position] === lf) this.#endRecord(position - 2, position - 1, position + 1);
        else this.#fail("text-after-quote", position - 1, this.#line + this.#linesInside);
        break;
      default:
        this.#skipMalformed(position);
    }
  }

  /** One byte beyond the maximum length: a record that continues there is too long. */
  #stop(): number {
    return Math.min(this.#length, this.#start + this.#maxRecordBytes + 1);
  }

  #readPlain(start: number): void {
    const buffer = this.#buffer;
    const stray = this.#stray;
    const lineEnd = this.#lineEnd;
    const delimiter = this.#delimiter;
    const stop = this.#stop();
    let position = start;
    let byte = buffer[position];
    while (position < stop && byte !== delimiter && byte !== lineEnd && byte !== stray) {
      position += 1;
      byte = buffer[position];
    }
    this.#position = position;
    if (position >= stop) return;
    if (byte === delimiter) this.#endField(position, position);
    else if (byte === lineEnd) this.#endRecord(this.#withoutCr(position), this.#withoutCr(position), position + 1);
    else this.#fail("stray-quote", position, this.#line + this.#linesInside);
  }

  #readQuoted(start: number): void {
    const buffer = this.#buffer;
    const quote = this.#quote;
    const lineEnd = this.#lineEnd;
    const stop = this.#stop();
    let position = start;
    let byte = buffer[position];
    while (position < stop && byte !== quote) {
      if (byte === lineEnd) this.#noteLineEnd(position);
      position += 1;
      byte = buffer[position];
    }
    this.#position = position;
    if (position >= stop) return;
    this.#state = afterQuote;
    this.#position = position + 1;
  }

  #readAfterQuote(position: number): void {
    const byte = this.#buffer[position];
    const lineEnd = this.#lineEnd;
    if (byte === this.#quote) this.#goOnInQuotes(position + 1);
    else if (byte === this.#delimiter) this.#endField(position - 1, position);
    else if (byte === lineEnd) this.#endRecord(position - 1, position, position + 1);
    else if (byte === cr && lineEnd === lf) this.#expectLf(position + 1);
    else this.#fail("text-after-quote", position, this.#line + this.#linesInside);
  }

  #skipMalformed(position: number): void {
    const end = this.#buffer.subarray(0, this.#length).indexOf(this.#lineEnd, position);
    this.#position = end < 0 ? this.#length : end;
    if (end >= 0) this.#endMalformed(end, end + 1);
  }

  #openQuotes(position: number): void {
    this.#openedAt = position;
    this.#openedLine = this.#line + this.#linesInside;
    this.#fieldStart = position + 1;
    this.#fieldQuotes = 1;
    this.#state = inQuotes;
    this.#position = position + 1;
  }

  #beginPlainField(position: number): void {
    this.#fieldStart = position;
    this.#fieldQuotes = 0;
    this.#state = inPlainField;
  }

  #goOnInQuotes(position: number): void {
    this.#fieldQuotes = 2;
    this.#state = inQuotes;
    this.#position = position;
  }

  #expectLf(position: number): void {
    this.#state = afterQuoteAndCr;
    this.#position = position;
  }

  #noteLineEnd(position: number): void {
    if (this.#firstLineEnd < 0) this.#firstLineEnd = position;
    this.#linesInside += 1;
  }

  /** The end of a line, or of a field in it, without the CR of a CRLF. */
  #withoutCr(end: number): number {
    const endsWithCr = this.#lineEnd === lf && end > this.#start && this.#buffer[end - 1] === cr;
    return endsWithCr ? end - 1 : end;
  }

  #endField(end: number, delimiter: number): void {
    this.#record.addField(this.#fieldStart, end, this.#fieldQuotes);
    this.#fieldStart = delimiter + 1;
    this.#fieldQuotes = 0;
    this.#state = atFieldStart;
    this.#position = delimiter + 1;
  }

  #endRecord(fieldEnd: number, recordEnd: number, next: number): void {
    const record = this.#record;
    record.addField(this.#fieldStart, fieldEnd, this.#fieldQuotes);
    record.bytes = this.#buffer;
    record.start = this.#start;
    record.end = recordEnd;
    record.byte = this.#base + this.#start;
    record.malformed = undefined;
    this.#emit(next);
  }

  #failTooLong(): void {
    if (this.#state === inQuotes) this.#fail("unclosed-quote", this.#openedAt, this.#openedLine);
    else this.#fail("too-long", this.#start + this.#maxRecordBytes, this.#line + this.#linesInside);
  }

  /** The record is only its first line, whose end was already seen or is searched from here. */
  #fail(rule: Malformed["rule"], position: number, line: number): void {
    this.#malformed = { rule, byte: this.#base + position, line, field: this.#record.fieldCount };
    this.#linesInside = 0;
    if (this.#firstLineEnd >= 0) this.#endMalformed(this.#firstLineEnd, this.#firstLineEnd + 1);
    else this.#state = inMalformedLine;
  }

  #endMalformed(lineEnd: number, next: number): void {
    const record = this.#record;
    record.fieldCount = 0;
    record.malformed = this.#malformed;
    if (this.#head === undefined) {
      record.bytes = this.#buffer;
      record.start = this.#start;
      record.end = Math.min(this.#withoutCr(lineEnd), this.#start + this.#maxRecordBytes);
      record.byte = this.#base + this.#start;
    } else {
      record.bytes = this.#head.bytes;
      record.start = 0;
      record.end = record.bytes.length;
      record.byte = this.#head.byte;
    }
    this.#emit(next);
  }

  #emit(next: number): void {
    const record = this.#record;
    record.endByte = this.#base + next;
    record.line = this.#line;
    this.#onRecord(record);
    record.fieldCount = 0;
    this.#line += this.#linesInside + 1;
    this.#linesInside = 0;
    this.#firstLineEnd = -1;
    this.#malformed = undefined;
    this.#head = undefined;
    this.#start = next;
    this.#position = next;
    this.#fieldStart = next;
    this.#fieldQuotes = 0;
    this.#state = atFieldStart;
  }

  #endAtEndOfFile(): void {
    const end = this.#length;
    const plainEnd = this.#withoutCr(end);
    if (this.#state === inQuotes) this.#fail("unclosed-quote", this.#openedAt, this.#openedLine);
    else if (this.#state === afterQuote) this.#endRecord(end - 1, end, end);
    else if (this.#state === afterQuoteAndCr) this.#endRecord(end - 2, end - 1, end);
    else if (this.#state === inMalformedLine) this.#endMalformed(end, end);
    else this.#endRecord(plainEnd, plainEnd, end);
  }

  #append(bytes: Uint8Array): void {
    const length = this.#length + bytes.length;
    if (length > this.#memory.length) {
      const larger = new Uint8Array(Math.max(length, 2 * this.#memory.length));
      larger.set(this.#memory.subarray(0, this.#length));
      this.#memory = larger;
    }
    this.#memory.set(bytes, this.#length);
    this.#buffer = this.#memory;
    this.#length = length;
  }

  /** Moves the unfinished record to the front of the parser's own memory: the caller may reuse the pushed bytes. */
  #keepUnfinished(): void {
    if (this.#state === inMalformedLine && this.#length - this.#start > this.#maxRecordBytes) this.#keepHead();
    const start = this.#start;
    const rest = this.#length - start;
    if (rest > this.#memory.length) this.#memory = new Uint8Array(2 * rest);
    if (rest > 0) this.#memory.set(this.#buffer.subarray(start, this.#length));
    this.#buffer = this.#memory;
    this.#length = rest;
    this.#base += start;
    this.#start = 0;
    this.#position -= start;
    this.#fieldStart -= start;
    this.#openedAt -= start;
    if (this.#firstLineEnd >= 0) this.#firstLineEnd -= start;
    this.#record.moveFields(start);
  }

  /** Of a malformed line without an end, at most the maximum record length is kept. */
  #keepHead(): void {
    const start = this.#start;
    this.#head ??= {
      bytes: this.#buffer.slice(start, start + this.#maxRecordBytes),
      byte: this.#base + start,
    };
    this.#start = this.#length;
    this.#position = this.#length;
  }
}

class Record implements CsvRecord {
  bytes: Uint8Array = new Uint8Array(0);
  start = 0;
  end = 0;
  byte = 0;
  endByte = 0;
  line = 1;
  fieldCount = 0;
  fieldStarts = new Uint32Array(64);
  fieldEnds = new Uint32Array(64);
  fieldQuotes = new Uint8Array(64);
  malformed: Malformed | undefined = undefined;

  addField(start: number, end: number, quotes: number): void {
    const index = this.fieldCount;
    if (index === this.fieldStarts.length) this.#grow();
    this.fieldStarts[index] = start;
    this.fieldEnds[index] = end;
    this.fieldQuotes[index] = quotes;
    this.fieldCount = index + 1;
  }

  moveFields(down: number): void {
    if (down === 0) return;
    for (let index = 0; index < this.fieldCount; index += 1) {
      this.fieldStarts[index] = (this.fieldStarts[index] as number) - down;
      this.fieldEnds[index] = (this.fieldEnds[index] as number) - down;
    }
  }

  #grow(): void {
    const length = 2 * this.fieldStarts.length;
    const fieldStarts = new Uint32Array(length);
    const fieldEnds = new Uint32Array(length);
    const fieldQuotes = new Uint8Array(length);
    fieldStarts.set(this.fieldStarts);
    fieldEnds.set(this.fieldEnds);
    fieldQuotes.set(this.fieldQuotes);
    this.fieldStarts = fieldStarts;
    this.fieldEnds = fieldEnds;
    this.fieldQuotes = fieldQuotes;
  }
}
