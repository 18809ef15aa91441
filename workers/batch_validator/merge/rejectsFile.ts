import type { ObjectWriter } from "../../model/objectStore.ts";
import type { RowFormatter, RowReason } from "../../scanner/rowFormatter.ts";
import { rowOf } from "../../scanner/rowOf.ts";

export interface RejectsOptions {
  readonly delimiter: string;
  readonly quote: string;
  readonly columnNames: readonly string[];
  /** Rows that are kept; undefined: all. */
  readonly maxRows: number | undefined;
  /** Called for the first row. */
  readonly createWriter: () => ObjectWriter;
}

/**
 * A multiple of 8, for RowFormatter.take. No power of two: with those, which fill the largest pages of the file cache exactly, writing
 * took Linux up to three times as long on a busy disk.
 */
const bufferBytes = 1_000_000;
/** Filled buffers that may wait to be written before the scanning waits for them. */
const maxBacklog = 8;

/**
 * `rejects.csv`: each rejected record as it stands in the file, behind its number (from 1), its line, its byte and what is
 * wrong with it. A record whose quoting is broken stands in one field, which keeps the file itself in order.
 */
export class RejectsFile {
  readonly #options: RejectsOptions;
  #formatter: RowFormatter | undefined;
  #reasons = 0;
  #buffer = new Uint8Array(bufferBytes);
  #length = 0;
  #full: Uint8Array<ArrayBuffer>[] = [];
  /** Buffers that are written and may be filled again: a new one would have to be zeroed first. */
  readonly #spare: Uint8Array<ArrayBuffer>[] = [];
  #backlog = 0;
  #writing: Promise<void> = Promise.resolve();
  #writer: ObjectWriter | undefined;
  #rows = 0;

  constructor(options: RejectsOptions) {
    this.#options = options;
  }

  get rows(): number {
    return this.#rows;
  }

  get isFull(): boolean {
    return this.#options.maxRows !== undefined && this.#rows >= this.#options.maxRows;
  }

  /** What is wrong, as it stands in a row: "column rule; column rule", in quotes. */
  reasonOf(parts: readonly string[], isMalformed: boolean): RowReason {
    const text = Buffer.from(this.#quoted(parts.join("; ")));
    return { number: this.#reasons++, text, isMalformed };
  }

  /** The rows that are added from now on are about records in the memory of this formatter, which knows where they count from. */
  begin(formatter: RowFormatter): void {
    this.#formatter = formatter;
  }

  /** Takes a record of the scan; the numbers are those of a RowPlace. */
  add(record: number, line: number, start: number, end: number, reason: RowReason): void {
    if (this.isFull) return;
    if (this.#rows === 0) this.#append(this.#header());
    this.#rows += 1;
    const formatter = this.#formatter;
    if (formatter === undefined) throw new Error("a row came before the scan that it belongs to");
    if (formatter.add(record, line, start, end, reason)) return;
    this.end();
    if (formatter.add(record, line, start, end, reason)) return;
    this.#append(rowOf(formatter.origin, { record, line, start, end }, reason, this.#options));
  }

  /** To be called after the last record of a scan, while its bytes still stand there. */
  end(): void {
    if (this.#formatter !== undefined) this.#append(this.#formatter.take(this.#length));
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

  async #write(writer: ObjectWriter, full: readonly Uint8Array<ArrayBuffer>[]): Promise<void> {
    for (const bytes of full) {
      await writer.write(bytes);
      this.#backlog -= 1;
      this.#spare.push(new Uint8Array(bytes.buffer));
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

  #header(): Uint8Array {
    const names = ["record", "line", "byte", "errors", ...this.#options.columnNames];
    return Buffer.from(`${names.map((name) => this.#quoted(name)).join(this.#options.delimiter)}\n`);
  }

  #quoted(text: string): string {
    const { quote } = this.#options;
    return `${quote}${text.replaceAll(quote, quote + quote)}${quote}`;
  }

  #append(bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length; ) {
      const part = bytes.subarray(done, done + bufferBytes - this.#length);
      this.#buffer.set(part, this.#length);
      this.#length += part.length;
      done += part.length;
      if (this.#length === bufferBytes) this.#turnOver();
    }
  }

  /** Puts the buffer aside and takes another one. */
  #turnOver(): void {
    if (this.#length > 0) this.#full.push(this.#buffer.subarray(0, this.#length));
    this.#buffer = this.#spare.pop() ?? new Uint8Array(bufferBytes);
    this.#length = 0;
  }
}
