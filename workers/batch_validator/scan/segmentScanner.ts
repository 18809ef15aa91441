import { isUtf8 } from "node:buffer";
import { crc32 } from "node:zlib";
import type { RecordChecks } from "../../model/columnPlan.ts";
import type { Dialect } from "../../model/dialect.ts";
import type { ObjectReader } from "../../model/objectStore.ts";
import { Scanner, type ScanResult } from "../../scanner/scanner.ts";
import { findRecordStart } from "./findRecordStart.ts";
import { RecordJudge } from "./recordJudge.ts";
import type { Segment, SegmentResult } from "./segment.ts";
import { SuspectJudge } from "./suspectJudge.ts";
import { WordList } from "./wordList.ts";

export interface ScanSetting {
  readonly checks: RecordChecks;
  readonly dialect: Dialect;
  readonly maxRecordBytes: number;
  readonly segmentBytes: number;
  /** Of the hashes of unique values; the same for all threads. */
  readonly seeds: BigUint64Array;
  /** The compiled scanner. */
  readonly module: WebAssembly.Module;
}

/** So much is read behind a segment at first, for its last record. Only a longer one needs more. */
const tailBytes = 16 * 1024;

/**
 * Scans one segment at a time. Its bytes and results stay as they are until the next one is begun, also for other threads:
 * they are not copied, since copying 8 MB costs about as much as checking it.
 */
export class SegmentScanner {
  readonly #setting: ScanSetting;
  readonly #scanner: Scanner;
  readonly #judge: SuspectJudge;
  readonly #uniques = new WordList();
  readonly #lineEnd: number;

  constructor(setting: ScanSetting) {
    const { checks, dialect, maxRecordBytes, segmentBytes, seeds, module } = setting;
    this.#setting = setting;
    const maxBytes = 1 + segmentBytes + maxRecordBytes + 1;
    this.#scanner = new Scanner({ dialect, columns: checks.columns, maxRecordBytes, maxBytes, module });
    this.#scanner.setSeeds(seeds);
    this.#judge = new SuspectJudge(checks, dialect.quote, this.#scanner.bytes);
    this.#lineEnd = dialect.lineEnd === "lf" ? 0x0a : 0x0d;
  }

  /**
   * `knownStart` is asked once the bytes are there, and tells where the first record begins if that is known by then;
   * otherwise it is guessed.
   */
  async scan(
    reader: ObjectReader,
    segment: Segment,
    knownStart: () => number | undefined,
    signal?: AbortSignal,
  ): Promise<SegmentResult> {
    const { size } = reader.version;
    // One byte more in front: a segment whose first byte follows a line end begins with a record.
    const baseByte = Math.max(0, segment.start - 1);
    const limit = segment.end - baseByte;
    const bytes = this.#scanner.bytes;
    let end = Math.min(size - baseByte, limit + tailBytes, bytes.length);
    await reader.readInto(baseByte, bytes.subarray(0, end), signal);
    const start = this.#startOf(knownStart(), segment, baseByte, end);
    if (start === undefined || start >= limit) return this.#nothing(segment, baseByte, start, end);
    const doubtsEncoding = !this.#isUtf8(start, end, baseByte + end === size);
    this.#begin(start, doubtsEncoding);
    let result = this.#go(limit, end, baseByte + end === size);
    if (result.outcome === "incomplete") {
      const longer = Math.min(size - baseByte, bytes.length);
      await reader.readInto(baseByte + end, bytes.subarray(end, longer), signal);
      end = longer;
      if (!doubtsEncoding && !this.#isUtf8(result.position, end, baseByte + end === size)) {
        // What was read before was in order; only the rest is in doubt, which cannot be told apart any more.
        this.#begin(start, true);
      }
      result = this.#go(limit, end, baseByte + end === size);
    }
    return this.#resultOf(segment, baseByte, start, result);
  }

  #startOf(known: number | undefined, segment: Segment, baseByte: number, end: number): number | undefined {
    if (known !== undefined) return known - baseByte;
    const { checks, dialect, maxRecordBytes } = this.#setting;
    const limit = segment.end - baseByte;
    const columnCount = checks.columns.length;
    return findRecordStart(this.#scanner.bytes.subarray(0, end), limit, { dialect, maxRecordBytes, columnCount });
  }

  #begin(start: number, doubtsEncoding: boolean): void {
    this.#judge.begin(doubtsEncoding);
    this.#uniques.clear();
    this.#scanner.begin(start, { doubtsEncoding });
  }

  #go(limit: number, end: number, isLast: boolean): ScanResult {
    return this.#scanner.scan(limit, end, isLast, ({ suspects, uniques }) => {
      this.#judge.judge(suspects);
      this.#uniques.append(uniques);
    });
  }

  /** Whether whole lines are valid UTF-8: the bytes may well end within a character. */
  #isUtf8(start: number, end: number, isLast: boolean): boolean {
    const bytes = this.#scanner.bytes;
    const lastLine = isLast ? end : bytes.subarray(0, end).lastIndexOf(this.#lineEnd) + 1;
    return isUtf8(bytes.subarray(start, Math.max(start, lastLine || end)));
  }

  #resultOf(segment: Segment, baseByte: number, start: number, result: ScanResult): SegmentResult {
    const bytes = this.#scanner.bytes.subarray(0, result.position);
    const errors = this.#setting.checks.judgesRecords
      ? new RecordJudge(this.#setting, this.#judge).judge(bytes, start)
      : this.#judge.errors.words;
    return {
      index: segment.index,
      startByte: baseByte + start,
      endByte: baseByte + result.position,
      isSkipping: result.outcome === "skipping",
      records: result.records,
      lines: result.lines,
      crc32: crc32(bytes.subarray(start)),
      marks: this.#scanner.marks(),
      errors,
      newKinds: this.#judge.takeNewKinds(),
      uniques: this.#uniques.words,
      baseByte,
      bytes,
      memory: this.#scanner.memory,
    };
  }

  /** No record begins in the segment, as far as one can tell. */
  #nothing(segment: Segment, baseByte: number, start: number | undefined, end: number): SegmentResult {
    const empty = new Uint32Array(0);
    return {
      index: segment.index,
      startByte: start === undefined ? undefined : baseByte + start,
      endByte: start === undefined ? segment.end : baseByte + start,
      isSkipping: false,
      records: 0,
      lines: 0,
      crc32: 0,
      marks: empty,
      errors: empty,
      newKinds: [],
      uniques: empty,
      baseByte,
      bytes: this.#scanner.bytes.subarray(0, Math.min(end, segment.end - baseByte)),
      memory: this.#scanner.memory,
    };
  }
}
