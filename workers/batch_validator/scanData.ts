import type { SchemaChecks } from "../checks/schemaChecks.ts";
import type { ValidatorJob } from "../program/job.ts";
import { randomSeeds, scannerModule } from "../scanner/scanner.ts";
import type { LoadedSchema } from "./loadChecks.ts";
import type { ChunkCutter } from "./merge/chunkCutter.ts";
import { DuplicateFinder } from "./merge/duplicateFinder.ts";
import type { ErrorTally } from "./merge/errorTally.ts";
import type { RejectedBin } from "./merge/rejectedBin.ts";
import type { RejectsCsv } from "./merge/rejectsCsv.ts";
import type { Samples } from "./merge/samples.ts";
import { SegmentMerger } from "./merge/segmentMerger.ts";
import { UniqueValues } from "./merge/uniqueValues.ts";
import type { OpenedData } from "./openData.ts";
import { RejectsRowBuffers } from "./scan/rejectsRowBuffers.ts";
import { scanLoop, takeSegment } from "./scan/scanLoop.ts";
import { type Grid, type Segment, type SegmentResult, segmentAt, segmentCount } from "./scan/segment.ts";
import { SegmentScanner } from "./scan/segmentScanner.ts";
import type { ScanSetting } from "./scan/setting.ts";
import type { Threads } from "./startThreads.ts";
import type { ThreadTask } from "./threadMessages.ts";

/** What is filled while the data is scanned. */
export interface ScanParts {
  readonly checks: SchemaChecks;
  readonly schema: LoadedSchema;
  readonly cutter: ChunkCutter;
  readonly tally: ErrorTally;
  readonly samples: Samples;
  readonly rejectsCsv: RejectsCsv;
  readonly rejectedBin: RejectedBin;
}

/** Large enough for about 10 ms of work without communication, small enough for 2 scanners in every thread. */
const defaultSegmentBytes = 4 * 1024 * 1024;

/**
 * Scanners per thread: one waits for its bytes while the other scans. S3 delivers about 90 MB/s per request, so it
 * needs more.
 */
const loopsFor = (uri: string) => (uri.startsWith("s3:") ? 4 : 2);

/** Whether data of this size keeps another thread busy. */
export function isWorthThreads({ uri, size }: { readonly uri: string; readonly size: number }): boolean {
  return size > loopsFor(uri) * defaultSegmentBytes;
}

export interface ScanOptions {
  /** Other threads that help, if any. */
  readonly threads?: Promise<Threads> | undefined;
  readonly segmentBytes?: number;
}

/** Scans all records, in this thread and the others. The result does not depend on how many there are. */
export async function scanData(
  job: ValidatorJob,
  data: OpenedData,
  parts: ScanParts,
  { threads, segmentBytes = defaultSegmentBytes }: ScanOptions,
): Promise<void> {
  await new DataScan(job, data, parts, segmentBytes).run(threads);
}

class DataScan {
  readonly #job: ValidatorJob;
  readonly #data: OpenedData;
  readonly #parts: ScanParts;
  readonly #grid: Grid;
  /** The settings shared by the scanners of all threads. */
  readonly #shared: Omit<ScanSetting, "checks" | "columnNames" | "segmentBytes" | "rowBuffers">;
  /** The settings of the scanners of this thread. */
  readonly #setting: ScanSetting;
  readonly #rowBuffers = new RejectsRowBuffers();
  readonly #nextSegment = new Int32Array(new SharedArrayBuffer(4));
  readonly #merger: SegmentMerger;
  /** Rescans what was scanned from a wrong start. */
  #second: SegmentScanner | undefined;
  #settleMerged = () => {};
  readonly #merged = new Promise<void>((settle) => {
    this.#settleMerged = settle;
  });

  constructor(job: ValidatorJob, data: OpenedData, parts: ScanParts, segmentBytes: number) {
    this.#job = job;
    this.#data = data;
    this.#parts = parts;
    const { settings } = job;
    const { dialect, header, reader } = data;
    const { columns, judgesRecords } = parts.checks;
    this.#grid = { start: header.endByte, size: reader.version.size, segmentBytes };
    const { maxRecordBytes, maxSamples } = settings;
    const keptErrors = this.#isUnique ? Number.POSITIVE_INFINITY : maxSamples;
    const scanner = { seeds: randomSeeds(), module: scannerModule() };
    this.#shared = { columns, judgesRecords, dialect, maxRecordBytes, keptErrors, ...scanner };
    const { checks } = parts;
    const columnNames = header.names;
    this.#setting = { ...this.#shared, checks, columnNames, segmentBytes, rowBuffers: this.#rowBuffers };
    this.#merger = this.#createMerger();
  }

  get #isUnique(): boolean {
    return this.#parts.checks.columns.some(({ unique }) => unique);
  }

  #createMerger(): SegmentMerger {
    const { dialect, header } = this.#data;
    return new SegmentMerger({
      ...this.#parts,
      grid: this.#grid,
      dialect,
      columnNames: header.names,
      rowBuffers: this.#rowBuffers,
      duplicates: this.#isUnique ? this.#createDuplicateFinder() : undefined,
      again: {
        scan: (segment, startByte) => this.#scanAgain(segment, startByte),
        writeRows: (requested) => this.#second?.writeRows(requested) ?? [],
      },
      onMerged: (rows, byte) => {
        this.#job.progress.update({ rows, fraction: byte / this.#grid.size });
        if (this.#merger.isDone) this.#settleMerged();
      },
    });
  }

  #createDuplicateFinder(): DuplicateFinder {
    const { maxRecordBytes, uniqueMemoryMebibytes } = this.#job.settings;
    const { dialect, header } = this.#data;
    const values = new UniqueValues(uniqueMemoryMebibytes * 2 ** 20);
    const columnCount = header.names.length;
    return new DuplicateFinder({ values, tally: this.#parts.tally, dialect, maxRecordBytes, columnCount });
  }

  #scanAgain(segment: Segment, startByte: number): Promise<SegmentResult> {
    this.#second ??= new SegmentScanner(this.#setting);
    return this.#second.scan(this.#data.reader, segment, () => startByte, this.#job.signal);
  }

  async run(threads: Promise<Threads> | undefined): Promise<void> {
    if (this.#merger.isDone) this.#settleMerged();
    const count = segmentCount(this.#grid);
    const loops = Math.min(loopsFor(this.#data.reader.version.uri), count);
    const othersFailed =
      threads === undefined || count <= loops ? new Promise<never>(() => {}) : this.#scanElsewhere(await threads);
    const own = Promise.all(Array.from({ length: loops }, (_, loop) => this.#scanHere(loop))).then(() => this.#merged);
    // Other threads may still be formatting rows when everything is merged.
    const written = own.then(() => this.#parts.rejectsCsv.settled());
    await Promise.race([written, stopped(this.#job.signal), othersFailed]);
  }

  #scanHere(loop: number): Promise<void> {
    const { signal } = this.#job;
    const scanner = new SegmentScanner(this.#setting);
    const count = segmentCount(this.#grid);
    return scanLoop(
      () => {
        signal.throwIfAborted();
        return takeSegment(this.#nextSegment, count);
      },
      (index) => {
        const segment = segmentAt(this.#grid, index);
        return scanner.scan(this.#data.reader, segment, () => this.#merger.knownStart(index), signal);
      },
      async (result) => {
        // Scanners of this thread have negative numbers, those of the others positive ones; 0 scans again.
        const requested = await this.#merger.accept(-1 - loop, result);
        requested?.deliver(scanner.writeRows(requested), (buffers) => this.#rowBuffers.giveBack(buffers));
      },
    );
  }

  /** Rejects when another thread fails. */
  #scanElsewhere(threads: Threads): Promise<never> {
    const { reader, header } = this.#data;
    const { uri, etag } = reader.version;
    const { region, bucket, endpoint } = this.#job.storeSettings;
    const { schema, uri: schemaUri } = this.#parts.schema;
    const task: ThreadTask = {
      ...this.#shared,
      data: { uri, etag },
      store: { region, bucket, endpoint },
      header: header.names,
      schema,
      schemaUri,
      grid: this.#grid,
      nextSegment: this.#nextSegment,
      loops: loopsFor(uri),
    };
    return threads.scan(task, this.#merger);
  }
}

/** Rejects when the work is to stop: threads are not aware of that. */
function stopped(signal: AbortSignal): Promise<never> {
  return new Promise((_, fail) => {
    if (signal.aborted) fail(signal.reason);
    else signal.addEventListener("abort", () => fail(signal.reason), { once: true });
  });
}
