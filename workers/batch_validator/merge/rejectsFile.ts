import type { ObjectWriter } from "../../model/objectStore.ts";

export interface RejectsOptions {
  readonly delimiter: string;
  readonly quote: string;
  readonly columnNames: readonly string[];
  /** Rows that are kept; undefined: all. */
  readonly maxRows: number | undefined;
  /** Called for the first row. */
  readonly createWriter: () => ObjectWriter;
}

export interface RejectedRow {
  /** From 1. */
  readonly record: number;
  readonly line: number;
  readonly byte: number;
  /** As `reasonOf` gives it. */
  readonly reason: Uint8Array;
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  readonly isMalformed: boolean;
}

const bufferBytes = 1024 * 1024;
/** Filled buffers that may wait to be written before the scanning waits for them. */
const maxBacklog = 8;

/**
 * `rejects.csv`: each rejected record as it stands in the file, behind its number (from 1), its line, its byte and what is
 * wrong with it. A record whose quoting is broken stands in one field, which keeps the file itself in order.
 */
export class RejectsFile {
  readonly #options: RejectsOptions;
  readonly #delimiter: number;
  readonly #quote: number;
  #buffer = new Uint8Array(bufferBytes);
  #length = 0;
  #full: Uint8Array[] = [];
  /** Buffers that are written and may be filled again: a new one would have to be zeroed first. */
  readonly #spare: Uint8Array<ArrayBuffer>[] = [];
  #backlog = 0;
  #writing: Promise<void> = Promise.resolve();
  #writer: ObjectWriter | undefined;
  #rows = 0;

  constructor(options: RejectsOptions) {
    this.#options = options;
    this.#delimiter = options.delimiter.charCodeAt(0);
    this.#quote = options.quote.charCodeAt(0);
  }

  get rows(): number {
    return this.#rows;
  }

  get isFull(): boolean {
    return this.#options.maxRows !== undefined && this.#rows >= this.#options.maxRows;
  }

  /** What is wrong, as it stands in a row: "column rule; column rule", in quotes. */
  reasonOf(parts: readonly string[]): Uint8Array {
    return Buffer.from(this.#quoted(parts.join("; ")));
  }

  /** Takes the record that stands in bytes[start, end). */
  add(row: RejectedRow): void {
    if (this.isFull) return;
    if (this.#rows === 0) this.#writeHeader();
    this.#rows += 1;
    const { bytes, start, end, reason } = row;
    // Three numbers of up to 16 digits, delimiters, a line end, and every quote doubled at worst.
    const most = 64 + reason.length + 2 * (end - start);
    if (this.#length + most > this.#buffer.length) this.#turnOver(most);
    const buffer = this.#buffer;
    const delimiter = this.#delimiter;
    let at = writeNumber(buffer, this.#length, row.record);
    buffer[at++] = delimiter;
    at = writeNumber(buffer, at, row.line);
    buffer[at++] = delimiter;
    at = writeNumber(buffer, at, row.byte);
    buffer[at++] = delimiter;
    // So few bytes are copied faster one by one than by a call.
    for (let index = 0; index < reason.length; index += 1) buffer[at++] = reason[index] as number;
    buffer[at++] = delimiter;
    if (row.isMalformed) {
      at = this.#writeQuoted(bytes, start, end, at);
    } else {
      buffer.set(bytes.subarray(start, end), at);
      at += end - start;
    }
    buffer[at++] = 0x0a;
    this.#length = at;
  }

  #writeQuoted(bytes: Uint8Array, start: number, end: number, to: number): number {
    const buffer = this.#buffer;
    const quote = this.#quote;
    let at = to;
    buffer[at++] = quote;
    for (let index = start; index < end; index += 1) {
      const byte = bytes[index] as number;
      if (byte === quote) buffer[at++] = quote;
      buffer[at++] = byte;
    }
    buffer[at++] = quote;
    return at;
  }

  /** Begins to write what has collected. Waits only when too much is under way. To be called now and then. */
  async flush(): Promise<void> {
    if (this.#full.length === 0) return;
    const full = this.#full;
    this.#full = [];
    this.#writer ??= this.#options.createWriter();
    const writer = this.#writer;
    this.#backlog += full.length;
    this.#writing = this.#writing.then(() => this.#write(writer, full));
    // A failure is met by whoever waits next.
    this.#writing.catch(() => {});
    if (this.#backlog > maxBacklog) await this.#writing;
  }

  async #write(writer: ObjectWriter, full: readonly Uint8Array[]): Promise<void> {
    for (const bytes of full) {
      await writer.write(bytes);
      this.#backlog -= 1;
      if (bytes.buffer.byteLength === bufferBytes) this.#spare.push(new Uint8Array(bytes.buffer as ArrayBuffer));
    }
  }

  async close(): Promise<void> {
    if (this.#rows === 0) return;
    this.#turnOver(0);
    await this.flush();
    await this.#writing;
    await this.#writer?.close();
  }

  async abort(): Promise<void> {
    await this.#writer?.abort();
  }

  #writeHeader(): void {
    const names = ["record", "line", "byte", "errors", ...this.#options.columnNames];
    const header = Buffer.from(`${names.map((name) => this.#quoted(name)).join(this.#options.delimiter)}\n`);
    if (header.length > this.#buffer.length) this.#turnOver(header.length);
    this.#buffer.set(header, this.#length);
    this.#length += header.length;
  }

  #quoted(text: string): string {
    const { quote } = this.#options;
    return `${quote}${text.replaceAll(quote, quote + quote)}${quote}`;
  }

  /** Puts the full buffer aside and takes another one, with room for `least` bytes. */
  #turnOver(least: number): void {
    if (this.#length > 0) this.#full.push(this.#buffer.subarray(0, this.#length));
    const spare = least <= bufferBytes ? this.#spare.pop() : undefined;
    this.#buffer = spare ?? new Uint8Array(Math.max(bufferBytes, least));
    this.#length = 0;
  }
}

const billion = 1_000_000_000;

/** Writes a count in decimal digits. Returns the place behind them. */
function writeNumber(buffer: Uint8Array, at: number, value: number): number {
  if (value < billion) return writeDigits(buffer, at, value, digitsOf(value));
  // What fits in 32 bits is divided several times as fast.
  const billions = Math.floor(value / billion);
  return writeDigits(buffer, writeNumber(buffer, at, billions), value - billions * billion, 9);
}

function writeDigits(buffer: Uint8Array, at: number, value: number, digits: number): number {
  let rest = value | 0;
  for (let place = at + digits - 1; place >= at; place -= 1) {
    const shorter = (rest / 10) | 0;
    buffer[place] = 0x30 + rest - shorter * 10;
    rest = shorter;
  }
  return at + digits;
}

function digitsOf(value: number): number {
  let digits = 1;
  for (let limit = 10; value >= limit; limit *= 10) digits += 1;
  return digits;
}
