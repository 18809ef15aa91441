import { randomUUID } from "node:crypto";
import type { Writable } from "node:stream";
import type { ProcessorJob } from "../program/job.ts";
import { sinkOf } from "../sinks/index.ts";
import { attemptName } from "./attempt.ts";
import { deliver } from "./deliver.ts";
import { emitMetrics } from "./runReport.ts";

/** The flow of the program batch_processor. */
export async function processChunk(job: ProcessorJob): Promise<void> {
  const { settings, store, log, metrics, progress, signal, batchJobId, attempt, stdout } = job;
  await deliver(settings, {
    store,
    // In a process this stream is more than its interface says.
    openSink: ({ destination }, context, sinkLog) =>
      sinkOf(destination).open({ context, log: sinkLog, stdout: stdout as Writable }),
    log,
    now: () => performance.now(),
    attempt: attemptName({ job: batchJobId, attempt, random: randomUUID().slice(0, 8) }),
    signal,
    onMetrics: (numbers) => emitMetrics(metrics, numbers),
    onProgress: (records, fraction) => progress.update({ rows: records, fraction }),
  });
}
