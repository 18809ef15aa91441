import { byteOf, type Dialect } from "../model/dialect.ts";

/** What is wrong with a record, as written in the rows of `rejects.csv`. */
export interface RowReason {
  /** The text of the row, in quotes. */
  readonly text: Uint8Array;
  /** The quoting of the record is broken, so that it is one field of the row, quoted. */
  readonly isMalformed: boolean;
}

/** A record of a scan. */
export interface RowPlace {
  /** How many records, and how many line ends, precede it in the scan. */
  readonly record: number;
  readonly line: number;
  /** Where it is in the bytes, without its line end. */
  readonly start: number;
  readonly end: number;
}

/** What the positions of a scan's records are relative to. */
export interface RowOrigin {
  /** Number and line of the scan's first record; both from 1. */
  readonly record: number;
  readonly line: number;
  /** Offset of bytes[0]. */
  readonly byte: number;
  /** Address in the formatter's memory. */
  readonly bytes: Uint8Array;
}

interface Exports {
  readonly formattedRows: WebAssembly.Global;
  setDialect(delimiter: number, quote: number, lineEnd: number, keepsStray: number, maxRecordBytes: number): void;
  formatRows(
    rows: number,
    count: number,
    base: number,
    record: bigint,
    line: bigint,
    byte: bigint,
    reasons: number,
    reasonCount: number,
    out: number,
    outEnd: number,
  ): number;
}

/** A row is 5 numbers: those of a RowPlace, then the number of its reason. See assembly/layout.ts. */
export const rowWords = 5;
const maxRows = 512;
const reasonHeadBytes = 8;
/** Reasons above it are written again each time they occur. */
const keptReasons = 8192;
/** How far loads and stores extend beyond their data. */
const padding = 64;

/** After the 64 KiB that the compiler reserves, before everything else in a scanner's memory. */
const rowsAddress = 65_536;
const tableAddress = rowsAddress + maxRows * rowWords * 4;
const reasonsAddress = tableAddress + (keptReasons + 1) * 4;
const reasonsEnd = reasonsAddress + 64 * 1024;
const outAddress = Math.ceil((reasonsEnd + padding) / 64) * 64;
/** Small enough to still be in the processor's cache when it is copied. */
const outBytes = 128 * 1024;
export const rowAreaEnd = outAddress + outBytes + padding;

/**
 * Writes rows of `rejects.csv` in the memory that contains their records, even if it belongs to another thread, which
 * waits meanwhile: JavaScript would copy each record out of shared memory byte by byte.
 */
export class RejectsRowFormatter {
  readonly #exports: Exports;
  readonly #dialect: Dialect;
  readonly #memory: Uint8Array;
  readonly #rows: Uint32Array;
  readonly #words: Uint32Array;
  /**
   * Addresses of reasons by their numbers; 0 for those not in memory. The last one is shared by all that are not kept.
   */
  readonly #addresses: Uint32Array;
  #nextAddress = reasonsAddress;

  /** `memory`: that of a Scanner, `module`: what it was compiled to. */
  constructor(memory: WebAssembly.Memory, module: WebAssembly.Module, dialect: Dialect) {
    this.#dialect = dialect;
    this.#memory = new Uint8Array(memory.buffer);
    this.#words = new Uint32Array(memory.buffer);
    this.#rows = new Uint32Array(memory.buffer, rowsAddress, maxRows * rowWords);
    this.#addresses = new Uint32Array(memory.buffer, tableAddress, keptReasons + 1);
    const instance = new WebAssembly.Instance(module, { env: { memory } });
    // The shape is that of assembly/scanner.ts.
    this.#exports = instance.exports as unknown as Exports;
    this.#exports.setDialect(byteOf(dialect.delimiter), byteOf(dialect.quote), 0, 0, 0);
  }

  /**
   * Writes the rows in order and passes on their bytes, which are only valid during the call. `reasonOf` is called for
   * the reasons that are not known yet, whose numbers never change their meaning. `lengthOf` returns the total length
   * passed on so far: bytes are aligned, modulo 8, as at their destination, because then shared memory is copied
   * several times as fast.
   */
  format(rows: Uint32Array, origin: RowOrigin, target: RowTarget): void {
    for (let from = 0; from < rows.length; from += this.#rows.length) {
      this.#formatSome(rows.subarray(from, from + this.#rows.length), origin, target);
    }
  }

  #formatSome(rows: Uint32Array, origin: RowOrigin, target: RowTarget): void {
    this.#rows.set(rows);
    const count = rows.length / rowWords;
    let done = 0;
    while (done < count) {
      const written = this.#write(done, count - done, origin, target);
      done += written;
      if (done === count) return;
      const row = done * rowWords;
      const number = rows[row + 4] as number;
      if (number < keptReasons && this.#addresses[number] !== 0) {
        // There was no room for the row. If there was none even at the start, there never will be.
        if (written > 0) continue;
      } else if (this.#place(number, target.reasonOf(number))) {
        if (number < keptReasons) continue;
        this.#rows[row + 4] = keptReasons;
        const one = this.#write(done, 1, origin, target);
        this.#addresses[keptReasons] = 0;
        if (one === 1) {
          done += 1;
          continue;
        }
      }
      const [record, line, start, end] = rows.subarray(row, row + 4) as unknown as [number, number, number, number];
      target.onBytes(rejectsRow(origin, { record, line, start, end }, target.reasonOf(number), this.#dialect));
      done += 1;
    }
  }

  /** Returns how many rows were written. */
  #write(from: number, count: number, { record, line, byte, bytes }: RowOrigin, target: RowTarget): number {
    const out = outAddress + (target.lengthOf() % 8);
    const end = this.#exports.formatRows(
      rowsAddress + from * rowWords * 4,
      count,
      bytes.byteOffset,
      BigInt(record),
      BigInt(line),
      BigInt(byte),
      tableAddress,
      keptReasons + 1,
      out,
      outAddress + outBytes,
    );
    if (end > out) target.onBytes(this.#memory.subarray(out, end));
    return this.#exports.formattedRows.value as number;
  }

  /** Writes a reason to where rows find it. Returns whether there was room. */
  #place(number: number, { text, isMalformed }: RowReason): boolean {
    const size = Math.ceil((reasonHeadBytes + text.length) / 4) * 4;
    if (reasonsAddress + size > reasonsEnd) return false;
    if (this.#nextAddress + size > reasonsEnd) {
      this.#addresses.fill(0);
      this.#nextAddress = reasonsAddress;
    }
    const address = this.#nextAddress;
    this.#nextAddress += size;
    this.#addresses[Math.min(number, keptReasons)] = address;
    this.#words[address / 4] = text.length;
    this.#words[address / 4 + 1] = Number(isMalformed);
    this.#memory.set(text, address + reasonHeadBytes);
    return true;
  }
}

/** Where rows are written, and what they are relative to. */
export interface RowTarget {
  reasonOf(number: number): RowReason;
  lengthOf(): number;
  onBytes(bytes: Uint8Array): void;
}

/** A row as in assembly/rejectsRows.ts, for records that are too large for that. */
export function rejectsRow(
  origin: RowOrigin,
  { record, line, start, end }: RowPlace,
  reason: RowReason,
  { delimiter, quote }: Pick<Dialect, "delimiter" | "quote">,
): Uint8Array {
  const numbers = [origin.record + record, origin.line + line, origin.byte + start];
  const bytes = origin.bytes.subarray(start, end);
  return Buffer.concat([
    Buffer.from(`${numbers.join(delimiter)}${delimiter}`),
    reason.text,
    Buffer.from(delimiter),
    reason.isMalformed ? inQuotes(bytes, byteOf(quote)) : bytes,
    Buffer.from("\n"),
  ]);
}

/** Not via a string: bytes may not be UTF-8, and with all quotes doubled may exceed the maximum length of a string. */
function inQuotes(bytes: Uint8Array, quote: number): Uint8Array {
  const result = new Uint8Array(2 * bytes.length + 2);
  let at = 0;
  result[at++] = quote;
  for (const byte of bytes) {
    if (byte === quote) result[at++] = quote;
    result[at++] = byte;
  }
  result[at++] = quote;
  return result.subarray(0, at);
}
