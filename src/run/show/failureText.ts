import { join } from "node:path";
import type { RunSummary } from "./summary.ts";
import type { JobFailure } from "./tally.ts";

/** Why a run did not end well, and what to do next; the parts of a message. */
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
    return { message, hint: 'see "gen-batch-config validate" for what is wrong with it' };
  }
  const log = join(output, "logs", `${first.job}.log`);
  const others = failures.length > 1 ? ` (and ${failures.length - 1} more)` : "";
  if (outcome === "refused") {
    const message = `${input} was refused: ${first.message}`;
    const hint = `read ${summary.report ?? join(output, "report.html")}; correct the file and run again, or allow so many with --max-invalid`;
    return { message, hint };
  }
  const message = `${first.job} failed${others}: ${first.message ?? `${first.outcome}; see ${log}`}`;
  const hints = [first.hint, `the log is ${log}`, nextStep(first, again)].filter((hint) => hint !== undefined);
  return { message, hint: hints.map((hint) => hint.replace(/\.$/, "")).join("; ") };
}

/** After what the same command can only meet again, it is no way to go on. */
function nextStep({ outcome, job }: JobFailure, again: string): string {
  if (outcome === "data-refused") {
    return job === "validate" ? "correct the file or its schema and run again" : "correct the file and run again";
  }
  if (outcome === "input-missing") return "put the file in place and run again";
  if (outcome === "usage" || outcome === "configuration") return "correct it and run again";
  return outcome === "not-allowed" ? `then ${again}` : again;
}
