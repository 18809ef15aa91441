import exitCodes from "../../schemas/worker-exit-codes.json" with { type: "json" };
import { type AccessFaultId, accessHints } from "../../src/shared/accessHints.ts";

/** How a worker ends, by the name that schemas/worker-exit-codes.json gives it. */
export type Outcome =
  | "done"
  | "usage"
  | "data-refused"
  | "input-missing"
  | "bug"
  | "try-again"
  | "not-allowed"
  | "configuration";

/** Something that ends the work. The outcome (as the exit code) lets AWS Batch decide whether another attempt makes sense. */
export class WorkerFault extends Error {
  readonly outcome: Outcome;
  /** What the reader can do about it, as a sentence. */
  readonly hint: string | undefined;
  /** Set when a service did not let the worker in. */
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
