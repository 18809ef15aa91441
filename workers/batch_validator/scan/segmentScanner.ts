import { isUtf8 } from "node:buffer";
import { crc32 } from "node:zlib";
import type { RecordChecks } from "../../model/columnPlan.ts";
import type { ObjectReader } from "../../model/objectStore.ts";
import { RejectsRowFormatter } from "../../scanner/rejectsRowFormatter.ts";
import { Scanner, type ScanResult, slotsPerColumn, suspectWords } from "../../scanner/scanner.ts";
import { errorRecord, errorWords } from "./errorWords.ts";
import { findRecordStart } from "./findRecordStart.ts";
import { RecordJudge } from "./recordJudge.ts";
import type { Segment, SegmentResult } from "./segment.ts";
import { SegmentRejects, type Slots } from "./segmentRejects.ts";
import type { ScanSetting } from "./setting.ts";
import { SuspectJudge } from "./suspectJudge.ts";
import { WordList } from "./wordList.ts";

/** Bytes read after a segment at first, for its last record. Only a longer record needs more. */
const tailBytes = 16 * 1024;

/**
 * Scans one segment at a time. Its bytes and results stay unchanged until the next one is started, also for other
 * threads: they are not copied, since copying 8 MB costs about as much as checking it.
 */
export class SegmentScanner {
  readonly #setting: ScanSetting;
  readonly #scanner: Scanner;
  #judges: Judges | undefined;
  /** The scan found a suspect that was not judged. */
  #lacksJudge = false;
  #formatter: RejectsRowFormatter | undefined;
  #baseByte = 0;
  readonly #uniques = new WordList();
  readonly #lineEnd: number;

  constructor(setting: ScanSetting) {
    const { columns, checks, judgesRecords, dialect, maxRecordBytes, segmentBytes, seeds, module } = setting;
    this.#setting = setting;
    const maxBytes = 1 + segmentBytes + maxRecordBytes + 1;
    this.#scanner = new Scanner({ dialect, columns, maxRecordBytes, maxBytes, module });
    this.#scanner.setSeeds(seeds);
    if (typeof checks !== "function") this.#judges = this.#judgesOf(checks);
    else if (judgesRecords) this.#lacksJudge = true;
    this.#lineEnd = dialect.lineEnd === "lf" ? 0x0a : 0x0d;
  }

  /**
   * `knownStart` is called once the bytes are read, and returns where the first record starts if that is known by then;
   * otherwise it is guessed.
   */
  async scan(
    reader: ObjectReader,
    segment: Segment,
    knownStart: () => number | undefined,
    signal?: AbortSignal,
  ): Promise<SegmentResult> {
    const { size } = reader.version;
    // One more byte in front: a segment whose first byte follows a line end starts with a record.
    const baseByte = Math.max(0, segment.start - 1);
    const limit = segment.end - baseByte;
    const bytes = this.#scanner.bytes;
    const end = Math.min(size - baseByte, limit + tailBytes, bytes.length);
    await reader.readInto(baseByte, bytes.subarray(0, end), signal);
    const start = this.#startOf(knownStart(), segment, baseByte, end);
    if (start === undefined || start >= limit) return this.#nothing(segment, baseByte, start, end);
    if (this.#judges === undefined && this.#lacksJudge) await this.#loadJudges();
    let scanned = await this.#goFrom(start, limit, end, reader, baseByte, signal);
    if (this.#judges === undefined && this.#lacksJudge) {
      await this.#loadJudges();
      scanned = await this.#goFrom(start, limit, scanned.end, reader, baseByte, signal);
    }
    return this.#resultOf(segment, baseByte, start, scanned.result);
  }

  /**
   * Writes the first rows of the last scan, before the next segment is started. `record` and `line`: of its first
   * record.
   */
  writeRows({ record, line, rows }: { readonly record: number; readonly line: number; readonly rows: number }) {
    const { rowBuffers, module, dialect } = this.#setting;
    const { memory, bytes } = this.#scanner;
    this.#formatter ??= new RejectsRowFormatter(memory, module, dialect);
    this.#judges?.rows.write(this.#formatter, { record, line, byte: this.#baseByte, bytes }, rows, rowBuffers);
    return rowBuffers.take();
  }

  async #loadJudges(): Promise<void> {
    const { checks } = this.#setting;
    this.#judges = this.#judgesOf(typeof checks === "function" ? await checks() : checks);
  }

  #judgesOf(checks: RecordChecks): Judges {
    const { dialect, columnNames } = this.#setting;
    const scanner = this.#scanner;
    const suspects = new SuspectJudge(checks, dialect.quote, scanner.bytes, (slot) => scanner.know(slot));
    const records = checks.judgesRecords ? new RecordJudge(this.#setting, checks, suspects) : undefined;
    const slots: Slots = {
      count: (checks.columns.length + 1) * slotsPerColumn,
      kindOf: (slot) => suspects.kindOfSlot(slot),
    };
    const judges: Judges = {
      ...{ suspects, records, errors: nothing },
      rows: new SegmentRejects(suspects.kinds, { ...dialect, columnNames }, () => judges.errors, slots),
    };
    return judges;
  }

  /** Scans from `start`; the bytes before `end` are available. */
  async #goFrom(
    start: number,
    limit: number,
    end: number,
    reader: ObjectReader,
    baseByte: number,
    signal: AbortSignal | undefined,
  ): Promise<{ readonly end: number; readonly result: ScanResult }> {
    const { size } = reader.version;
    const bytes = this.#scanner.bytes;
    const doubtsEncoding = !this.#isUtf8(start, end, baseByte + end === size);
    this.#begin(start, doubtsEncoding);
    const result = this.#go(limit, end, baseByte + end === size);
    if (result.outcome !== "incomplete") return { end, result };
    const longer = Math.min(size - baseByte, bytes.length);
    await reader.readInto(baseByte + end, bytes.subarray(end, longer), signal);
    if (!doubtsEncoding && !this.#isUtf8(result.position, longer, baseByte + longer === size)) {
      // What was read before was valid; only the rest is in doubt, but the two can no longer be separated.
      this.#begin(start, true);
    }
    return { end: longer, result: this.#go(limit, longer, baseByte + longer === size) };
  }

  #startOf(known: number | undefined, segment: Segment, baseByte: number, end: number): number | undefined {
    if (known !== undefined) return known - baseByte;
    const { columns, dialect, maxRecordBytes } = this.#setting;
    const limit = segment.end - baseByte;
    const columnCount = columns.length;
    return findRecordStart(this.#scanner.bytes.subarray(0, end), limit, { dialect, maxRecordBytes, columnCount });
  }

  #begin(start: number, doubtsEncoding: boolean): void {
    this.#judges?.suspects.begin(doubtsEncoding);
    this.#judges?.rows.begin();
    this.#uniques.clear();
    this.#scanner.begin(start, { doubtsEncoding });
  }

  #go(limit: number, end: number, isLast: boolean): ScanResult {
    return this.#scanner.scan(limit, end, isLast, ({ suspects, uniques }) => {
      if (this.#judges !== undefined) this.#judge(this.#judges, suspects);
      else if (suspects.length > 0) this.#lacksJudge = true;
      this.#uniques.append(uniques);
    });
  }

  /** Errors that are not needed individually are settled by the scanner, once it knows their kind. */
  #judge(judges: Judges, suspects: Uint32Array): void {
    const { keptErrors } = this.#setting;
    const kept = judges.records === undefined ? keptErrors * errorWords : Number.POSITIVE_INFINITY;
    // Where the scanner is unsure about every record, they are judged many at a time.
    let unsure = 1;
    for (let at = 0; at < suspects.length; ) {
      const missing = kept - judges.suspects.errors.words.length;
      let wanted = missing;
      if (missing <= 0) {
        const settled = this.#scanner.settle(at / suspectWords);
        unsure = settled.rows.length > 0 ? 1 : Math.min(2 * unsure, maxUnsure);
        judges.rows.addSettled(settled);
        at = settled.next * suspectWords;
        if (at === suspects.length) return;
        wanted = unsure * suspectWords;
      }
      const end = endOfRecord(suspects, Math.min(at + wanted, suspects.length));
      judges.suspects.judge(suspects, at, end);
      at = end;
      if (judges.records !== undefined) continue;
      judges.errors = judges.suspects.errors.words;
      judges.rows.addErrors();
    }
  }

  /** Whether the complete lines are valid UTF-8: the bytes may end within a character. */
  #isUtf8(start: number, end: number, isLast: boolean): boolean {
    const bytes = this.#scanner.bytes;
    const lastLine = isLast ? end : bytes.subarray(0, end).lastIndexOf(this.#lineEnd) + 1;
    return isUtf8(bytes.subarray(start, Math.max(start, lastLine || end)));
  }

  #resultOf(segment: Segment, baseByte: number, start: number, result: ScanResult): SegmentResult {
    const bytes = this.#scanner.bytes.subarray(0, result.position);
    const judges = this.#judges;
    if (judges?.records !== undefined) {
      judges.errors = judges.records.judge(bytes, start);
      judges.rows.addErrors();
    } else if (judges !== undefined) judges.errors = judges.suspects.errors.words;
    this.#scanner.takeCounts((slot, count) => judges?.rows.count(slot, count));
    const errors = judges?.errors ?? nothing;
    this.#baseByte = baseByte;
    return {
      index: segment.index,
      startByte: baseByte + start,
      endByte: baseByte + result.position,
      isSkipping: result.outcome === "skipping",
      records: result.records,
      lines: result.lines,
      crc32: crc32(bytes.subarray(start)),
      marks: this.#scanner.marks(),
      errors: errors.subarray(0, Math.min(errors.length, this.#setting.keptErrors * errorWords)),
      errorCounts: judges?.rows.counts ?? nothing,
      rejected: judges?.rows.records ?? nothing,
      newKinds: judges?.suspects.takeNewKinds() ?? [],
      uniques: this.#uniques.words,
      baseByte,
      bytes,
      memory: this.#scanner.memory,
    };
  }

  /** No record starts in the segment, as far as can be determined. */
  #nothing(segment: Segment, baseByte: number, start: number | undefined, end: number): SegmentResult {
    return {
      index: segment.index,
      startByte: start === undefined ? undefined : baseByte + start,
      endByte: start === undefined ? segment.end : baseByte + start,
      isSkipping: false,
      records: 0,
      lines: 0,
      crc32: 0,
      marks: nothing,
      errors: nothing,
      errorCounts: nothing,
      rejected: nothing,
      newKinds: [],
      uniques: nothing,
      baseByte,
      bytes: this.#scanner.bytes.subarray(0, Math.min(end, segment.end - baseByte)),
      memory: this.#scanner.memory,
    };
  }
}

const maxUnsure = 1024;

/** After the record that started before `at`. */
function endOfRecord(suspects: Uint32Array, at: number): number {
  const record = suspects[at - suspectWords + errorRecord];
  let end = at;
  while (end < suspects.length && suspects[end + errorRecord] === record) end += suspectWords;
  return end;
}

interface Judges {
  readonly suspects: SuspectJudge;
  readonly records: RecordJudge | undefined;
  readonly rows: SegmentRejects;
  /** The errors of the segment: those of fields, and of whole records. */
  errors: Uint32Array;
}

const nothing = new Uint32Array(0);
