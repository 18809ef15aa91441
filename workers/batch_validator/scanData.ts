import type { SchemaChecks } from "../checks/schemaChecks.ts";
import type { ValidatorJob } from "../program/job.ts";
import { randomSeeds, scannerModule } from "../scanner/scanner.ts";
import type { LoadedSchema } from "./loadChecks.ts";
import type { ChunkCutter } from "./merge/chunkCutter.ts";
import { DuplicateFinder } from "./merge/duplicateFinder.ts";
import type { ErrorTally } from "./merge/errorTally.ts";
import type { RejectedRecords } from "./merge/rejectedRecords.ts";
import type { RejectsFile } from "./merge/rejectsFile.ts";
import type { Samples } from "./merge/samples.ts";
import { SegmentMerger } from "./merge/segmentMerger.ts";
import { UniqueValues } from "./merge/uniqueValues.ts";
import type { OpenedData } from "./open/openData.ts";
import { scanLoop } from "./scan/scanLoop.ts";
import { type Grid, segmentAt, segmentCount } from "./scan/segment.ts";
import { type ScanSetting, SegmentScanner } from "./scan/segmentScanner.ts";
import type { ScanningThreads } from "./startThreads.ts";
import { takeSegment } from "./takeSegment.ts";

/** What is filled while the data is scanned. */
export interface ScanParts {
  readonly checks: SchemaChecks;
  readonly schema: LoadedSchema;
  readonly cutter: ChunkCutter;
  readonly tally: ErrorTally;
  readonly samples: Samples;
  readonly rejects: RejectsFile;
  readonly rejected: RejectedRecords;
}

/** Large enough that a thread works for some 10 ms without a word to another, small enough for 2 scanners in every thread. */
const defaultSegmentBytes = 4 * 1024 * 1024;

/** Scanners of a thread: one waits for its bytes while the other scans. S3 gives about 90 MB/s a request, so it needs more of them. */
const loopsFor = (uri: string) => (uri.startsWith("s3:") ? 4 : 2);

/** Scans all records, in this thread and the others. The result does not depend on how many there are. */
export async function scanData(
  job: ValidatorJob,
  data: OpenedData,
  parts: ScanParts,
  { threads, segmentBytes = defaultSegmentBytes }: { readonly threads: number; readonly segmentBytes?: number },
): Promise<void> {
  const { settings, signal, progress } = job;
  const { reader, dialect, header } = data;
  const { size } = reader.version;
  const { checks, tally } = parts;
  const { maxRecordBytes } = settings;
  const grid: Grid = { start: header.endByte, size, segmentBytes };
  const count = segmentCount(grid);
  const seeds = randomSeeds();
  const setting: ScanSetting = { checks, dialect, maxRecordBytes, segmentBytes, seeds, module: scannerModule() };
  const columnCount = header.names.length;
  const values = new UniqueValues(settings.uniqueMemoryMebibytes * 2 ** 20);
  let again: SegmentScanner | undefined;
  let settle = () => {};
  const merged = new Promise<void>((resolve) => {
    settle = resolve;
  });
  const merger = new SegmentMerger({
    ...parts,
    grid,
    dialect,
    columnNames: header.names,
    duplicates: checks.columns.some(({ unique }) => unique)
      ? new DuplicateFinder({ values, tally, dialect, maxRecordBytes, columnCount })
      : undefined,
    scanAgain: (segment, startByte) => {
      again ??= new SegmentScanner(setting);
      return again.scan(reader, segment, () => startByte, signal);
    },
    onMerged: (rows, byte) => {
      progress.update({ rows, fraction: byte / size });
      if (merger.isDone) settle();
    },
  });
  if (merger.isDone) settle();

  const nextSegment = new Int32Array(new SharedArrayBuffer(4));
  const take = () => {
    signal.throwIfAborted();
    return takeSegment(nextSegment, count);
  };
  const loops = Math.min(loopsFor(reader.version.uri), count);
  const loopsOfThisThread = Array.from({ length: loops }, (_, loop) => {
    const scanner = new SegmentScanner(setting);
    return scanLoop(
      take,
      (index) => scanner.scan(reader, segmentAt(grid, index), () => merger.knownStart(index), signal),
      // Scanners of this thread have negative numbers, those of the others positive ones; 0 scans again.
      (result) => merger.accept(-1 - loop, result),
    );
  });
  const others =
    threads > 1 && count > loops
      ? await startOthers(job, data, parts, merger, { grid, seeds, nextSegment, threads: threads - 1 })
      : undefined;
  try {
    const own = Promise.all(loopsOfThisThread).then(() => merged);
    await Promise.race([own, stopped(signal), ...(others === undefined ? [] : [others.failure])]);
  } finally {
    others?.stop();
  }
}

/** Rejects when the work is to stop: threads do not know about that. */
function stopped(signal: AbortSignal): Promise<never> {
  return new Promise((_, fail) => {
    if (signal.aborted) fail(signal.reason);
    else signal.addEventListener("abort", () => fail(signal.reason), { once: true });
  });
}

async function startOthers(
  { storeSettings, settings }: ValidatorJob,
  { reader, dialect, header }: OpenedData,
  { schema }: ScanParts,
  merger: SegmentMerger,
  shared: {
    readonly grid: Grid;
    readonly seeds: BigUint64Array;
    readonly nextSegment: Int32Array;
    readonly threads: number;
  },
): Promise<ScanningThreads> {
  const { uri, etag } = reader.version;
  const { grid, seeds, nextSegment, threads } = shared;
  const { region, bucket, endpoint } = storeSettings;
  const task = {
    data: { uri, etag },
    store: { region, bucket, endpoint },
    grid,
    header: header.names,
    schema: schema.schema,
    schemaUri: schema.uri,
    dialect,
    maxRecordBytes: settings.maxRecordBytes,
    seeds,
    module: scannerModule(),
    nextSegment,
    loops: loopsFor(uri),
  };
  // Loaded only where there are threads: a file of a few MB has none.
  const { startThreads } = await import("./startThreads.ts");
  return startThreads(threads, task, merger);
}
