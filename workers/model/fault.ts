import exitCodes from "../../schemas/worker-exit-codes.json" with { type: "json" };
import { type AccessFaultId, accessHints } from "../../src/shared/accessHints.ts";

/** How a worker ends, by its name in schemas/worker-exit-codes.json. */
export type Outcome =
  | "done"
  | "usage"
  | "data-refused"
  | "input-missing"
  | "bug"
  | "try-again"
  | "not-allowed"
  | "configuration";

/**
 * An error that ends the work. By the outcome (as the exit code), AWS Batch decides whether another attempt makes
 * sense.
 */
export class WorkerFault extends Error {
  readonly outcome: Outcome;
  /** What the reader can do about it, as a sentence. */
  readonly hint: string | undefined;
  /** Set when a service denied access. */
  readonly id: AccessFaultId | undefined;

  constructor(outcome: Outcome, message: string, { hint, id, cause }: FaultDetails = {}) {
    super(message, { cause });
    this.name = "WorkerFault";
    this.outcome = outcome;
    this.hint = id === undefined ? hint : accessHints[id].job;
    this.id = id;
  }
}

interface FaultDetails {
  readonly hint?: string | undefined;
  /** Its hint is looked up, see src/shared/accessHints.ts. */
  readonly id?: AccessFaultId | undefined;
  readonly cause?: unknown;
}

export function exitCodeOf(outcome: Outcome): number {
  const row = exitCodes.codes.find(({ name }) => name === outcome);
  if (row === undefined) throw new Error(`schemas/worker-exit-codes.json has no ${outcome}`);
  return row.code;
}
