import type { Dialect } from "../../model/dialect.ts";
import { RejectsRowFormatter } from "../../scanner/rejectsRowFormatter.ts";
import { scannerModule } from "../../scanner/scanner.ts";
import {
  errorEnd,
  errorField,
  errorKind,
  errorLine,
  errorRecord,
  errorRecordStart,
  errorStart,
  errorWords,
  noField,
} from "../scan/errorWords.ts";
import type { RejectsRowBuffers } from "../scan/rejectsRowBuffers.ts";
import { type Grid, type Segment, type SegmentResult, segmentAt, segmentCount } from "../scan/segment.ts";
import { SegmentRejects } from "../scan/segmentRejects.ts";
import type { ChunkCutter } from "./chunkCutter.ts";
import type { DuplicateFinder } from "./duplicateFinder.ts";
import type { ErrorTally } from "./errorTally.ts";
import type { RejectedBin } from "./rejectedBin.ts";
import type { RejectsCsv, RowsOrder } from "./rejectsCsv.ts";
import type { Samples } from "./samples.ts";

/** Rows of `rejects.csv` requested from the scanner of a segment. */
export interface RequestedRows extends RowsOrder {
  /** Number and line of the first record of the segment; both from 1. */
  readonly record: number;
  readonly line: number;
}

/** Scans segments once more, in the thread of the merger. */
export interface SecondScanner {
  /** From the real start of the first record. Its kinds of errors are numbered as those of scanner 0. */
  scan(segment: Segment, startByte: number): Promise<SegmentResult>;
  writeRows(requested: RequestedRows): readonly Uint8Array<ArrayBuffer>[];
}

export interface MergerParts {
  readonly grid: Grid;
  readonly dialect: Dialect;
  readonly columnNames: readonly string[];
  readonly cutter: ChunkCutter;
  readonly tally: ErrorTally;
  readonly samples: Samples;
  readonly rejectsCsv: RejectsCsv;
  readonly rejectedBin: RejectedBin;
  /** Undefined where no column must be unique. */
  readonly duplicates: DuplicateFinder | undefined;
  readonly again: SecondScanner;
  /** Collects the rows that are formatted in this thread. */
  readonly rowBuffers: RejectsRowBuffers;
  /** Called after every segment. */
  readonly onMerged: (records: number, byte: number) => void;
}

/**
 * Merges the results of segments in their order, so that the output does not depend on which thread scanned what, and
 * when. A result counts only if its first record starts exactly where the previous record ended.
 */
export class SegmentMerger {
  readonly #parts: MergerParts;
  readonly #formatters = new Map<number, RejectsRowFormatter>();
  readonly #knownKinds = new Map<number, number[]>();
  /** Numbered as in the tally. Only where the scanners cannot format rows, because they do not see duplicates. */
  readonly #ownRows: SegmentRejects;
  #ownErrors: Uint32Array = new Uint32Array(0);
  readonly #waiting = new Map<number, Waiting>();
  readonly #segments: number;
  readonly #lineEnd: number;
  #next = 0;
  /** Where the next record starts. */
  #startByte: number;
  /** A malformed line continues; the next record starts after its end. */
  #isSkipping = false;
  #running: Promise<void> = Promise.resolve();

  constructor(parts: MergerParts) {
    this.#parts = parts;
    this.#segments = segmentCount(parts.grid);
    this.#startByte = parts.grid.start;
    this.#lineEnd = parts.dialect.lineEnd === "lf" ? 0x0a : 0x0d;
    this.#ownRows = new SegmentRejects(
      parts.tally.kinds,
      { ...parts.dialect, columnNames: parts.columnNames },
      () => this.#ownErrors,
    );
  }

  /** Where the first record of the segment starts, if already known. */
  knownStart(index: number): number | undefined {
    return index === this.#next && !this.#isSkipping ? this.#startByte : undefined;
  }

  get isDone(): boolean {
    return this.#next === this.#segments;
  }

  /** Adds a result. Resolves when it is merged; its memory may be reused once the requested rows are written. */
  accept(scanner: number, result: SegmentResult): Promise<RequestedRows | undefined> {
    const merged = new Promise<RequestedRows | undefined>((settle) => {
      this.#waiting.set(result.index, { scanner, result, merged: settle });
    });
    const running = this.#running.then(() => this.#mergeWaiting());
    this.#running = running;
    return Promise.race([merged, running.then(() => merged)]);
  }

  async #mergeWaiting(): Promise<void> {
    for (let entry = this.#take(); entry !== undefined; entry = this.#take()) {
      // Also of a result that is discarded: a scanner names each kind only once.
      this.#parts.tally.learn(entry.scanner, entry.result.newKinds);
      entry.merged(await this.#merge(entry.scanner, entry.result));
      this.#next += 1;
      await this.#parts.rejectsCsv.flush();
      await this.#parts.rejectedBin.flush();
      this.#parts.onMerged(this.#parts.cutter.records, this.#startByte);
    }
  }

  #take() {
    const entry = this.#waiting.get(this.#next);
    this.#waiting.delete(this.#next);
    return entry;
  }

  async #merge(scanner: number, result: SegmentResult): Promise<RequestedRows | undefined> {
    const { grid, cutter } = this.#parts;
    const segment = segmentAt(grid, this.#next);
    // The previous record covers the whole segment.
    if (this.#startByte >= segment.end) return undefined;
    if (this.#isSkipping && !this.#endSkipping(segment, result)) return undefined;
    if (this.#startByte >= segment.end) return undefined;
    if (cutter.records > Number.MAX_SAFE_INTEGER) throw new Error("too many records to count");
    if (result.startByte === this.#startByte) return this.#apply(scanner, result);
    await this.#applyAgain(segment);
    return undefined;
  }

  async #applyAgain(segment: Segment): Promise<void> {
    const { again, tally, rowBuffers } = this.#parts;
    const result = await again.scan(segment, this.#startByte);
    tally.learn(0, result.newKinds);
    const requested = this.#apply(0, result);
    requested?.deliver(again.writeRows(requested), (buffers) => rowBuffers.giveBack(buffers));
  }

  /** Looks for the end of the malformed line. Returns whether it was found. */
  #endSkipping(segment: Segment, { bytes, baseByte }: SegmentResult): boolean {
    const from = this.#startByte - baseByte;
    const at = bytes.indexOf(this.#lineEnd, from);
    const isFound = at >= 0 && at < segment.end - baseByte;
    const to = isFound ? at + 1 : segment.end - baseByte;
    // The end of the file ends a line as well.
    const endsLine = isFound || segment.end === this.#parts.grid.size;
    this.#parts.cutter.skip(bytes.subarray(from, to), endsLine ? 1 : 0);
    this.#startByte = baseByte + to;
    this.#isSkipping = !isFound;
    return isFound;
  }

  #apply(scanner: number, result: SegmentResult): RequestedRows | undefined {
    const { cutter, duplicates, rejectsCsv } = this.#parts;
    const record = cutter.records + 1;
    const { line } = cutter;
    const rejected =
      duplicates === undefined ? this.#count(scanner, result) : this.#countWith(duplicates, scanner, result);
    const order = rejectsCsv.order(rejected);
    const requested = order === undefined ? undefined : { ...order, record, line };
    if (duplicates !== undefined && requested !== undefined) this.#writeRows(scanner, result, requested);
    cutter.take(result);
    this.#startByte = result.endByte;
    this.#isSkipping = result.isSkipping;
    return duplicates === undefined ? requested : undefined;
  }

  /** Returns the number of rejected records. */
  #count(scanner: number, result: SegmentResult): number {
    const { tally } = this.#parts;
    const translate = this.#translationOf(scanner);
    result.errorCounts.forEach((times, kind) => {
      if (times > 0) tally.count(translate(kind), times);
    });
    this.#takeErrors(result, result.errors, result.rejected, translate);
    return result.rejected.length;
  }

  #countWith(duplicates: DuplicateFinder, scanner: number, result: SegmentResult): number {
    const { tally } = this.#parts;
    const errors = duplicates.addTo(result, this.#translationOf(scanner));
    this.#ownErrors = errors;
    this.#ownRows.begin();
    this.#ownRows.addErrors();
    this.#ownRows.counts.forEach((times, kind) => {
      if (times > 0) tally.count(kind, times);
    });
    this.#takeErrors(result, errors, this.#ownRows.records, (kind) => kind);
    return this.#ownRows.records.length;
  }

  #takeErrors(result: SegmentResult, errors: Uint32Array, records: Uint32Array, translate: (kind: number) => number) {
    const { cutter, samples, rejectedBin } = this.#parts;
    for (let at = 0; at < errors.length && samples.needsMore; at += errorWords) {
      this.#addSample(result, errors, at, translate(errors[at + errorKind] as number));
    }
    rejectedBin.add(cutter.records, records);
  }

  #writeRows(scanner: number, { memory, baseByte, bytes }: SegmentResult, requested: RequestedRows): void {
    const { rowBuffers, dialect } = this.#parts;
    let formatter = this.#formatters.get(scanner);
    if (formatter === undefined) {
      formatter = new RejectsRowFormatter(memory, scannerModule(), dialect);
      this.#formatters.set(scanner, formatter);
    }
    const { record, line, rows, deliver } = requested;
    this.#ownRows.write(formatter, { record, line, byte: baseByte, bytes }, rows, rowBuffers);
    deliver(rowBuffers.take(), (buffers) => rowBuffers.giveBack(buffers));
  }

  /** Maps a scanner's numbers of kinds to those of the tally, which is queried once for each. */
  #translationOf(scanner: number): (kind: number) => number {
    let known = this.#knownKinds.get(scanner);
    if (known === undefined) {
      known = [];
      this.#knownKinds.set(scanner, known);
    }
    const numbers = known;
    return (kind) => {
      numbers[kind] ??= this.#parts.tally.translate(scanner, kind);
      return numbers[kind];
    };
  }

  #addSample(result: SegmentResult, errors: Uint32Array, at: number, kind: number): void {
    const { cutter, samples } = this.#parts;
    samples.add({
      record: cutter.records + (errors[at + errorRecord] as number),
      line: cutter.line + (errors[at + errorLine] as number),
      byte: result.baseByte + (errors[at + errorRecordStart] as number),
      field: ((errors[at + errorField] as number) + 1) % (noField + 1),
      kind,
      found: result.bytes.subarray(errors[at + errorStart], errors[at + errorEnd]),
    });
  }
}

interface Waiting {
  readonly scanner: number;
  readonly result: SegmentResult;
  readonly merged: (requested: RequestedRows | undefined) => void;
}
