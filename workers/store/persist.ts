import { type Patience, retry } from "../../src/shared/retry.ts";
import { oneLine } from "../../src/shared/text.ts";
import { WorkerFault } from "../model/fault.ts";

/**
 * Repeats a call of a store until it succeeds. A WorkerFault ends it immediately, because another attempt would not
 * help. After `patience.attempts` failures in a row without progress it throws try-again. `hasProgressed` is called
 * after each failure, and returns whether the attempt made progress.
 */
export async function persist<Result>(
  what: string,
  patience: Patience,
  signal: AbortSignal | undefined,
  work: (attemptNumber: number) => Promise<Result>,
  hasProgressed: () => boolean = () => false,
): Promise<Result> {
  return retry(work, {
    patience,
    signal,
    isFinal: (error) => error instanceof WorkerFault,
    hasProgressed,
    gaveUp: (attempts, lastError) => noAnswer(what, attempts, lastError),
  });
}

function noAnswer(what: string, attempts: number, cause: unknown): WorkerFault {
  const reason = cause instanceof Error && cause.message !== "" ? cause.message : String(cause);
  return new WorkerFault(
    "try-again",
    `${oneLine(what)}: no answer in ${attempts} attempts, the last time: ${oneLine(reason)}`,
    {
      hint: "Check whether this machine can reach the service: its address, the route or VPC endpoint, the security group.",
      cause,
    },
  );
}
