import type { Dialect } from "../../model/dialect.ts";
import { RowFormatter, type RowReason } from "../../scanner/rowFormatter.ts";
import { scannerModule } from "../../scanner/scanner.ts";
import {
  errorEnd,
  errorField,
  errorKind,
  errorLine,
  errorRecord,
  errorRecordEnd,
  errorRecordStart,
  errorStart,
  errorWords,
  noField,
} from "../scan/errorWords.ts";
import { type Grid, type Segment, type SegmentResult, segmentAt, segmentCount } from "../scan/segment.ts";
import type { ChunkCutter } from "./chunkCutter.ts";
import type { DuplicateFinder } from "./duplicateFinder.ts";
import type { ErrorTally, TalliedKind } from "./errorTally.ts";
import type { RejectedRecords } from "./rejectedRecords.ts";
import type { RejectsFile } from "./rejectsFile.ts";
import type { Samples } from "./samples.ts";

export interface MergerParts {
  readonly grid: Grid;
  readonly dialect: Dialect;
  readonly columnNames: readonly string[];
  readonly cutter: ChunkCutter;
  readonly tally: ErrorTally;
  readonly samples: Samples;
  readonly rejects: RejectsFile;
  readonly rejected: RejectedRecords;
  /** Undefined where no column has to be unique. */
  readonly duplicates: DuplicateFinder | undefined;
  /** Scans a segment again from where its first record really begins. Its kinds of errors are those of scanner 0. */
  readonly scanAgain: (segment: Segment, startByte: number) => Promise<SegmentResult>;
  /** Called after every segment. */
  readonly onMerged: (records: number, byte: number) => void;
}

/**
 * Puts the results of segments together in their order, so that what comes out does not depend on which thread scanned what, and
 * when. A result counts only if its first record begins exactly where the last one before it has ended.
 */
export class SegmentMerger {
  readonly #parts: MergerParts;
  readonly #formatters = new Map<number, RowFormatter>();
  readonly #knownKinds = new Map<number, number[]>();
  readonly #waiting = new Map<number, { scanner: number; result: SegmentResult; merged: () => void }>();
  readonly #count: number;
  readonly #lineEnd: number;
  #next = 0;
  /** Where the next record begins. */
  #startByte: number;
  /** A malformed line goes on; the next record begins after its end. */
  #isSkipping = false;
  #running: Promise<void> = Promise.resolve();

  constructor(parts: MergerParts) {
    this.#parts = parts;
    this.#count = segmentCount(parts.grid);
    this.#startByte = parts.grid.start;
    this.#lineEnd = parts.dialect.lineEnd === "lf" ? 0x0a : 0x0d;
  }

  /** Where the first record of the segment begins, if that is known by now. */
  knownStart(index: number): number | undefined {
    return index === this.#next && !this.#isSkipping ? this.#startByte : undefined;
  }

  get isDone(): boolean {
    return this.#next === this.#count;
  }

  /** Takes a result. Resolves when it has been merged and its memory may be used again. */
  accept(scanner: number, result: SegmentResult): Promise<void> {
    const merged = new Promise<void>((settle) => {
      this.#waiting.set(result.index, { scanner, result, merged: settle });
    });
    const running = this.#running.then(() => this.#mergeWaiting());
    this.#running = running;
    return Promise.race([merged, running.then(() => merged)]);
  }

  async #mergeWaiting(): Promise<void> {
    for (let entry = this.#take(); entry !== undefined; entry = this.#take()) {
      // Also of a result that is not taken: the scanner names a kind once, and counts on it.
      this.#parts.tally.learn(entry.scanner, entry.result.newKinds);
      await this.#merge(entry.scanner, entry.result);
      this.#next += 1;
      await this.#parts.rejects.flush();
      await this.#parts.rejected.flush();
      entry.merged();
      this.#parts.onMerged(this.#parts.cutter.records, this.#startByte);
    }
  }

  #take() {
    const entry = this.#waiting.get(this.#next);
    this.#waiting.delete(this.#next);
    return entry;
  }

  async #merge(scanner: number, result: SegmentResult): Promise<void> {
    const { grid, cutter } = this.#parts;
    const segment = segmentAt(grid, this.#next);
    // What came before reaches over the whole segment.
    if (this.#startByte >= segment.end) return;
    if (this.#isSkipping && !this.#endSkipping(segment, result)) return;
    if (this.#startByte >= segment.end) return;
    if (result.startByte === this.#startByte) this.#apply(scanner, result);
    else await this.#applyAgain(segment);
    if (cutter.records > Number.MAX_SAFE_INTEGER) throw new Error("too many records to be counted");
  }

  async #applyAgain(segment: Segment): Promise<void> {
    const result = await this.#parts.scanAgain(segment, this.#startByte);
    this.#parts.tally.learn(0, result.newKinds);
    this.#apply(0, result);
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

  #apply(scanner: number, result: SegmentResult): void {
    const { cutter, tally, duplicates } = this.#parts;
    const known = this.#knownKindsOf(scanner);
    const translate = (kind: number) => {
      known[kind] ??= tally.translate(scanner, kind);
      return known[kind];
    };
    if (duplicates === undefined) this.#takeErrors(scanner, result, result.errors, translate);
    else this.#takeErrors(scanner, result, duplicates.addTo(result, translate), (kind) => kind);
    cutter.take(result);
    this.#startByte = result.endByte;
    this.#isSkipping = result.isSkipping;
  }

  #takeErrors(scanner: number, result: SegmentResult, errors: Uint32Array, translate: (kind: number) => number): void {
    if (errors.length === 0) return;
    const { cutter, tally, samples, rejected, rejects } = this.#parts;
    const firstRecord = cutter.records;
    rejects.begin(this.#formatterOf(scanner, result));
    for (let at = 0; at < errors.length; ) {
      const record = errors[at + errorRecord] as number;
      const first = at;
      let errorsOfRecord = this.#noErrors;
      for (; at < errors.length && errors[at + errorRecord] === record; at += errorWords) {
        const kind = translate(errors[at + errorKind] as number);
        tally.count(kind);
        errorsOfRecord = this.#and(errorsOfRecord, kind);
        if (samples.isWanted) this.#addSample(result, errors, at, kind);
      }
      rejected.add(firstRecord + record);
      if (rejects.isFull) continue;
      rejects.add(
        record,
        errors[first + errorLine] as number,
        errors[first + errorRecordStart] as number,
        errors[first + errorRecordEnd] as number,
        this.#reasonOf(errorsOfRecord),
      );
    }
    rejects.end();
  }

  /** The numbers that the tally has for the kinds of a scanner, so that it is asked once for each. */
  #knownKindsOf(scanner: number): number[] {
    let known = this.#knownKinds.get(scanner);
    if (known === undefined) {
      known = [];
      this.#knownKinds.set(scanner, known);
    }
    return known;
  }

  #formatterOf(scanner: number, { memory, baseByte, bytes }: SegmentResult): RowFormatter {
    const { cutter, dialect } = this.#parts;
    let formatter = this.#formatters.get(scanner);
    if (formatter === undefined) {
      formatter = new RowFormatter(memory, scannerModule(), dialect);
      this.#formatters.set(scanner, formatter);
    }
    formatter.begin({ record: cutter.records + 1, line: cutter.line, byte: baseByte, bytes });
    return formatter;
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

  readonly #noErrors: Combination = { before: undefined, kind: -1, longer: undefined, reason: undefined };
  #combinations = 0;

  /** Combinations of errors are few, and repeat. */
  #and(combination: Combination, kind: number): Combination {
    return combination.longer?.get(kind) ?? this.#add(combination, kind);
  }

  #add(combination: Combination, kind: number): Combination {
    const longer: Combination = { before: combination, kind, longer: undefined, reason: undefined };
    if (this.#combinations < maxCombinations) {
      combination.longer ??= new Map();
      combination.longer.set(kind, longer);
      this.#combinations += 1;
    }
    return longer;
  }

  #reasonOf(combination: Combination): RowReason {
    if (combination.reason !== undefined) return combination.reason;
    const reason = this.#describe(combination);
    if (reason.text.length <= longestKeptReason) combination.reason = reason;
    return reason;
  }

  #describe(combination: Combination): RowReason {
    const { tally, rejects, columnNames } = this.#parts;
    const known: TalliedKind[] = [];
    let last = combination;
    for (; last.before !== undefined; last = last.before) {
      const kind = tally.kinds[last.kind];
      if (kind === undefined) throw new Error(`there is no kind of error ${last.kind}`);
      known.push(kind);
    }
    known.reverse();
    const parts = known.map(({ column, rule }) => (column < 0 ? rule : `${columnNames[column]} ${rule}`));
    return rejects.reasonOf(
      parts,
      known.some(({ rule }) => malformedRules.has(rule)),
    );
  }
}

/** Errors of a record, in their order. */
interface Combination {
  /** Without the last one of them; undefined where there is none. */
  readonly before: Combination | undefined;
  readonly kind: number;
  /** By the kind of one more error. */
  longer: Map<number, Combination> | undefined;
  /** Once it was asked for: of a combination that only begins others nobody wants to know. */
  reason: RowReason | undefined;
}

/** Hostile data could have as many combinations as records, each of as many errors as there are columns. */
const maxCombinations = 10_000;
const longestKeptReason = 4096;

const malformedRules: ReadonlySet<string> = new Set(["stray-quote", "text-after-quote", "unclosed-quote", "too-long"]);
