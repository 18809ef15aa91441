/** What the SQS sink needs of a client: narrow, so that tests can stand in for it. */
export interface SqsQueue {
  /** The queue keeps the order of each group, and wants to be told the groups. */
  readonly isFifo: boolean;
  /** Most bytes of a message, and of a call; undefined when this job may not ask. Throws when there is no such queue. */
  maximumMessageSize(): Promise<number | undefined>;
  /** Sends up to 10 entries. Entries that are neither stored nor failed by the answer have an unknown fate. */
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
  /** It will fail again, whatever is tried. */
  readonly isFinal: boolean;
  readonly code: string;
  readonly message: string;
}
