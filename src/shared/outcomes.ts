import exitCodes from "../../schemas/worker-exit-codes.json" with { type: "json" };

/** The error that the function throws for an outcome of the workers: "data-refused" is DataRefused. A state machine matches it. */
export function errorNameOf(outcome: string): string {
  return outcome.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** Errors of the function after which it is called again: those of the outcomes that a job retries. */
export const retriedErrors: readonly string[] = exitCodes.codes
  .filter(({ retry }) => retry)
  .map(({ name }) => errorNameOf(name));
