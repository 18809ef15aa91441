import { writeSync } from "node:fs";
import process from "node:process";
import type { WorkerName } from "../../src/shared/contract.ts";
import type { Metrics } from "../log/createMetrics.ts";
import { WorkerFault } from "../model/fault.ts";
import type { Log } from "../model/log.ts";
import { createProgress } from "../progress/createProgress.ts";
import { readSettings, type SettingsOf } from "../settings/readSettings.ts";
import { type Ending, endingOf } from "./endingOf.ts";
import type { Flow } from "./job.ts";

/**
 * A worker from its arguments to its exit code; only this file touches the process. `load` imports the flow, with
 * the clients that it needs, once the settings are known to be valid: problems with them are reported immediately.
 */
export async function runWorker<Name extends WorkerName>(
  name: Name,
  load: () => Promise<Flow<SettingsOf[Name]>>,
): Promise<void> {
  const signal = stopSignal();
  const run: Run = { name, signal, log: undefined };
  process.on("uncaughtException", (error) => finish(fail(run, error)));
  process.on("unhandledRejection", (error) => finish(fail(run, error)));
  try {
    finish(await work(run, name, load));
  } catch (error) {
    finish(fail(run, error));
  }
}

interface Run {
  readonly name: WorkerName;
  readonly signal: AbortSignal;
  /** Undefined while the settings are being read. */
  log: Log | undefined;
}

async function work<Name extends WorkerName>(
  run: Run,
  name: Name,
  load: () => Promise<Flow<SettingsOf[Name]>>,
): Promise<number> {
  const reading = readSettings(name, process.argv.slice(2), process.env);
  if ("text" in reading) {
    write(1, reading.text);
    return 0;
  }
  const { settings } = reading;
  const job = jobOfBatch();
  const { log, metrics } = await createOutputs(name, settings, job);
  run.log = log;
  const started = performance.now();
  log.info("started", { settings });
  const [flow, { createStore }] = await Promise.all([load(), import("../store/openStore.ts")]);
  const { region = "", bucket } = settings;
  const storeSettings = { region, bucket };
  const store = createStore(storeSettings);
  const progress = createProgress({
    mode: settings.progress,
    label: name,
    stream: process.stderr,
    colors: !process.env.NO_COLOR,
  });
  try {
    const { signal } = run;
    await flow({ settings, store, storeSettings, log, metrics, progress, signal, ...job, stdout: process.stdout });
  } finally {
    progress.end();
    store.destroy();
  }
  log.info("ended", { outcome: "done", exitCode: 0, durationMs: Math.round(performance.now() - started) });
  return 0;
}

interface BatchJob {
  /** Undefined when AWS Batch did not start this. */
  readonly batchJobId: string | undefined;
  readonly attempt: number;
}

function jobOfBatch(): BatchJob {
  const attempt = Number(process.env.AWS_BATCH_JOB_ATTEMPT ?? 1) || 1;
  return { batchJobId: process.env.AWS_BATCH_JOB_ID, attempt };
}

async function createOutputs(
  name: WorkerName,
  settings: SettingsOf[WorkerName],
  { batchJobId, attempt }: BatchJob,
): Promise<{ readonly log: Log; readonly metrics: Metrics }> {
  const { createLog } = await import("../log/createLog.ts");
  const { createMetrics, noMetrics } = await import("../log/createMetrics.ts");
  const descriptor = writesRecordsToStdout(settings) ? 2 : 1;
  const stream = { write: (line: string) => write(descriptor, line) };
  const chunk = "chunkId" in settings ? { chunkId: settings.chunkId } : {};
  const about = { worker: name, ...(batchJobId !== undefined && { jobId: batchJobId }), attempt, ...chunk };
  // On a terminal nothing collects them.
  const isQuiet = settings.metrics === "none" || (settings.metrics === "auto" && batchJobId === undefined);
  const namespace = settings.metricsNamespace;
  return {
    log: createLog({ level: settings.logLevel, about, stream }),
    metrics: isQuiet ? noMetrics : createMetrics({ namespace, dimensions: { Worker: name }, write: stream.write }),
  };
}

/** Fires at the first SIGTERM or SIGINT. At the second one the worker ends immediately, as if it had been killed. */
function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of ["SIGTERM", "SIGINT"] as const) {
    process.on(name, () => {
      const fault = new WorkerFault("try-again", `stopped by ${name}`, {
        hint: "The next attempt continues from the checkpoint.",
      });
      if (controller.signal.aborted) finish(endingOf(fault, controller.signal).exitCode);
      controller.abort(fault);
    });
  }
  return controller.signal;
}

/** Reports the reason in one line of the log, and on a terminal as text. */
function fail(run: Run, thrown: unknown): number {
  const ending = endingOf(thrown, run.signal);
  const event = ending.outcome === "try-again" ? "stopped" : "failed";
  if (run.log !== undefined) run.log.error(event, { ...ending });
  else if (process.stderr.isTTY) write(2, inWords(run.name, ending));
  else
    write(
      2,
      `${JSON.stringify({ level: "error", time: new Date().toISOString(), worker: run.name, event, ...ending })}\n`,
    );
  return ending.exitCode;
}

function inWords(worker: string, { message, hint, stack }: Ending): string {
  return `${worker}: ${stack ?? message}\n${hint === undefined ? "" : `hint: ${hint}\n`}`;
}

function writesRecordsToStdout(settings: SettingsOf[WorkerName]): boolean {
  return "destination" in settings && settings.destination.kind === "stdout";
}

/** Writes a whole text before it returns, so that nothing is lost when the process exits right after it. */
function write(descriptor: number, text: string): void {
  let bytes = Buffer.from(text);
  while (bytes.length > 0) {
    try {
      bytes = bytes.subarray(writeSync(descriptor, bytes));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // A pipe may be full for the moment; one whose reader is gone accepts nothing more, which is not a reason to
      // fail.
      if (code === "EPIPE") return;
      if (code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

/** Ends the process even if something keeps it alive: an open connection of a client, a timer. */
function finish(exitCode: number): void {
  process.exitCode = exitCode;
  process.stdout.write("", () => process.exit(exitCode));
}
