import { availableParallelism } from "node:os";
import { performance } from "node:perf_hooks";
import type { SchemaChecks } from "../checks/schemaChecks.ts";
import { WorkerFault } from "../model/fault.ts";
import type { Manifest } from "../model/manifest.ts";
import type { ObjectVersion } from "../model/objectStore.ts";
import type { ValidatorJob } from "../program/job.ts";
import { compileChecks, type LoadedSchema, loadSchema } from "./loadChecks.ts";
import { ChunkCutter, type CutChunk } from "./merge/chunkCutter.ts";
import { ErrorTally } from "./merge/errorTally.ts";
import { RejectedRecords } from "./merge/rejectedRecords.ts";
import { RejectsFile } from "./merge/rejectsFile.ts";
import { Samples } from "./merge/samples.ts";
import { type OpenedData, openData, type SourceFacts } from "./open/openData.ts";
import { refuseOwnOutput } from "./refuseOwnOutput.ts";
import { type Findings, reportOf, reportOfRefusal } from "./reportOf.ts";
import { isWorthThreads, type ScanParts, scanData } from "./scanData.ts";
import type { Threads } from "./startThreads.ts";
import { verdictOf } from "./verdict.ts";
import { manifestOf, writeResults } from "./writeResults.ts";

/**
 * Validates a file in one pass: open → read the header → scan → write. Throws data-refused for a file that holds more invalid
 * records than allowed, or is none; the report says why. The manifest is written last, and only for a file that is
 * accepted: what is not there cannot be processed.
 */
export async function validate(job: ValidatorJob): Promise<void> {
  const started = performance.now();
  const { settings, store, signal } = job;
  refuseOwnOutput(settings);
  const loading = loadSchema(settings.schema, store);
  // Reported when it is awaited below; it must not count as unhandled before.
  loading.catch(() => {});
  let facts: SourceFacts | undefined;
  let data: OpenedData | undefined;
  const others = threadStarter(job);
  try {
    data = await openData(settings, store, signal, (known) => {
      facts = known;
      // They start while the schema is compiled. Of what is compressed the size is not known before it is unpacked.
      others.startFor(known.source);
    });
    others.startFor(data.reader.version);
    const schema = await loading;
    const checks = compileChecks(schema, data.header.names);
    const findings = await scan(job, data, schema, checks, others.threads());
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

/** Starts threads once, for data that keeps them busy. They are loaded only then: a file of a few MB has none. */
function threadStarter({ settings }: ValidatorJob) {
  const count = (settings.threads ?? availableParallelism()) - 1;
  let threads: Promise<Threads> | undefined;
  return {
    startFor(version: ObjectVersion): void {
      if (threads !== undefined || count === 0 || !isWorthThreads(version)) return;
      threads = import("./startThreads.ts").then(({ startThreads }) => startThreads(count));
      // Met by whoever waits for them.
      threads.catch(() => {});
    },
    threads: () => threads,
    async stop(): Promise<void> {
      (await threads?.catch(() => undefined))?.stop();
    },
  };
}

/** A file of which the report was written already. */
class Rejected extends WorkerFault {}

async function scan(
  job: ValidatorJob,
  data: OpenedData,
  schema: LoadedSchema,
  checks: SchemaChecks,
  threads: Promise<Threads> | undefined,
): Promise<Findings> {
  const { settings, store } = job;
  const { dialect, header } = data;
  const columnNames = header.names;
  const { maxRecordBytes, chunkSize } = settings;
  const cutter = new ChunkCutter({
    chunkSize,
    dialect,
    maxRecordBytes,
    columnCount: columnNames.length,
    startByte: header.endByte,
    startLine: header.nextLine,
  });
  const tally = new ErrorTally();
  const samples = new Samples(settings.maxSamples, dialect.quote, (column) => checks.sensitive[column] === true);
  const rejects = new RejectsFile({
    ...dialect,
    columnNames,
    maxRows: settings.maxRejects,
    createWriter: () => store.createWriter(`${settings.output}rejects.csv`, { contentType: "text/csv; charset=utf-8" }),
  });
  const rejected = new RejectedRecords(chunkSize, () =>
    store.createWriter(`${settings.output}rejected.bin`, { contentType: "application/octet-stream" }),
  );
  const parts: ScanParts = { checks, schema, cutter, tally, samples, rejects, rejected };
  try {
    await scanData(job, data, parts, { threads });
    await Promise.all([rejects.close(), rejected.close()]);
  } catch (error) {
    // What went wrong first is what has to be told.
    await Promise.allSettled([rejects.abort(), rejected.abort()]);
    throw error;
  }
  const chunks = cutter.finish(data.reader.version.size).map((chunk: CutChunk, index) => ({
    ...chunk,
    ...rejected.spanOf(index),
  }));
  const columns = checks.columns.map(({ column }) => column);
  return {
    columns,
    tally,
    samples,
    rejects,
    chunks,
    records: cutter.records,
    rejected: rejected.count,
    line: cutter.line,
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
      hint: `see ${settings.output}report.html for what is wrong where`,
    });
  }
}
