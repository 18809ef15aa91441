import { WorkerFault } from "../model/fault.ts";

/**
 * The fault of an attempt that ends because of `thrown`: when it was told to stop, and nothing worse has come in between,
 * that it was stopped. Whatever an interrupted call throws is the doing of the signal then.
 */
export function orStopped(thrown: unknown, signal: AbortSignal, told: { message: string; hint: string }): unknown {
  const isWorse = thrown instanceof WorkerFault && thrown.outcome !== "try-again";
  if (!signal.aborted || isWorse) return thrown;
  return new WorkerFault("try-again", `${told.message} (${reasonOf(signal)})`, { hint: told.hint });
}

/** Who aborts may give a text or an error; who gives nothing gets a word of the platform. */
function reasonOf({ reason }: AbortSignal): string {
  return reason instanceof Error ? reason.message : String(reason);
}
