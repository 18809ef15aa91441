/** What the SQS sink needs from a client: narrow, so that tests can replace it. */
export interface SqsQueue {
  /** The queue keeps the order of each group, and requires group ids. */
  readonly isFifo: boolean;
  /**
   * Maximum bytes of a message, and of a call; undefined without permission to read it. Throws when the queue does not
   * exist.
   */
  maximumMessageSize(): Promise<number | undefined>;
  /** Sends up to 10 entries. The state of entries that the response does not mention is unknown. */
  sendBatch(entries: readonly SqsEntry[]): Promise<SqsAnswer>;
  close(): void;
}

export interface SqsEntry {
  /** Unique in a call. */
  readonly id: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly fifo: { readonly group: string; readonly deduplication: string } | undefined;
}

export interface SqsAnswer {
  readonly stored: ReadonlySet<string>;
  readonly failed: ReadonlyMap<string, SqsFailure>;
}

export interface SqsFailure {
  /** It is rejected for good. */
  readonly isFinal: boolean;
  readonly code: string;
  readonly message: string;
}
