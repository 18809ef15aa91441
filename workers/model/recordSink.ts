/**
 * Messages of records in file order, packed into one block of bytes: hundreds of thousands of small buffers per second
 * would keep the garbage collector busier than the network.
 */
export interface MessageBatch {
  readonly length: number;
  /** Index of each message's record in the file, ascending. */
  readonly indexes: Float64Array;
  readonly bytes: Uint8Array;
  /** Key i is bytes[keyStarts[i], valueStarts[i]), of length 0 when there is none. */
  readonly keyStarts: Uint32Array;
  /**
   * Value i is bytes[valueStarts[i], keyStarts[i + 1]): a JSON object in UTF-8. keyStarts has one entry more than
   * messages.
   */
  readonly valueStarts: Uint32Array;
}

/** How a sink reports on messages, by their positions in the batch. It reports on every message exactly once. */
export interface Delivery {
  /** The messages [from, to) are stored where the destination keeps them. */
  acknowledge(from: number, to: number): void;
  /** The destination rejects this message for good (too long, say); `reason` is a sentence for people. */
  refuse(position: number, reason: string): void;
}

/** What all messages of a run have in common. */
export interface DeliveryContext {
  /** ETag of the data without quotes: the first half of a message's record-id, `etag:index`. */
  readonly etag: string;
  readonly source: string;
  readonly chunkId: string;
}

/** A destination for messages. Failures that end the work are thrown as a WorkerFault. */
export interface RecordSink {
  connect(): Promise<void>;
  /**
   * Sends a batch. Resolves once it has reported on every message; several batches may be in flight at a time. Retries
   * temporary failures; when that does not help it throws (outcome try-again), and what was acknowledged before
   * stays acknowledged.
   */
  send(batch: MessageBatch, delivery: Delivery): Promise<void>;
  close(): Promise<void>;
}

/** How many batches may be in flight at once, and how large one may be, so that memory stays bounded. */
export interface SinkLimits {
  readonly maxBatchesInFlight: number;
  readonly maxBatchMessages: number;
  readonly maxBatchBytes: number;
}

export interface OpenedSink {
  readonly sink: RecordSink;
  readonly limits: SinkLimits;
  /** Messages or requests that were sent again so far. */
  readonly retries?: () => number;
}
