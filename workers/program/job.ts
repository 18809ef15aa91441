import type { Metrics } from "../log/createMetrics.ts";
import type { Log } from "../model/log.ts";
import type { ObjectStore } from "../model/objectStore.ts";
import type { Progress } from "../progress/createProgress.ts";
import type { ProcessorSettings, ValidatorSettings } from "../settings/settings.ts";
import type { StoreSettings } from "../store/openStore.ts";

/** Everything that a program passes to its flow. */
export interface Job<Settings> {
  readonly settings: Settings;
  readonly store: ObjectStore;
  /** What the store was created from: a thread creates its own. */
  readonly storeSettings: StoreSettings;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly progress: Progress;
  /** Fires on SIGTERM and SIGINT; its reason is a WorkerFault with the outcome try-again. */
  readonly signal: AbortSignal;
  /** Undefined outside of AWS Batch. */
  readonly batchJobId: string | undefined;
  /** Counts from 1. */
  readonly attempt: number;
  /** Where records are written when the destination is stdout. */
  readonly stdout: NodeJS.WritableStream;
}

export type ValidatorJob = Job<ValidatorSettings>;
export type ProcessorJob = Job<ProcessorSettings>;

/**
 * The work of a program. Returning is the outcome "done"; every other outcome is thrown as a WorkerFault. After the
 * signal it stops reading, finishes what is in flight, saves its position and throws the signal's reason.
 */
export type Flow<Settings> = (job: Job<Settings>) => Promise<void>;
