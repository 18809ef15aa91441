import { byteOf, type Dialect } from "../model/dialect.ts";

/** What is wrong with a record, as rows of `rejects.csv` say it. */
export interface RowReason {
  /** Another one for each reason, from 0. */
  readonly number: number;
  /** As it stands in a row, in quotes. */
  readonly text: Uint8Array;
  /** The quoting of the record is broken, so that it stands in one field, quoted. */
  readonly isMalformed: boolean;
}

/** A record of a scan. */
export interface RowPlace {
  /** How many records, and how many line ends, stand before it in the scan. */
  readonly record: number;
  readonly line: number;
  /** Where it stands in the bytes, without its line end. */
  readonly start: number;
  readonly end: number;
}

/** What the places of a scan's records count from. */
export interface RowOrigin {
  /** Of the scan's first record; both from 1. */
  readonly record: number;
  readonly line: number;
  /** Of bytes[0]. */
  readonly byte: number;
  /** In the formatter's memory. */
  readonly bytes: Uint8Array;
}

interface Exports {
  setDialect(delimiter: number, quote: number, lineEnd: number, keepsStray: number, maxRecordBytes: number): void;
  formatRows(
    rows: number,
    count: number,
    base: number,
    record: bigint,
    line: bigint,
    byte: bigint,
    out: number,
  ): number;
}

const rowWords = 5;
const maxRows = 512;
const reasonHeadBytes = 8;
/** Loads and stores reach so far behind what they are meant for. */
const padding = 64;

/** Behind the 64 KiB that the compiler uses for itself, before everything else in a scanner's memory. */
const rowsAddress = 65_536;
const reasonsAddress = rowsAddress + maxRows * rowWords * 4;
const reasonsEnd = reasonsAddress + 64 * 1024;
const outAddress = reasonsEnd + padding;
/** Small enough to be still in the cache of the processor when it is copied away. */
const outBytes = 128 * 1024;
export const rowAreaEnd = outAddress + outBytes + padding;

/** Three numbers of up to 16 digits, delimiters, quotes and a line end. */
const most = 64;

/**
 * Writes rows of `rejects.csv` in the memory in which their records lie, also when that belongs to another thread, which waits
 * meanwhile: JavaScript would copy each record out of shared memory byte by byte. Rows collect there until they are taken together.
 */
export class RowFormatter {
  readonly #exports: Exports;
  readonly #memory: Uint8Array;
  readonly #rows: Uint32Array;
  readonly #words: Uint32Array;
  /** By the numbers of reasons. */
  #addresses: number[] = [];
  #nextAddress = reasonsAddress;
  #origin: RowOrigin = { record: 0, line: 0, byte: 0, bytes: new Uint8Array(0) };
  #count = 0;
  /** Most bytes that the rows may need. */
  #needed = 0;

  /** `memory`: that of a Scanner, `module`: what it was compiled to. */
  constructor(memory: WebAssembly.Memory, module: WebAssembly.Module, { delimiter, quote }: Dialect) {
    this.#memory = new Uint8Array(memory.buffer);
    this.#words = new Uint32Array(memory.buffer);
    this.#rows = new Uint32Array(memory.buffer, rowsAddress, maxRows * rowWords);
    const instance = new WebAssembly.Instance(module, { env: { memory } });
    // The shape is that of assembly/scanner.ts.
    this.#exports = instance.exports as unknown as Exports;
    this.#exports.setDialect(byteOf(delimiter), byteOf(quote), 0, 0, 0);
  }

  /** Begins with another scan, when all rows of the last one are taken. */
  begin(origin: RowOrigin): void {
    this.#origin = origin;
  }

  get origin(): RowOrigin {
    return this.#origin;
  }

  /** Takes a RowPlace. Returns whether there was room. Otherwise the rows have to be taken first; a row that even then finds none is too large. */
  add(record: number, line: number, start: number, end: number, reason: RowReason): boolean {
    const needed = this.#needed + most + reason.text.length + (reason.isMalformed ? 2 : 1) * (end - start);
    if (needed > outBytes || this.#count === maxRows) return false;
    const address = this.#addresses[reason.number] ?? this.#place(reason);
    if (address === 0) return false;
    const rows = this.#rows;
    const at = this.#count * rowWords;
    rows[at] = record;
    rows[at + 1] = line;
    rows[at + 2] = start;
    rows[at + 3] = end;
    rows[at + 4] = address;
    this.#count += 1;
    this.#needed = needed;
    return true;
  }

  /**
   * The rows so far, until the next ones are taken. Given where they will be copied to, they lie as far from a multiple of 8, for
   * between such places shared memory is copied several times as fast.
   */
  take(target: number): Uint8Array {
    const { record, line, byte, bytes } = this.#origin;
    const out = outAddress + (target % 8);
    const end = this.#exports.formatRows(
      rowsAddress,
      this.#count,
      bytes.byteOffset,
      BigInt(record),
      BigInt(line),
      BigInt(byte),
      out,
    );
    this.#count = 0;
    this.#needed = 0;
    return this.#memory.subarray(out, end);
  }

  /** The address of a reason; 0 when there is no room for it as long as there are rows, or at all. */
  #place({ number, text, isMalformed }: RowReason): number {
    const size = Math.ceil((reasonHeadBytes + text.length) / 4) * 4;
    if (this.#nextAddress + size > reasonsEnd) {
      if (this.#count > 0 || reasonsAddress + size > reasonsEnd) return 0;
      this.#addresses = [];
      this.#nextAddress = reasonsAddress;
    }
    const address = this.#nextAddress;
    this.#nextAddress += size;
    this.#addresses[number] = address;
    this.#words[address / 4] = text.length;
    this.#words[address / 4 + 1] = Number(isMalformed);
    this.#memory.set(text, address + reasonHeadBytes);
    return address;
  }
}
