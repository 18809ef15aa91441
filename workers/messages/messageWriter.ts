import { isUtf8 } from "node:buffer";
import type { CsvRecord } from "../model/csvRecord.ts";
import { byteOf } from "../model/dialect.ts";
import type { Column } from "../model/manifest.ts";
import type { MessageBatch, SinkLimits } from "../model/recordSink.ts";

export interface MessageWriterOptions {
  /** In the order of the fields. */
  readonly columns: readonly Column[];
  /** Columns that form the key. None: messages have no key. One: its text. Several: a JSON array of their texts. */
  readonly keyColumns: readonly string[];
  /** The dialect's: one ASCII character. */
  readonly quote: string;
  readonly limits: Pick<SinkLimits, "maxBatchMessages" | "maxBatchBytes">;
}

/**
 * Packs records into batches of messages, without creating strings for them. A value is one JSON object with the
 * columns in the order of the file. An empty field is a missing value, and omitted.
 */
export class MessageWriter {
  readonly #names: readonly Uint8Array[];
  readonly #types: readonly Column["type"][];
  readonly #keyPositions: readonly number[];
  readonly #quote: number;
  readonly #maxMessages: number;
  readonly #maxBytes: number;
  /** Everything of a message that does not come from its fields. */
  readonly #fixedBytes: number;
  readonly #indexes: Float64Array;
  readonly #keyStarts: Uint32Array;
  readonly #valueStarts: Uint32Array;
  #bytes: Uint8Array;
  #size = 0;
  #length = 0;

  /** Throws a RangeError when a key column is not a column. */
  constructor({ columns, keyColumns, quote, limits }: MessageWriterOptions) {
    this.#names = columns.map(({ name }) => Buffer.from(`${JSON.stringify(name)}:`));
    this.#types = columns.map(({ type }) => type);
    this.#keyPositions = keyColumns.map((name) => positionOf(name, columns));
    this.#quote = byteOf(quote);
    this.#maxMessages = limits.maxBatchMessages;
    this.#maxBytes = limits.maxBatchBytes;
    this.#fixedBytes = 16 + this.#names.reduce((sum, name) => sum + name.length + 3, 0) + this.#keyPositions.length * 3;
    this.#indexes = new Float64Array(limits.maxBatchMessages);
    this.#keyStarts = new Uint32Array(limits.maxBatchMessages + 1);
    this.#valueStarts = new Uint32Array(limits.maxBatchMessages);
    this.#bytes = new Uint8Array(Math.min(limits.maxBatchBytes, 1 << 16));
  }

  /** Messages since the last `take`. */
  get length(): number {
    return this.#length;
  }

  /** Bytes of their keys and values. */
  get byteLength(): number {
    return this.#size;
  }

  /** A limit is reached (bytes may be exceeded by part of the last message): call `take` before the next `add`. */
  get isFull(): boolean {
    return this.#length >= this.#maxMessages || this.#size >= this.#maxBytes;
  }

  /**
   * The record has as many fields as there are columns, is not malformed, and is UTF-8. `index`: of the record in the
   * file.
   */
  add(record: CsvRecord, index: number): void {
    const position = this.#length;
    if (position >= this.#maxMessages) throw new Error("a full batch has to be taken before the next record");
    this.#makeRoom(record);
    this.#indexes[position] = index;
    this.#keyStarts[position] = this.#size;
    this.#size = this.#writeKey(record, this.#size);
    this.#valueStarts[position] = this.#size;
    this.#size = this.#writeValue(record, this.#size);
    this.#length = position + 1;
  }

  /** The messages so far. The batch owns its bytes; the writer starts the next one. */
  take(): MessageBatch {
    const length = this.#length;
    this.#keyStarts[length] = this.#size;
    const batch: MessageBatch = {
      length,
      indexes: this.#indexes.slice(0, length),
      bytes: this.#bytes.slice(0, this.#size),
      keyStarts: this.#keyStarts.slice(0, length + 1),
      valueStarts: this.#valueStarts.slice(0, length),
    };
    this.#length = 0;
    this.#size = 0;
    // Records that are not UTF-8 were already skipped. One check of the whole batch is nearly free, and reliable: every
    // key and value ends in ASCII or before ASCII.
    if (!isUtf8(batch.bytes)) throw new Error("a message is not UTF-8");
    return batch;
  }

  /** Room for the worst case, so that nothing needs to be checked while writing: every byte becomes \u00XX. */
  #makeRoom(record: CsvRecord): void {
    let fieldBytes = record.end - record.start;
    for (const field of this.#keyPositions) {
      fieldBytes += (record.fieldEnds[field] as number) - (record.fieldStarts[field] as number);
    }
    const needed = this.#size + this.#fixedBytes + fieldBytes * 6;
    if (needed <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    larger.set(this.#bytes.subarray(0, this.#size));
    this.#bytes = larger;
  }

  #writeKey(record: CsvRecord, start: number): number {
    const positions = this.#keyPositions;
    if (positions.length === 0) return start;
    const out = this.#bytes;
    if (positions.length === 1) return copyText(record, positions[0] as number, this.#quote, out, start);
    let at = start;
    out[at++] = openBracket;
    for (let i = 0; i < positions.length; i++) {
      if (i > 0) out[at++] = comma;
      at = writeString(record, positions[i] as number, this.#quote, out, at);
    }
    out[at++] = closeBracket;
    return at;
  }

  #writeValue(record: CsvRecord, start: number): number {
    const { fieldStarts, fieldEnds } = record;
    const names = this.#names;
    const out = this.#bytes;
    let at = start;
    out[at++] = openBrace;
    for (let field = 0; field < names.length; field++) {
      const from = fieldStarts[field] as number;
      const to = fieldEnds[field] as number;
      if (from === to) continue;
      if (at > start + 1) out[at++] = comma;
      const name = names[field] as Uint8Array;
      for (let i = 0; i < name.length; i++) out[at++] = name[i] as number;
      at = this.#isJsonAsIs(record.bytes, from, to, field)
        ? copy(record.bytes, from, to, out, at)
        : writeString(record, field, this.#quote, out, at);
    }
    out[at++] = closeBrace;
    return at;
  }

  /** Anything that is not exactly a JSON number or boolean becomes a string, so that no data can break the JSON. */
  #isJsonAsIs(bytes: Uint8Array, from: number, to: number, field: number): boolean {
    switch (this.#types[field]) {
      case "integer":
      case "number":
        return isJsonNumber(bytes, from, to);
      case "boolean":
        return isBoolean(bytes, from, to);
      default:
        return false;
    }
  }
}

function positionOf(name: string, columns: readonly Column[]): number {
  const position = columns.findIndex((column) => column.name === name);
  if (position === -1) throw new RangeError(`the key column ${JSON.stringify(name)} does not exist`);
  return position;
}

const quotation = byteOf('"');
const backslash = byteOf("\\");
const comma = byteOf(",");
const openBrace = byteOf("{");
const closeBrace = byteOf("}");
const openBracket = byteOf("[");
const closeBracket = byteOf("]");
const letterU = byteOf("u");
const zero = byteOf("0");
const hexDigits = Buffer.from("0123456789abcdef");

/** The character after the backslash: 0 for a byte that needs no escape, "u" where there is no shorter form. */
const escapes = new Uint8Array(256);
escapes.fill(letterU, 0, 0x20);
escapes[0x08] = byteOf("b");
escapes[0x09] = byteOf("t");
escapes[0x0a] = byteOf("n");
escapes[0x0c] = byteOf("f");
escapes[0x0d] = byteOf("r");
escapes[quotation] = quotation;
escapes[backslash] = backslash;

function writeString(record: CsvRecord, field: number, quote: number, out: Uint8Array, start: number): number {
  const { bytes } = record;
  const to = record.fieldEnds[field] as number;
  const doubled = record.fieldQuotes[field] === 2;
  let at = start;
  out[at++] = quotation;
  for (let i = record.fieldStarts[field] as number; i < to; i++) {
    const byte = bytes[i] as number;
    if (doubled && byte === quote) i++;
    const following = escapes[byte] as number;
    if (following === 0) {
      out[at++] = byte;
    } else if (following === letterU) {
      out[at++] = backslash;
      out[at++] = letterU;
      out[at++] = zero;
      out[at++] = zero;
      out[at++] = hexDigits[byte >> 4] as number;
      out[at++] = hexDigits[byte & 15] as number;
    } else {
      out[at++] = backslash;
      out[at++] = following;
    }
  }
  out[at++] = quotation;
  return at;
}

function copyText(record: CsvRecord, field: number, quote: number, out: Uint8Array, start: number): number {
  const from = record.fieldStarts[field] as number;
  const to = record.fieldEnds[field] as number;
  if (record.fieldQuotes[field] !== 2) return copy(record.bytes, from, to, out, start);
  let at = start;
  for (let i = from; i < to; i++) {
    const byte = record.bytes[i] as number;
    if (byte === quote) i++;
    out[at++] = byte;
  }
  return at;
}

/** Fields are short: a loop is faster than the view that `set` would need. */
function copy(bytes: Uint8Array, from: number, to: number, out: Uint8Array, start: number): number {
  let at = start;
  for (let i = from; i < to; i++) out[at++] = bytes[i] as number;
  return at;
}

const minus = byteOf("-");
const plus = byteOf("+");
const point = byteOf(".");

/** -?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)? */
function isJsonNumber(bytes: Uint8Array, from: number, to: number): boolean {
  let at = from;
  if (bytes[at] === minus) at++;
  const integer = at;
  at = skipDigits(bytes, at, to);
  if (at === integer || (bytes[integer] === zero && at > integer + 1)) return false;
  if (at < to && bytes[at] === point) {
    const fraction = at + 1;
    at = skipDigits(bytes, fraction, to);
    if (at === fraction) return false;
  }
  if (at < to && ((bytes[at] as number) | 0x20) === 0x65) {
    at++;
    if (at < to && (bytes[at] === plus || bytes[at] === minus)) at++;
    const exponent = at;
    at = skipDigits(bytes, exponent, to);
    if (at === exponent) return false;
  }
  return at === to;
}

function skipDigits(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to) {
    const digit = (bytes[at] as number) - zero;
    if (digit < 0 || digit > 9) break;
    at++;
  }
  return at;
}

const trueBytes = Buffer.from("true");
const falseBytes = Buffer.from("false");

function isBoolean(bytes: Uint8Array, from: number, to: number): boolean {
  const word = to - from === 4 ? trueBytes : falseBytes;
  if (to - from !== word.length) return false;
  for (let i = 0; i < word.length; i++) if (bytes[from + i] !== word[i]) return false;
  return true;
}
