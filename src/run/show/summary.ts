import { existsSync } from "node:fs";
import { join } from "node:path";
import { grouped } from "../../shared/text.ts";
import type { PipelineEnd } from "../runPipeline.ts";
import type { JobFailure } from "./tally.ts";

/** How a run ended, as `--format json` prints it. */
export interface RunSummary {
  readonly version: 1;
  readonly outcome: "done" | "refused" | "failed" | "stopped";
  readonly exitCode: 0 | 1 | 2 | 3;
  readonly input: string;
  readonly output: string;
  readonly destination: string;
  readonly records: number;
  readonly valid: number;
  readonly rejected: number;
  /** Records at the destination, sent by this run and earlier ones. */
  readonly delivered: number;
  readonly chunks: { total: number; done: number; doneBefore: number; batch: number; lambda: number };
  readonly wasValidated: boolean;
  readonly report?: string;
  readonly rejects?: string;
  /** Folder of the files with the records, one per chunk. */
  readonly recordsFolder?: string;
  readonly seconds: number;
  readonly failures: readonly JobFailure[];
  /** How the state machine failed. */
  readonly stateMachine?: { readonly error: string; readonly cause: string };
}

export interface SummaryAbout {
  /** As the user typed them. */
  readonly input: string;
  readonly output: string;
  readonly destination: string;
}

export function summaryOf(end: PipelineEnd, { input, output, destination }: SummaryAbout): RunSummary {
  const { tally, failure, isStopped } = end;
  // A state machine that succeeds without validating anything has done nothing.
  const isDone = failure === undefined && tally.counts !== undefined;
  const counts = tally.counts ?? { records: 0, valid: 0, rejected: 0 };
  const outcome = isStopped ? "stopped" : isDone ? "done" : tally.isRefused ? "refused" : "failed";
  const [report, rejects] = ["report.html", "rejects.csv"].map((name) => join(output, name)) as [string, string];
  return {
    version: 1,
    outcome,
    exitCode: exitCodeFor(outcome, tally.exitCode),
    input,
    output,
    destination,
    ...counts,
    delivered: tally.delivered,
    chunks: tally.chunks,
    wasValidated: end.wasValidated,
    ...(tally.counts !== undefined && existsSync(report) && { report }),
    ...(counts.rejected > 0 && existsSync(rejects) && { rejects }),
    ...(destination === "file" && tally.chunks.total > 0 && { recordsFolder: join(output, "records") }),
    seconds: Math.round(end.seconds * 1000) / 1000,
    failures: tally.failures,
    ...(failure !== undefined && { stateMachine: failure }),
  };
}

/** A state machine that fails although no worker failed is at fault itself. */
function exitCodeFor(outcome: RunSummary["outcome"], ofWorkers: 0 | 1 | 2 | 3): 0 | 1 | 2 | 3 {
  if (outcome === "done") return 0;
  return outcome === "stopped" || ofWorkers === 0 ? 3 : ofWorkers;
}

/** The summary as lines of text for people. */
export function summaryText(summary: RunSummary): readonly string[] {
  const { records, valid, rejected, chunks, report, rejects, seconds } = summary;
  const places: readonly (readonly [string, string | undefined])[] = [
    ["records", summary.recordsFolder && `${summary.recordsFolder}/`],
    ["report", report],
    ["rejects", rejects],
  ];
  return [
    `${grouped(records)} records: ${grouped(valid)} valid, ${grouped(rejected)} rejected`,
    ...(chunks.total === 0 ? [] : [`${deliveredText(summary)}, ${chunksText(chunks)}`]),
    ...places.filter(([, path]) => path !== undefined).map(([name, path]) => `${name.padEnd(8)} ${path}`),
    `${seconds} s`,
  ];
}

function deliveredText({ delivered, destination, chunks }: RunSummary): string {
  const { total, doneBefore } = chunks;
  const text = `${grouped(delivered)} delivered to ${destination}`;
  if (doneBefore === 0) return text;
  if (doneBefore === total) return `${text} before, nothing sent this time`;
  return `${text} with ${grouped(doneBefore)} of ${grouped(total)} chunks done before`;
}

function chunksText({ done, total, batch, lambda }: RunSummary["chunks"]): string {
  const all = total === 1 ? "1 chunk" : `${grouped(total)} chunks`;
  const routes = `${grouped(batch)} by the batch route, ${grouped(lambda)} by the lambda route`;
  return `${done === total ? all : `${grouped(done)} of ${all}`}: ${routes}`;
}

/** Why a run did not succeed, and what to do next; the parts of a message. */
export function failureText(summary: RunSummary): { readonly message: string; readonly hint: string } | undefined {
  const { outcome, failures, stateMachine, input, output, destination } = summary;
  const again =
    destination === "stdout"
      ? "the same command prints all records again"
      : "the same command continues where this one stopped";
  if (outcome === "done") return undefined;
  if (outcome === "stopped") return { message: "the run was stopped", hint: again };
  const [first] = failures;
  if (first === undefined) {
    const message =
      stateMachine === undefined
        ? "the state machine ended without validating the file"
        : `the state machine failed: ${stateMachine.error}: ${stateMachine.cause}`;
    return { message, hint: '"gen-batch-config validate" shows what is wrong with it' };
  }
  const log = join(output, "logs", `${first.job}.log`);
  const others = failures.length > 1 ? ` (and ${failures.length - 1} more)` : "";
  if (outcome === "refused") {
    const message = `${input} was refused: ${first.message}`;
    const hint = `read ${summary.report ?? join(output, "report.html")}; correct the file and run again, or allow that many with --max-invalid`;
    return { message, hint };
  }
  const message = `${first.job} failed${others}: ${first.message ?? `${first.outcome}; see ${log}`}`;
  const hints = [first.hint, `the log is ${log}`, nextStep(first, again)].filter((hint) => hint !== undefined);
  return { message, hint: hints.map((hint) => hint.replace(/\.$/, "")).join("; ") };
}

/** Repeating the command does not help against a failure that would only occur again. */
function nextStep({ outcome, job }: JobFailure, again: string): string {
  if (outcome === "data-refused") {
    return job === "validate" ? "correct the file or its schema and run again" : "correct the file and run again";
  }
  if (outcome === "input-missing") return "put the file in place and run again";
  if (outcome === "usage" || outcome === "configuration") return "correct it and run again";
  return outcome === "not-allowed" ? `then ${again}` : again;
}
