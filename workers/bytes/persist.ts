import { setTimeout as sleep } from "node:timers/promises";
import { WorkerFault } from "../model/fault.ts";
import { oneLine } from "./oneLine.ts";
import { delayMs, type Patience } from "./patience.ts";

/**
 * Does the work again until it succeeds. A WorkerFault ends it at once: it says that another attempt would not help.
 * After `patience.attempts` failures in a row without progress it throws try-again. `hasProgressed` is asked after each
 * failure whether the attempt brought anything.
 */
export async function persist<Result>(
  what: string,
  patience: Patience,
  signal: AbortSignal | undefined,
  work: (attemptNumber: number) => Promise<Result>,
  hasProgressed: () => boolean = () => false,
): Promise<Result> {
  let fruitless = 0;
  for (let attemptNumber = 1; ; attemptNumber++) {
    signal?.throwIfAborted();
    try {
      return await work(attemptNumber);
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof WorkerFault || isProgrammingError(error)) throw error;
      fruitless = hasProgressed() ? 0 : fruitless + 1;
      if (fruitless >= patience.attempts) throw gaveUp(what, fruitless, error);
    }
    await pause(delayMs(fruitless, patience), signal);
  }
}

/** Would be no different the next time, and its message must not be lost behind "did not answer". */
function isProgrammingError(error: unknown): boolean {
  return error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError;
}

function gaveUp(what: string, attempts: number, cause: unknown): WorkerFault {
  const reason = cause instanceof Error && cause.message !== "" ? cause.message : String(cause);
  return new WorkerFault(
    "try-again",
    `${oneLine(what)}: no answer in ${attempts} attempts, the last time: ${oneLine(reason)}`,
    {
      hint: "See whether the service can be reached from where this runs: its address, the route or VPC endpoint, the security group.",
      cause,
    },
  );
}

async function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(milliseconds, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}
