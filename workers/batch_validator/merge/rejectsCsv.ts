import type { ObjectWriter } from "../../model/objectStore.ts";

export interface RejectsCsvOptions {
  readonly delimiter: string;
  readonly quote: string;
  readonly columnNames: readonly string[];
  /** Maximum rows to write; undefined: all. */
  readonly maxRows: number | undefined;
  /** Called for the first row. */
  readonly createWriter: () => ObjectWriter;
}

/** Where the rows of a segment go, whichever thread formats them and whenever they are ready. */
export interface RowsOrder {
  /** How many rows, from the start of the segment. */
  readonly rows: number;
  /** Must be called once. `giveBack` receives the buffers of the pieces when they are written. */
  deliver(pieces: readonly Uint8Array<ArrayBuffer>[], giveBack: (buffers: readonly ArrayBuffer[]) => void): void;
}

/** Maximum segments whose rows may be pending before merging waits for them. */
const maxBacklog = 4;

/**
 * `rejects.csv`: each rejected record as it is in the file, after its number (from 1), its line, its byte and what is
 * wrong with it. A record whose quoting is broken is written as one field, so that the file itself stays well-formed.
 * Rows are requested in the order of the segments, and may be delivered in any order.
 */
export class RejectsCsv {
  readonly #options: RejectsCsvOptions;
  #backlog = 0;
  #writing: Promise<void> = Promise.resolve();
  #writer: ObjectWriter | undefined;
  #rows = 0;

  constructor(options: RejectsCsvOptions) {
    this.#options = options;
  }

  get rows(): number {
    return this.#rows;
  }

  /** Requests the rows of a segment with that many rejected records; undefined when none are needed. */
  order(rejected: number): RowsOrder | undefined {
    const { maxRows = Number.POSITIVE_INFINITY, createWriter } = this.#options;
    const rows = Math.min(rejected, maxRows - this.#rows);
    if (rows <= 0) return undefined;
    const isFirst = this.#rows === 0;
    this.#rows += rows;
    this.#writer ??= createWriter();
    const writer = this.#writer;
    let deliver: RowsOrder["deliver"] = () => {};
    const delivered = new Promise<Parameters<RowsOrder["deliver"]>>((settle) => {
      deliver = (...parts) => settle(parts);
    });
    this.#backlog += 1;
    this.#writing = this.#writing.then(async () => {
      if (isFirst) await writer.write(this.#header());
      const [pieces, giveBack] = await delivered;
      for (const piece of pieces) {
        await writer.write(piece);
        giveBack([piece.buffer]);
      }
      this.#backlog -= 1;
    });
    // A failure is thrown at the next wait.
    this.#writing.catch(() => {});
    return { rows, deliver };
  }

  /** Waits only when too much is pending. Call it now and then. */
  async flush(): Promise<void> {
    if (this.#backlog > maxBacklog) await this.#writing;
  }

  /** Resolves when everything requested is written. */
  async settled(): Promise<void> {
    await this.#writing;
  }

  async close(): Promise<void> {
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
}
