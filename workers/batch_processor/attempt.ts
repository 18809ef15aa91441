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
  /** Milliseconds since an arbitrary point in time. */
  readonly now: () => number;
  /** Unique among all attempts at all chunks, and valid as a file name. */
  readonly attempt: string;
  /** Aborted when the work is to stop; its reason says why, such as "SIGTERM". */
  readonly signal: AbortSignal;
  /** Called once, whether the work succeeds or not. */
  readonly onMetrics?: (metrics: ChunkMetrics) => void;
  /** Called often. `fraction` of the bytes to read. */
  readonly onProgress?: (records: number, fraction: number) => void;
  /** How long to wait for batches in flight after the signal. Default: 20 s of the 30 s that AWS Batch allows. */
  readonly drainMs?: number;
  /** Records between two positions where the next attempt can start reading. Default: 1000. */
  readonly recordsPerMark?: number;
}

/** Creates the sink for a run, not yet connected. */
export type OpenSink = (settings: ProcessorSettings, context: DeliveryContext, log: Log) => Promise<OpenedSink>;

export const defaultDrainMs = 20_000;

/**
 * The name of an attempt, from what is known about it and a random part, so that no two processes have the same name.
 * Always valid as a file name.
 */
export function attemptName(known: { job: string | undefined; attempt: number; random: string }): string {
  const { job = "local", attempt, random } = known;
  return [job, String(attempt), random].map((part) => part.replace(/[^A-Za-z0-9-]/g, "-").slice(0, 64)).join(".");
}

/**
 * The fault of an attempt that ends because of `thrown`. If the attempt was asked to stop and nothing worse happened,
 * the fault says that it was stopped: whatever an interrupted call throws is then an effect of the signal.
 */
export function orStopped(thrown: unknown, signal: AbortSignal, words: { message: string; hint: string }): unknown {
  const isWorse = thrown instanceof WorkerFault && thrown.outcome !== "try-again";
  if (!signal.aborted || isWorse) return thrown;
  return new WorkerFault("try-again", `${words.message} (${reasonOf(signal)})`, { hint: words.hint });
}

/** The reason of an abort may be a string or an error; without one the platform supplies its own. */
function reasonOf({ reason }: AbortSignal): string {
  return reason instanceof Error ? reason.message : String(reason);
}
