import { randomFillSync } from "node:crypto";
import { scannerWasm } from "../derived/scannerWasm.js";
import type { ColumnPlan } from "../model/columnPlan.ts";
import { byteOf, type Dialect } from "../model/dialect.ts";
import { assembleColumns } from "./program.ts";
import { rowAreaEnd, rowWords } from "./rejectsRowFormatter.ts";

/** Rules of malformed records, in the order of assembly/layout.ts. */
export const malformedRules = ["stray-quote", "text-after-quote", "unclosed-quote", "too-long"] as const;

/** Kinds of suspects, as in assembly/layout.ts. */
export const suspectKinds = { field: 0, missing: 1, fieldCount: 2, malformed: 3 } as const;

/**
 * Verdicts on a field, in the upper bits of a suspect's kind, as in assembly/layout.ts. Above `suspect` the field is
 * certainly wrong, and every field of the column with the same verdict is refused by the same keyword.
 */
export const verdicts = { suspect: 1, highest: 8 } as const;

/** The kind of a suspect, and the verdict where it is a field. */
export const kindOf = (word: number): number => word & 0xff;
export const verdictOf = (word: number): number => word >>> 8;

/**
 * A suspect is 8 numbers: record, kind with verdict, column, start, end, line, recordStart, recordEnd. See
 * assembly/layout.ts.
 */
export const suspectWords = 8;
/** The value of a unique column is 6 numbers: record, column, and a hash of 128 bits. */
export const uniqueWords = 6;
export const recordsPerMark = 64;

export interface ScannerOptions {
  readonly dialect: Dialect;
  readonly columns: readonly ColumnPlan[];
  readonly maxRecordBytes: number;
  /** Maximum bytes to scan at once. */
  readonly maxBytes: number;
  /** That of the main thread; a thread that compiled it again would start slowly. */
  readonly module?: WebAssembly.Module;
}

export interface Notes {
  /** suspectWords numbers each; only valid during the call. */
  readonly suspects: Uint32Array;
  readonly uniques: Uint32Array;
}

/**
 * Certain errors: that many slots per column, by the verdict (0: a required value is missing), then those of whole
 * records.
 */
export const slotsPerColumn = 16;
export const fieldCountSlot = 0;
/** Slot of the first of `malformedRules`. */
export const malformedSlot = 1;

/** Settled suspects: each is the only error of its record. Only valid until the next call. */
export interface Settled {
  /** Index of the first suspect that is not settled. */
  readonly next: number;
  /** rowWords numbers each; the reason is a slot. */
  readonly rows: Uint32Array;
  /** The numbers of their records. */
  readonly records: Uint32Array;
}

export interface ScanResult {
  /**
   * done: the next record starts at `position`, at the limit or after it. incomplete: the record at `position` needs
   * more bytes. skipping: the bytes end inside a malformed line, which is counted; the next record starts after its
   * end.
   */
  readonly outcome: "done" | "incomplete" | "skipping";
  readonly position: number;
  /** Totals of this scan, since `begin`. */
  readonly records: number;
  readonly lines: number;
}

interface Exports {
  readonly position: WebAssembly.Global;
  readonly lineCount: WebAssembly.Global;
  readonly recordCount: WebAssembly.Global;
  readonly suspectCount: WebAssembly.Global;
  readonly uniqueCount: WebAssembly.Global;
  readonly settledRows: WebAssembly.Global;
  settle(from: number, slots: number, rows: number, records: number): number;
  setBytes(address: number): void;
  setDialect(delimiter: number, quote: number, lineEnd: number, keepsStray: number, maxRecordBytes: number): void;
  setColumns(address: number, count: number, unique: number): void;
  setOutputs(
    suspects: number,
    suspectCapacity: number,
    marks: number,
    uniques: number,
    uniqueCapacity: number,
    scratch: number,
  ): void;
  setSeeds(low: bigint, high: bigint): void;
  setDoubtsEncoding(doubts: number): void;
  begin(start: number): void;
  takeNotes(): void;
  scan(limit: number, end: number, isLast: number): number;
}

const isDone = 0;
const isOutOfRoom = 1;
const isIncomplete = 2;

const pageBytes = 65_536;
/** Loads of the scanner extend up to 64 bytes beyond the end. */
const padding = 64;

let compiled: WebAssembly.Module | undefined;

/** The compiled scanner. Passed to another thread, it keeps what V8 has optimised so far. */
export function scannerModule(): WebAssembly.Module {
  compiled ??= new WebAssembly.Module(scannerWasm);
  return compiled;
}

/** The scanner of one thread: WebAssembly with its memory. The bytes to scan are written to `bytes`. */
export class Scanner {
  /** Shared with other threads; a part of it is reserved for a RejectsRowFormatter. */
  readonly memory: WebAssembly.Memory;
  /** Room for `maxBytes` bytes, in memory that other threads can also read. */
  readonly bytes: Uint8Array;
  readonly #exports: Exports;
  readonly #base: number;
  readonly #marks: Uint32Array;
  readonly #suspects: number;
  readonly #uniques: number;
  /** Two numbers each: whether it is known, and a count. */
  readonly #slots: Uint32Array;
  readonly #rows: Uint32Array;
  readonly #records: Uint32Array;

  constructor({ dialect, columns, maxRecordBytes, maxBytes, module = scannerModule() }: ScannerOptions) {
    const uniqueColumns = columns.filter(({ unique }) => unique).length;
    const programAddress = rowAreaEnd;
    const program = programOf(columns, programAddress);
    const suspectCapacity = Math.max(16_384, 2 * columns.length + 2);
    const uniqueCapacity = uniqueColumns === 0 ? 0 : Math.max(65_536, 2 * uniqueColumns);
    const markCount = Math.ceil(maxBytes / recordsPerMark) + 1;
    const layout = new Layout(programAddress + program.length);
    const suspects = layout.place(suspectCapacity * suspectWords * 4);
    const uniques = layout.place(uniqueCapacity * uniqueWords * 4);
    const marks = layout.place(markCount * 4);
    const slotWords = 2 * slotsPerColumn * (columns.length + 1);
    const slots = layout.place(slotWords * 4);
    const rows = layout.place(suspectCapacity * rowWords * 4);
    const records = layout.place(suspectCapacity * 4);
    const scratch = layout.place(uniqueColumns === 0 ? 0 : maxRecordBytes + padding);
    const base = layout.place(maxBytes + padding);
    const pages = Math.ceil(layout.end / pageBytes);

    this.memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    const buffer = this.memory.buffer;
    new Uint8Array(buffer).set(program, programAddress);
    this.bytes = new Uint8Array(buffer, base, maxBytes);
    this.#base = base;
    this.#marks = new Uint32Array(buffer, marks, markCount);
    this.#slots = new Uint32Array(buffer, slots, slotWords);
    this.#rows = new Uint32Array(buffer, rows, suspectCapacity * rowWords);
    this.#records = new Uint32Array(buffer, records, suspectCapacity);
    this.#suspects = suspects;
    this.#uniques = uniques;

    const instance = new WebAssembly.Instance(module, { env: { memory: this.memory } });
    // The shape is that of assembly/scanner.ts.
    const exports = instance.exports as unknown as Exports;
    const keepsStray = Number(dialect.strayQuotes === "keep");
    const lineEnd = dialect.lineEnd === "lf" ? 0x0a : 0x0d;
    exports.setDialect(byteOf(dialect.delimiter), byteOf(dialect.quote), lineEnd, keepsStray, maxRecordBytes);
    exports.setBytes(base);
    exports.setColumns(programAddress, columns.length, uniqueColumns);
    exports.setOutputs(suspects, suspectCapacity, marks, uniques, uniqueCapacity, scratch);
    this.#exports = exports;
  }

  /** Seeds of the hashes of unique values: all threads that scan a file must use the same. */
  setSeeds(seeds: BigUint64Array): void {
    this.#exports.setSeeds(seeds[0] as bigint, seeds[1] as bigint);
  }

  /** Starts a scan at an offset of `bytes`. */
  begin(start: number, { doubtsEncoding = false } = {}): void {
    this.takeCounts(() => {});
    this.#exports.setDoubtsEncoding(Number(doubtsEncoding));
    this.#exports.begin(this.#base + start);
  }

  /**
   * Continues from where the last scan stopped, to the limit. Notes are passed on in the order of records, those of one
   * record always together; offsets in them count from the start of `bytes`.
   */
  scan(limit: number, end: number, isLast: boolean, onNotes: (notes: Notes) => void): ScanResult {
    const { position, lineCount, recordCount } = this.#exports;
    let code = isOutOfRoom;
    while (code === isOutOfRoom) {
      code = this.#exports.scan(this.#base + limit, this.#base + end, Number(isLast));
      this.#handOver(onNotes);
    }
    return {
      outcome: code === isDone ? "done" : code === isIncomplete ? "incomplete" : "skipping",
      position: position.value - this.#base,
      records: recordCount.value,
      lines: lineCount.value,
    };
  }

  /**
   * Call while notes are passed on: settles consecutive suspects that are wrong in known ways, starting with the given
   * one.
   */
  settle(from: number): Settled {
    const { byteOffset } = this.#slots;
    const next = this.#exports.settle(from, byteOffset, this.#rows.byteOffset, this.#records.byteOffset);
    const count = this.#exports.settledRows.value as number;
    return { next, rows: this.#rows.subarray(0, count * rowWords), records: this.#records.subarray(0, count) };
  }

  /** From now on, suspects of this slot are errors of one known kind. */
  know(slot: number): void {
    this.#slots[2 * slot] = 1;
  }

  /** How many were settled by each slot since the last call. */
  takeCounts(onCount: (slot: number, count: number) => void): void {
    const slots = this.#slots;
    for (let at = 1; at < slots.length; at += 2) {
      const count = slots[at] as number;
      if (count === 0) continue;
      slots[at] = 0;
      onCount((at - 1) / 2, count);
    }
  }

  /** Offsets into `bytes` of the records 0, 64, 128, ... of this scan. */
  marks(): Uint32Array {
    const count = Math.ceil(this.#exports.recordCount.value / recordsPerMark);
    return this.#marks.subarray(0, count).map((address) => address - this.#base);
  }

  #handOver(onNotes: (notes: Notes) => void): void {
    const suspectCount = this.#exports.suspectCount.value as number;
    const uniqueCount = this.#exports.uniqueCount.value as number;
    if (suspectCount === 0 && uniqueCount === 0) return;
    const { buffer } = this.memory;
    onNotes({
      suspects: new Uint32Array(buffer, this.#suspects, suspectCount * suspectWords),
      uniques: new Uint32Array(buffer, this.#uniques, uniqueCount * uniqueWords),
    });
    this.#exports.takeNotes();
  }
}

/** Assembled once for all scanners of a thread. */
const programs = new WeakMap<readonly ColumnPlan[], Uint8Array>();

function programOf(columns: readonly ColumnPlan[], address: number): Uint8Array {
  let program = programs.get(columns);
  if (program === undefined) {
    program = assembleColumns(columns, address);
    programs.set(columns, program);
  }
  return program;
}

/** Allocates consecutive addresses that are multiples of 64. */
class Layout {
  end: number;

  constructor(start: number) {
    this.end = Math.ceil(start / 64) * 64;
  }

  place(size: number): number {
    const at = this.end;
    this.end += Math.ceil(size / 64) * 64;
    return at;
  }
}

export function randomSeeds(): BigUint64Array {
  return randomFillSync(new BigUint64Array(2));
}
