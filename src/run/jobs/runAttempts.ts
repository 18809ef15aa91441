import type { ExitRule, JobDefinition } from "./jobDefinition.ts";
import type { StartedProcess, StartProcess } from "./startProcess.ts";
import type { Stop } from "./stop.ts";
import { hintIn, readWorkerEvent, textIn, type WorkerEvent } from "./workerEvent.ts";

export interface AttemptsRequest {
  readonly command: readonly [string, ...string[]];
  readonly environment: Readonly<Record<string, string>>;
  readonly stdout: "lines" | "own";
  readonly stderr: "lines" | "own";
  /** Of one attempt. */
  readonly timeoutSeconds: number | undefined;
  /** A function cannot be stopped: the first signal lets it finish, the second one kills it. */
  readonly heedsSignals: boolean;
  /** Called when a process starts and when it has ended. */
  readonly onProcess: (pid: number, isRunning: boolean) => void;
  readonly onLine: (line: string, event: WorkerEvent | undefined) => void;
  /** `attempt` counts from 1. */
  readonly decidesToRetry: (attempt: number, end: AttemptResult) => boolean;
  /** Called when an attempt has failed and another one follows. */
  readonly onRetry?: (attempt: number, end: AttemptResult) => void;
}

export interface AttemptResult {
  readonly exitCode: number;
  /** The message of the last failure event; undefined when there was none. */
  readonly message: string | undefined;
  readonly hint: string | undefined;
  /** True when we ended it, because it exceeded the timeout of an attempt. */
  readonly hasTimedOut: boolean;
}

/** Starts a process until it needs no further attempt. Returns the result of each; the last one counts. Throws Stopped when the run is stopped. */
export async function runAttempts(
  request: AttemptsRequest,
  start: StartProcess,
  stop: Stop,
): Promise<readonly AttemptResult[]> {
  const results: AttemptResult[] = [];
  for (let attempt = 1; ; attempt += 1) {
    stop.throwIfStopped();
    const result = await runOnce(request, attempt, { start, stop });
    results.push(result);
    if (result.exitCode === 0) return results;
    // The run is stopping, so whether to retry no longer matters.
    stop.throwIfStopped();
    if (result.hasTimedOut || !request.decidesToRetry(attempt, result)) return results;
    request.onRetry?.(attempt, result);
  }
}

/** How an attempt ended, as AWS Batch sees it. */
export interface AttemptEnd {
  readonly exitCode: number;
  /** Why the container ended, if the exit code is not the whole story. */
  readonly reason: string;
  readonly statusReason: string;
}

/**
 * Whether AWS Batch would start another attempt: the first matching rule of evaluate_on_exit decides; if none matches, it
 * retries as long as there are attempts left.
 */
export function decidesToRetry(definition: JobDefinition, attempt: number, end: AttemptEnd): boolean {
  if (end.exitCode === 0 || attempt >= definition.attempts) return false;
  const rule = definition.exitRules.find((candidate) => fits(candidate, end));
  return rule === undefined || rule.action.toUpperCase() === "RETRY";
}

async function runOnce(
  request: AttemptsRequest,
  attempt: number,
  { start, stop }: { readonly start: StartProcess; readonly stop: Stop },
): Promise<AttemptResult> {
  let last: WorkerEvent | undefined;
  const environment = { ...request.environment, AWS_BATCH_JOB_ATTEMPT: String(attempt) };
  const started = start({ ...request, environment }, (line) => {
    const event = readWorkerEvent(line);
    if ((event?.event === "failed" || event?.event === "stopped") && !repeats(event, last)) last = event;
    request.onLine(line, event);
  });
  if (started.pid !== undefined) request.onProcess(started.pid, true);
  let hasTimedOut = false;
  const timers = timeoutOf(request, started, () => {
    hasTimedOut = true;
  });
  const unlisten = stop.listen((signal, isFirst) => {
    if (request.heedsSignals) started.kill(signal);
    else if (!isFirst) started.kill("SIGKILL");
  });
  try {
    const exitCode = await started.ended;
    return { exitCode, message: textIn(last, "message"), hint: hintIn(last), hasTimedOut };
  } finally {
    if (started.pid !== undefined) request.onProcess(started.pid, false);
    unlisten();
    for (const timer of timers) clearTimeout(timer);
  }
}

/** The error of a function joins the message and the hint that its log contains separately. */
function repeats(event: WorkerEvent, last: WorkerEvent | undefined): boolean {
  const hint = textIn(last, "hint");
  return hint !== undefined && textIn(event, "message") === `${textIn(last, "message")} (${hint})`;
}

/** As AWS Batch does it: SIGTERM, and SIGKILL after 30 seconds. */
function timeoutOf(
  { timeoutSeconds }: AttemptsRequest,
  started: StartedProcess,
  onTimeout: () => void,
): readonly NodeJS.Timeout[] {
  if (timeoutSeconds === undefined) return [];
  const first = setTimeout(() => {
    onTimeout();
    started.kill("SIGTERM");
  }, timeoutSeconds * 1000);
  const second = setTimeout(() => started.kill("SIGKILL"), (timeoutSeconds + 30) * 1000);
  return [first, second];
}

function fits({ exitCode, reason, statusReason }: ExitRule, end: AttemptEnd): boolean {
  return (
    matches(exitCode, String(end.exitCode)) && matches(reason, end.reason) && matches(statusReason, end.statusReason)
  );
}

/** A pattern may end with a star. Case does not matter. */
function matches(pattern: string | undefined, text: string): boolean {
  if (pattern === undefined) return true;
  const [wanted, found] = [pattern.toLowerCase(), text.toLowerCase()];
  return wanted.endsWith("*") ? found.startsWith(wanted.slice(0, -1)) : found === wanted;
}
