import type { ExitRule, JobDefinition } from "./jobDefinition.ts";

/** How an attempt ended, as AWS Batch sees it. */
export interface AttemptEnd {
  readonly exitCode: number;
  /** Why the container ended, where there is more to say than its exit code. */
  readonly reason: string;
  readonly statusReason: string;
}

/**
 * Whether AWS Batch would start another attempt: the first rule of evaluate_on_exit that fits decides; where none does, and
 * where there are no rules, it tries again as long as there are attempts.
 */
export function decidesToRetry(definition: JobDefinition, attempt: number, end: AttemptEnd): boolean {
  if (end.exitCode === 0 || attempt >= definition.attempts) return false;
  const rule = definition.exitRules.find((candidate) => fits(candidate, end));
  return rule === undefined || rule.action.toUpperCase() === "RETRY";
}

function fits({ exitCode, reason, statusReason }: ExitRule, end: AttemptEnd): boolean {
  return (
    matches(exitCode, String(end.exitCode)) && matches(reason, end.reason) && matches(statusReason, end.statusReason)
  );
}

/** A star may stand at the end. Capitals make no difference. */
function matches(pattern: string | undefined, text: string): boolean {
  if (pattern === undefined) return true;
  const [wanted, found] = [pattern.toLowerCase(), text.toLowerCase()];
  return wanted.endsWith("*") ? found.startsWith(wanted.slice(0, -1)) : found === wanted;
}
