import { createWriteStream, type WriteStream } from "node:fs";
import { join } from "node:path";
import { errorNameOf } from "../../shared/outcomes.ts";
import type { Machine } from "../machine.ts";
import { StatesError } from "../states/statesError.ts";
import { outcomeOf } from "./exitCodeOf.ts";
import { jobDescription, statusReasonOf } from "./jobDescription.ts";
import type { Job } from "./planJobs.ts";
import { type AttemptResult, decidesToRetry, runAttempts } from "./runAttempts.ts";
import type { StartProcess } from "./startProcess.ts";
import type { Stop } from "./stop.ts";
import type { WorkerEvent } from "./workerEvent.ts";
import { workerVariables } from "./workerVariables.ts";

export interface JobRunnerParts {
  readonly machine: Machine;
  readonly startProcess: StartProcess;
  readonly stop: Stop;
  readonly logOf: (id: string) => string;
  /** Records are written to the standard output of this process. */
  readonly toStdout: boolean;
  /** The validator may draw its progress on the terminal. */
  readonly drawsProgress: boolean;
  readonly onProcess: (pid: number, isRunning: boolean) => void;
  readonly onEvent: (job: Job, event: WorkerEvent) => void;
  /** Called when an attempt of a job has failed and another one follows. */
  readonly onRetry?: (job: Job, attempt: number, result: AttemptResult) => void;
  /** `error` is what the state machine receives for a failed job. */
  readonly onEnd: (job: Job, result: AttemptResult, error: StatesError | undefined) => void;
}

/** Runs jobs as local processes, with the retries of their definition, and reports on them as AWS would. */
export function createJobRunner(parts: JobRunnerParts): (job: Job, parameters: unknown) => Promise<unknown> {
  return async (job, parameters) => {
    const results = await attempt(job, parts);
    // There is at least one.
    const last = results.at(-1) as AttemptResult;
    const description = jobDescription(job, parameters, results);
    const error = last.exitCode === 0 ? undefined : errorOf(job, last, description);
    parts.onEnd(job, last, error);
    if (error !== undefined) throw error;
    return job.definition === undefined
      ? { StatusCode: 200, Payload: { chunkId: job.id, outcome: "done" } }
      : description;
  };
}

async function attempt(job: Job, parts: JobRunnerParts): Promise<readonly AttemptResult[]> {
  const { startProcess, stop, machine, toStdout, drawsProgress } = parts;
  const isDelivery = job.route !== undefined;
  const log = createWriteStream(parts.logOf(job.id), { flags: "a" });
  // A log that cannot be written (a full disk) must not stop records that can be delivered.
  log.on("error", () => {});
  try {
    log.write(`${JSON.stringify(startLine(job, machine))}\n`);
    return await runAttempts(
      {
        command: commandOf(job, machine),
        environment: { ...workerVariables(machine.environment), ...job.environment },
        stdout: toStdout && isDelivery ? "own" : "lines",
        stderr: drawsProgress && !isDelivery ? "own" : "lines",
        timeoutSeconds: job.definition?.timeoutSeconds,
        heedsSignals: job.start.kind === "program",
        onProcess: parts.onProcess,
        onLine: (line, event) => {
          log.write(`${line}\n`);
          if (event !== undefined) parts.onEvent(job, event);
        },
        onRetry: (number, result) => parts.onRetry?.(job, number, result),
        decidesToRetry: (number, result) => retries(job, number, result, toStdout && isDelivery),
      },
      startProcess,
      stop,
    );
  } finally {
    await closed(log);
  }
}

/** The command of a job on this machine: Node in place of the image, and the bundle in place of its program. */
export function commandOf({ worker, start }: Job, machine: Machine): [string, ...string[]] {
  const { execPath, workersFolder, lambdaHost } = machine;
  if (start.kind === "program") return [execPath, join(workersFolder, worker, `${worker}.js`), ...start.args];
  const bundle = join(workersFolder, "lambda", "index.mjs");
  return [execPath, lambdaHost, bundle, JSON.stringify(start.event), String(start.timeoutSeconds * 1000)];
}

/** In the format of the workers' own log lines. */
function startLine(job: Job, machine: Machine): object {
  const { worker, overrides } = job;
  const time = new Date().toISOString();
  return { level: "info", time, worker, event: "run", command: commandOf(job, machine), overrides };
}

/** Printed records cannot be undone, and another attempt would print them again. */
function retries({ definition }: Job, number: number, result: AttemptResult, isPrinted: boolean): boolean {
  if (definition === undefined || isPrinted) return false;
  return decidesToRetry(definition, number, {
    exitCode: result.exitCode,
    reason: "",
    statusReason: statusReasonOf(result),
  });
}

function errorOf({ definition }: Job, { exitCode, message }: AttemptResult, description: object): StatesError {
  if (definition !== undefined) return new StatesError("States.TaskFailed", JSON.stringify(description));
  const name = outcomeOf(exitCode).includes(" ") ? "Lambda.Unknown" : errorNameOf(outcomeOf(exitCode));
  return new StatesError(name, JSON.stringify({ errorType: name, errorMessage: message ?? "" }));
}

function closed(log: WriteStream): Promise<void> {
  return new Promise((settle) => {
    if (log.closed) return settle();
    log.once("close", settle);
    log.end();
  });
}
