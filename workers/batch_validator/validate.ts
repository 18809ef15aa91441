import { availableParallelism } from "node:os";
import { performance } from "node:perf_hooks";
import type { SchemaChecks } from "../checks/schemaChecks.ts";
import { WorkerFault } from "../model/fault.ts";
import type { Manifest } from "../model/manifest.ts";
import type { ObjectVersion } from "../model/objectStore.ts";
import type { ValidatorJob } from "../program/job.ts";
import { compileChecks, type LoadedSchema, loadSchema } from "./loadChecks.ts";
import { ChunkCutter } from "./merge/chunkCutter.ts";
import { ErrorTally } from "./merge/errorTally.ts";
import { RejectedBin } from "./merge/rejectedBin.ts";
import { RejectsCsv } from "./merge/rejectsCsv.ts";
import { Samples } from "./merge/samples.ts";
import { type OpenedData, openData, type SourceFacts } from "./openData.ts";
import { type Findings, reportOf, reportOfRefusal, verdictOf } from "./reportOf.ts";
import { manifestOf, refuseOwnOutput, writeResults } from "./results.ts";
import { isWorthThreads, type ScanParts, scanData } from "./scanData.ts";
import type { Threads } from "./startThreads.ts";

/**
 * Validates a file in one pass: open → read the header → scan → write. Throws data-refused for a file that contains
 * more invalid records than allowed, or is not a CSV file; the report says why. The manifest is written last, and only
 * for an accepted file: without it, nothing can be processed.
 */
export async function validate(job: ValidatorJob): Promise<void> {
  const started = performance.now();
  const { settings, store, signal } = job;
  refuseOwnOutput(settings);
  const loading = loadSchema(settings.schema, store);
  // A failure is reported when it is awaited below; until then it must not count as unhandled.
  loading.catch(() => {});
  let facts: SourceFacts | undefined;
  let data: OpenedData | undefined;
  const others = new ThreadStarter(job);
  try {
    data = await openData(settings, store, signal, (known) => {
      facts = known;
      // They start while the schema is compiled. The size of a compressed file is not known before it is decompressed.
      others.startFor(known.source);
    });
    others.startFor(data.reader.version);
    const schema = await loading;
    const checks = compileChecks(schema, data.header.names);
    const findings = await scan(job, data, schema, checks, others.threads);
    await conclude(job, data, findings, started);
  } catch (error) {
    const isRefused = error instanceof WorkerFault && error.outcome === "data-refused" && !(error instanceof Rejected);
    if (isRefused && facts !== undefined) await writeResults(job, reportOfRefusal(settings, facts, error.message));
    throw error;
  } finally {
    await others.stop();
    await data?.reader.close();
  }
}

/**
 * Starts threads once, for data that keeps them busy. Their code is loaded only then: a file of a few MB needs none.
 */
class ThreadStarter {
  readonly #count: number;
  #threads: Promise<Threads> | undefined;

  constructor({ settings }: ValidatorJob) {
    this.#count = (settings.threads ?? availableParallelism()) - 1;
  }

  get threads(): Promise<Threads> | undefined {
    return this.#threads;
  }

  startFor(version: ObjectVersion): void {
    if (this.#threads !== undefined || this.#count === 0 || !isWorthThreads(version)) return;
    this.#threads = import("./startThreads.ts").then(({ startThreads }) => startThreads(this.#count));
    // Thrown when they are awaited.
    this.#threads.catch(() => {});
  }

  async stop(): Promise<void> {
    (await this.#threads?.catch(() => undefined))?.stop();
  }
}

/** A file whose report is already written. */
class Rejected extends WorkerFault {}

async function scan(
  job: ValidatorJob,
  data: OpenedData,
  schema: LoadedSchema,
  checks: SchemaChecks,
  threads: Promise<Threads> | undefined,
): Promise<Findings> {
  const parts: ScanParts = { checks, schema, ...outputsOf(job, data), ...tallyOf(job, data, checks) };
  const { cutter, tally, samples, rejectsCsv, rejectedBin } = parts;
  try {
    await scanData(job, data, parts, { threads });
    await Promise.all([rejectsCsv.close(), rejectedBin.close()]);
  } catch (error) {
    // The first failure is the one to throw.
    await Promise.allSettled([rejectsCsv.abort(), rejectedBin.abort()]);
    throw error;
  }
  const chunks = cutter.finish(data.reader.version.size);
  return {
    columns: checks.columns.map(({ column }) => column),
    tally,
    samples,
    rejectsCsv,
    chunks: chunks.map((chunk, index) => ({ ...chunk, ...rejectedBin.spanOf(index) })),
    records: cutter.records,
    rejected: rejectedBin.count,
    line: cutter.line,
  };
}

/** What is written while the data is scanned. */
function outputsOf({ settings, store }: ValidatorJob, { dialect, header }: OpenedData) {
  const { output, chunkSize, maxRejects } = settings;
  const rejectsCsv = new RejectsCsv({
    ...dialect,
    columnNames: header.names,
    maxRows: maxRejects,
    createWriter: () => store.createWriter(`${output}rejects.csv`, { contentType: "text/csv; charset=utf-8" }),
  });
  const rejectedBin = new RejectedBin(chunkSize, () =>
    store.createWriter(`${output}rejected.bin`, { contentType: "application/octet-stream" }),
  );
  return { rejectsCsv, rejectedBin };
}

/** What is only counted and collected. */
function tallyOf({ settings }: ValidatorJob, { dialect, header }: OpenedData, { sensitive }: SchemaChecks) {
  const { maxRecordBytes, chunkSize, maxSamples } = settings;
  const columnCount = header.names.length;
  const start = { startByte: header.endByte, startLine: header.nextLine };
  return {
    cutter: new ChunkCutter({ chunkSize, dialect, maxRecordBytes, columnCount, ...start }),
    tally: new ErrorTally(),
    samples: new Samples(maxSamples, dialect.quote, (column) => sensitive[column] === true),
  };
}

async function conclude(job: ValidatorJob, data: OpenedData, findings: Findings, started: number): Promise<void> {
  const { settings, log, metrics } = job;
  const verdict = verdictOf(findings.records, findings.rejected, settings.maxInvalid);
  const report = reportOf(settings, data, findings, verdict);
  const manifest: Manifest | undefined = verdict.isAccepted ? manifestOf(settings, data, findings) : undefined;
  await writeResults(job, report, manifest, findings.chunks);

  const seconds = (performance.now() - started) / 1000;
  const { counts } = report;
  log.info("validated", {
    verdict: report.verdict,
    ...counts,
    errors: report.errors,
    chunks: findings.chunks.length,
    seconds,
  });
  metrics.emit({
    Records: { value: counts.records, unit: "Count" },
    Rejected: { value: counts.rejected, unit: "Count" },
    Bytes: { value: counts.bytes, unit: "Bytes" },
    Duration: { value: seconds * 1000, unit: "Milliseconds" },
  });
  if (!verdict.isAccepted) {
    throw new Rejected("data-refused", verdict.reason, {
      hint: `See ${settings.output}report.html for the errors and where they are.`,
    });
  }
}
