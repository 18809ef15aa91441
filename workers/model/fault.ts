import exitCodes from "../../schemas/worker-exit-codes.json" with { type: "json" };

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

/** Something that ends the work. The outcome tells AWS Batch (by the exit code) whether another attempt makes sense. */
export class WorkerFault extends Error {
  readonly outcome: Outcome;
  /** What the reader can do about it, as a sentence. */
  readonly hint: string | undefined;

  constructor(outcome: Outcome, message: string, { hint, cause }: { hint?: string; cause?: unknown } = {}) {
    super(message, { cause });
    this.name = "WorkerFault";
    this.outcome = outcome;
    this.hint = hint;
  }
}

export function exitCodeOf(outcome: Outcome): number {
  const row = exitCodes.codes.find(({ name }) => name === outcome);
  if (row === undefined) throw new Error(`schemas/worker-exit-codes.json has no ${outcome}`);
  return row.code;
}
