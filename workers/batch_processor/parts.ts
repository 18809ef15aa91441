import type { Log } from "../model/log.ts";
import type { ObjectStore } from "../model/objectStore.ts";
import type { DeliveryContext, OpenedSink } from "../model/recordSink.ts";
import type { ProcessorSettings } from "../settings/settings.ts";

/** What a chunk's delivery needs from outside. */
export interface ProcessorParts {
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
  /** Records between two places where a next attempt can begin to read. Default: 1000. */
  readonly recordsPerMark?: number;
}

/** Makes the sink for a run, not yet connected. */
export type OpenSink = (settings: ProcessorSettings, context: DeliveryContext, log: Log) => Promise<OpenedSink>;

/** What this attempt did. */
export interface ChunkMetrics {
  /** Records read, those left out included. */
  readonly records: number;
  /** Messages acknowledged by the destination. */
  readonly delivered: number;
  /** Records that the validator rejected, or (without a manifest) that cannot be messages. */
  readonly skipped: number;
  /** Messages that the destination will never take. */
  readonly refused: number;
  readonly bytes: number;
  readonly seconds: number;
  readonly retries: number;
}

/** What has become of the chunk, by all attempts together. */
export interface ChunkResult {
  readonly chunkId: string;
  readonly outcome: "done";
  readonly delivered: number;
  readonly skipped: number;
  readonly refused: number;
  /** The chunk was complete before this attempt. */
  readonly wasDone: boolean;
}

export const defaultDrainMs = 20_000;
