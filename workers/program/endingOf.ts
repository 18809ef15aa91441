import type { AccessFaultId } from "../../src/shared/accessHints.ts";
import { exitCodeOf, type Outcome, WorkerFault } from "../model/fault.ts";
import { type SettingProblem, SettingsFault } from "../settings/settingsFault.ts";

/** How a run failed, as written in the last line of its log. */
export interface Ending {
  readonly outcome: Outcome;
  readonly exitCode: number;
  readonly message: string;
  readonly hint?: string;
  /** Set when a service denied access; identifies the hint for other places, see src/shared/accessHints.ts. */
  readonly id?: AccessFaultId;
  /** Only for a bug, including its cause. */
  readonly stack?: string;
  readonly cause?: string;
  readonly problems?: readonly SettingProblem[];
}

/** What a thrown value means. Anything that a signal interrupted is try-again; anything unexpected is a bug. */
export function endingOf(thrown: unknown, signal: AbortSignal): Ending {
  const fault = faultOf(thrown, signal);
  if (fault === undefined) return bug(thrown);
  const { outcome, message, hint, id, cause } = fault;
  return {
    outcome,
    exitCode: exitCodeOf(outcome),
    message,
    ...(hint !== undefined && { hint }),
    ...(id !== undefined && { id }),
    ...(cause !== undefined && { cause: textOf(cause) }),
    ...(fault instanceof SettingsFault && { problems: fault.problems }),
  };
}

function faultOf(thrown: unknown, signal: AbortSignal): WorkerFault | undefined {
  if (thrown instanceof WorkerFault) return thrown;
  // Node and the SDKs throw their own error when a signal aborts them; the reason is ours.
  const isAbort = thrown instanceof Error && (thrown.name === "AbortError" || thrown.name === "TimeoutError");
  if (!isAbort || !signal.aborted) return undefined;
  return signal.reason instanceof WorkerFault ? signal.reason : undefined;
}

function bug(thrown: unknown): Ending {
  const stack = thrown instanceof Error ? thrown.stack : undefined;
  const cause = thrown instanceof Error ? thrown.cause : undefined;
  return {
    outcome: "bug",
    exitCode: exitCodeOf("bug"),
    message: thrown instanceof Error ? thrown.message : textOf(thrown),
    hint: "Report it with this line.",
    ...(stack !== undefined && { stack }),
    ...(cause !== undefined && { cause: textOf(cause) }),
  };
}

function textOf(value: unknown): string {
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  try {
    return String(value);
  } catch {
    return "a value without a text form";
  }
}
