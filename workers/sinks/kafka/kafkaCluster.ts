/** What the Kafka sink needs from a client: narrow, so that tests, or another client, can replace it. */
export interface KafkaCluster {
  /** Connects and fetches the metadata of the topic. Does nothing when it is connected. */
  connect(): Promise<void>;
  /**
   * The node that leads each partition of the topic, undefined where there is none at the moment. Empty before
   * `connect`.
   */
  readonly leaders: readonly (number | undefined)[];
  /** Fetches the leaders again, and reconnects where connections were lost. */
  refresh(): Promise<void>;
  /**
   * Sends record batches, at most one per partition, and waits until all in-sync replicas have them. Returns Kafka's
   * error code for each partition, 0 for stored. Throws when there is no such response.
   */
  produce(leader: number, parts: readonly PartitionRecords[]): Promise<ReadonlyMap<number, number>>;
  close(): Promise<void>;
}

export interface PartitionRecords {
  readonly partition: number;
  /** A whole record batch. */
  readonly records: Uint8Array;
}
