import { WorkerFault } from "../model/fault.ts";
import type { Log } from "../model/log.ts";
import type { ObjectStore } from "../model/objectStore.ts";
import type { DeliveryContext, OpenedSink } from "../model/recordSink.ts";
import type { ProcessorSettings } from "../settings/settings.ts";
import type { ChunkMetrics } from "./runReport.ts";

/** What an attempt at a chunk needs from outside. */
export interface Attempt {
  readonly store: ObjectStore;
  readonly openSink: OpenSink;
  readonly log: Log;
  /** Milliseconds since whenever. */
  readonly now: () => number;
  /** Names this attempt among all attempts at all chunks: fit for a file name, and never given twice. */
  readonly attempt: string;
  /** Aborted when the work is to stop; its reason says why, as "SIGTERM". */
  readonly signal: AbortSignal;
  /** Called once, whether the work succeeds or not. */
  readonly onMetrics?: (metrics: ChunkMetrics) => void;
  /** Called often. `fraction` of the bytes that are to be read. */
  readonly onProgress?: (records: number, fraction: number) => void;
  /** How long batches under way are waited for after the signal. Default: 20 s of the 30 s that AWS Batch gives. */
  readonly drainMs?: number;
  /** Records between two places where a next attempt can start to read. Default: 1000. */
  readonly recordsPerMark?: number;
}

/** Makes the sink for a run, not yet connected. */
export type OpenSink = (settings: ProcessorSettings, context: DeliveryContext, log: Log) => Promise<OpenedSink>;

export const defaultDrainMs = 20_000;

/**
 * The name of an attempt, from what is known of it and a random part: two processes never have the same one, also where
 * nothing is known. Fit for a file name, whatever it is made of.
 */
export function attemptName(known: { job: string | undefined; attempt: number; random: string }): string {
  const { job = "local", attempt, random } = known;
  return [job, String(attempt), random].map((part) => part.replace(/[^A-Za-z0-9-]/g, "-").slice(0, 64)).join(".");
}

/**
 * The fault of an attempt that ends because of `thrown`. When the attempt was to stop and nothing worse has come in
 * between, the fault says that it was stopped: whatever an interrupted call throws is the doing of the signal then.
 */
export function orStopped(thrown: unknown, signal: AbortSignal, words: { message: string; hint: string }): unknown {
  const isWorse = thrown instanceof WorkerFault && thrown.outcome !== "try-again";
  if (!signal.aborted || isWorse) return thrown;
  return new WorkerFault("try-again", `${words.message} (${reasonOf(signal)})`, { hint: words.hint });
}

/** The reason of an abort may be a text or an error; without one the platform has a word of its own. */
function reasonOf({ reason }: AbortSignal): string {
  return reason instanceof Error ? reason.message : String(reason);
}
