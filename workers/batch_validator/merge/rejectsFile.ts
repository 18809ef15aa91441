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

  add(record: number, line: number, byte: number, reason: Uint8Array, bytes: Uint8Array, isMalformed: boolean): void {
    if (this.isFull) return;
    if (this.#rows === 0) this.#writeHeader();
    this.#rows += 1;
    this.#number(record);
    this.#byte(this.#delimiter);
    this.#number(line);
    this.#byte(this.#delimiter);
    this.#number(byte);
    this.#byte(this.#delimiter);
    this.#bytes(reason);
    this.#byte(this.#delimiter);
    if (isMalformed) this.#quotedBytes(bytes);
    else this.#bytes(bytes);
    this.#byte(0x0a);
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
    this.#turnOver();
    await this.flush();
    await this.#writing;
    await this.#writer?.close();
  }

  async abort(): Promise<void> {
    await this.#writer?.abort();
  }

  #writeHeader(): void {
    const names = ["record", "line", "byte", "errors", ...this.#options.columnNames];
    this.#bytes(Buffer.from(`${names.map((name) => this.#quoted(name)).join(this.#options.delimiter)}\n`));
  }

  #quoted(text: string): string {
    const { quote } = this.#options;
    return `${quote}${text.replaceAll(quote, quote + quote)}${quote}`;
  }

  #quotedBytes(bytes: Uint8Array): void {
    this.#byte(this.#quote);
    for (const byte of bytes) {
      if (byte === this.#quote) this.#byte(byte);
      this.#byte(byte);
    }
    this.#byte(this.#quote);
  }

  #byte(byte: number): void {
    if (this.#length === bufferBytes) this.#turnOver();
    this.#buffer[this.#length++] = byte;
  }

  #bytes(bytes: Uint8Array): void {
    if (bytes.length > bufferBytes - this.#length) this.#turnOver();
    if (bytes.length > bufferBytes) {
      this.#full.push(bytes.slice());
      return;
    }
    // For a few bytes a loop is faster than set(), whose call costs more than the copying.
    if (bytes.length < 24) {
      let at = this.#length;
      for (let index = 0; index < bytes.length; index += 1) this.#buffer[at++] = bytes[index] as number;
      this.#length = at;
    } else {
      this.#buffer.set(bytes, this.#length);
      this.#length += bytes.length;
    }
  }

  #number(value: number): void {
    if (this.#length + 20 > bufferBytes) this.#turnOver();
    let digits = 1;
    for (let limit = 10; value >= limit; limit *= 10) digits += 1;
    let rest = value;
    for (let at = this.#length + digits - 1; at >= this.#length; at -= 1) {
      const shorter = Math.floor(rest / 10);
      this.#buffer[at] = 0x30 + (rest - shorter * 10);
      rest = shorter;
    }
    this.#length += digits;
  }

  #turnOver(): void {
    if (this.#length === 0) return;
    this.#full.push(this.#buffer.subarray(0, this.#length));
    this.#buffer = this.#spare.pop() ?? new Uint8Array(bufferBytes);
    this.#length = 0;
  }
}
