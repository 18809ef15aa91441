/** What the Kafka sink needs of a client: narrow, so that tests can stand in for it and another client could. */
export interface KafkaCluster {
  /** Connects and learns about the topic. Does nothing when it is connected. */
  connect(): Promise<void>;
  /** The node that leads each partition of the topic, undefined where there is none at the moment. Empty before `connect`. */
  readonly leaders: readonly (number | undefined)[];
  /** Asks again who leads what, and connects again where connections were lost. */
  refresh(): Promise<void>;
  /**
   * Sends record batches, at most one for each partition, and waits until all in-sync replicas have them. Gives Kafka's
   * error code for each partition, 0 for stored. Throws when there is no such answer.
   */
  produce(leader: number, parts: readonly PartitionRecords[]): Promise<ReadonlyMap<number, number>>;
  close(): Promise<void>;
}

export interface PartitionRecords {
  readonly partition: number;
  /** A whole record batch. */
  readonly records: Uint8Array;
}
