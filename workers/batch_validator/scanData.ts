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
import { RowPieces } from "./scan/rowPieces.ts";
import { scanLoop } from "./scan/scanLoop.ts";
import { type Grid, segmentAt, segmentCount } from "./scan/segment.ts";
import { type ScanSetting, SegmentScanner } from "./scan/segmentScanner.ts";
import type { Threads } from "./startThreads.ts";
import { takeSegment } from "./takeSegment.ts";
import type { ThreadTask } from "./threadMessages.ts";

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

/** Whether data of this size keeps another thread busy. */
export function isWorthThreads({ uri, size }: { readonly uri: string; readonly size: number }): boolean {
  return size > loopsFor(uri) * defaultSegmentBytes;
}

export interface ScanOptions {
  /** Other threads that help; undefined for none. */
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
  const { settings, signal, progress } = job;
  const { reader, dialect, header } = data;
  const { size } = reader.version;
  const { checks, tally, rejects } = parts;
  const { maxRecordBytes } = settings;
  const grid: Grid = { start: header.endByte, size, segmentBytes };
  const count = segmentCount(grid);
  const columnNames = header.names;
  const isUnique = checks.columns.some(({ unique }) => unique);
  const pieces = new RowPieces();
  const { columns, judgesRecords } = checks;
  const shared = {
    ...{ columns, judgesRecords, dialect, maxRecordBytes, seeds: randomSeeds(), module: scannerModule() },
    keptErrors: isUnique ? Number.POSITIVE_INFINITY : settings.maxSamples,
  };
  const setting: ScanSetting = { ...shared, checks, columnNames, segmentBytes, pieces };
  const columnCount = columnNames.length;
  const values = new UniqueValues(settings.uniqueMemoryMebibytes * 2 ** 20);
  let second: SegmentScanner | undefined;
  let settle = () => {};
  const merged = new Promise<void>((resolve) => {
    settle = resolve;
  });
  const merger = new SegmentMerger({
    ...parts,
    ...{ grid, dialect, columnNames, pieces },
    duplicates: isUnique ? new DuplicateFinder({ values, tally, dialect, maxRecordBytes, columnCount }) : undefined,
    again: {
      scan: (segment, startByte) => {
        second ??= new SegmentScanner(setting);
        return second.scan(reader, segment, () => startByte, signal);
      },
      writeRows: (wanted) => second?.writeRows(wanted) ?? [],
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
  const { uri } = reader.version;
  const loops = Math.min(loopsFor(uri), count);
  const othersFailed =
    threads === undefined || count <= loops
      ? new Promise<never>(() => {})
      : letScan(await threads, job, data, parts.schema, merger, { ...shared, grid, nextSegment, loops: loopsFor(uri) });
  const loopsOfThisThread = Array.from({ length: loops }, (_, loop) => {
    const scanner = new SegmentScanner(setting);
    return scanLoop(
      take,
      (index) => scanner.scan(reader, segmentAt(grid, index), () => merger.knownStart(index), signal),
      async (result) => {
        // Scanners of this thread have negative numbers, those of the others positive ones; 0 scans again.
        const wanted = await merger.accept(-1 - loop, result);
        wanted?.deliver(scanner.writeRows(wanted), (buffers) => pieces.giveBack(buffers));
      },
    );
  });
  const own = Promise.all(loopsOfThisThread).then(() => merged);
  // Others may still be at work on rows when everything is merged.
  await Promise.race([own.then(() => rejects.settled()), stopped(signal), othersFailed]);
}

/** Rejects when the work is to stop: threads do not know about that. */
function stopped(signal: AbortSignal): Promise<never> {
  return new Promise((_, fail) => {
    if (signal.aborted) fail(signal.reason);
    else signal.addEventListener("abort", () => fail(signal.reason), { once: true });
  });
}

function letScan(
  threads: Threads,
  { storeSettings }: ValidatorJob,
  { reader, header }: OpenedData,
  { schema, uri: schemaUri }: LoadedSchema,
  merger: SegmentMerger,
  shared: Omit<ThreadTask, "data" | "store" | "header" | "schema" | "schemaUri">,
): Promise<never> {
  const { uri, etag } = reader.version;
  const { region, bucket, endpoint } = storeSettings;
  const origin = { data: { uri, etag }, store: { region, bucket, endpoint }, header: header.names };
  return threads.scan({ ...shared, ...origin, schema, schemaUri }, merger);
}
