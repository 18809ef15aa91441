import type { logCreator, SASLOptions } from "kafkajs";
import Cluster from "kafkajs/src/cluster/index.js";
import loggers from "kafkajs/src/loggers/index.js";
import createSocketFactory from "kafkajs/src/network/socketFactory.js";
import Encoder from "kafkajs/src/protocol/encoder.js";
import produceResponse from "kafkajs/src/protocol/requests/produce/v7/response.js";
import type { Log } from "../../model/log.ts";
import type { KafkaCluster, PartitionRecords } from "./kafkaCluster.ts";
import { fixRequestQueueTimer } from "./requestQueueTimer.ts";

export interface KafkajsOptions {
  /** Each as host:port. */
  readonly brokers: readonly string[];
  readonly topic: string;
  readonly tls: boolean;
  readonly sasl: SASLOptions | undefined;
  readonly clientId: string;
  readonly log: Log;
}

/**
 * A topic's cluster through kafkajs, below its producer. kafkajs provides connections, TLS, SASL and its renewal, the
 * metadata of the cluster and the decoding of responses; ours are the record batches and the handling of responses.
 *
 * Why below the producer: it encodes each message into objects (about 137,000 messages per second), and reports for a
 * request to many partitions only the first error, so that stored messages would be sent again with the others.
 *
 * Known faults of kafkajs 2.2.4, which is no longer maintained, and how they are handled here: a timer that fires every
 * millisecond on every connection (fixed by requestQueueTimer.ts); one missing topic fails the sends to all (issue
 * 1622: a cluster here is for one topic, whose metadata is fetched before anything is sent); an experimental idempotent
 * producer that loses count (issue 598: not used; delivery is at least once, with a record-id in every message); only
 * the first error of a request is reported (see above); topics are created by metadata requests (allowAutoTopicCreation
 * is off); a connection timeout of one second (ten here).
 *
 * We rely on these parts of 2.2.4, which package.json pins: the constructor and methods of Cluster listed in
 * kafkajsInternals.d.ts; that `connectionPool.send` accepts { request: { apiKey, apiVersion, apiName, encode },
 * response: { decode, parse } } and resolves with the result of parse; that Encoder writes big-endian; that response v7
 * decodes to topics, partitions and error codes. The end-to-end tests of the sink fail when one of these changes.
 */
export class KafkajsCluster implements KafkaCluster {
  readonly #topic: string;
  readonly #cluster: Cluster;
  #leaders: readonly (number | undefined)[] = [];

  constructor({ brokers, topic, tls, sasl, clientId, log }: KafkajsOptions) {
    fixRequestQueueTimer();
    this.#topic = topic;
    this.#cluster = new Cluster({
      logger: loggers.createLogger({ level: loggers.LEVELS.WARN, logCreator: logCreatorTo(log) }),
      socketFactory: createSocketFactory(),
      brokers,
      ssl: tls,
      sasl,
      clientId,
      // The default of one second is too short for TLS and a signed token under load.
      connectionTimeout: 10_000,
      authenticationTimeout: 10_000,
      requestTimeout: produceTimeoutMilliseconds + 5_000,
      enforceRequestTimeout: true,
      metadataMaxAge: 300_000,
      allowAutoTopicCreation: false,
      // The caller decides how long to retry. One try of kafkajs is one attempt there.
      retry: { retries: 0 },
    });
  }

  get leaders(): readonly (number | undefined)[] {
    return this.#leaders;
  }

  async connect(): Promise<void> {
    if (this.#leaders.length > 0 && this.#cluster.isConnected()) return;
    await this.#cluster.connect();
    await this.#cluster.addTargetTopic(this.#topic);
    this.#readLeaders();
  }

  async refresh(): Promise<void> {
    if (!this.#cluster.isConnected()) await this.#cluster.connect();
    await this.#cluster.refreshMetadata();
    this.#readLeaders();
  }

  #readLeaders(): void {
    const leaders: (number | undefined)[] = [];
    for (const { partitionId, leader } of this.#cluster.findTopicPartitionMetadata(this.#topic)) {
      leaders[partitionId] = leader < 0 ? undefined : leader;
    }
    // A response without the topic comes from a broker that does not have its metadata yet. Keys would be misrouted.
    if (leaders.length > 0) this.#leaders = leaders;
  }

  async produce(leader: number, parts: readonly PartitionRecords[]): Promise<ReadonlyMap<number, number>> {
    const broker = await this.#cluster.findBroker({ nodeId: leader });
    try {
      const codes = await broker.connectionPool.send({
        request: produceRequest(this.#topic, parts),
        // Instead of kafkajs' own parse, which throws the first error code and drops the others.
        response: { decode: produceResponse.decode, parse: errorCodesOf },
      });
      return codes as ReadonlyMap<number, number>;
    } catch (error) {
      // As kafkajs does in its own requests: otherwise the next one would use the closed connection.
      if (error instanceof Error && error.name === "KafkaJSConnectionClosedError") await broker.disconnect();
      throw error;
    }
  }

  /** Waiting for a connection to an unavailable broker would take longer than a stopped job has. */
  async close(): Promise<void> {
    this.#leaders = [];
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((settle) => {
      timer = setTimeout(settle, closeLimitMilliseconds);
    });
    await Promise.race([this.#cluster.disconnect(), limit]).finally(() => clearTimeout(timer));
  }
}

const produceTimeoutMilliseconds = 30_000;
const closeLimitMilliseconds = 5_000;

const produceKey = 0;
/** The first version that accepts zstd. Every broker since 2.1 supports it, including 4.x. */
const produceVersion = 7;
const allInSyncReplicas = -1;

function produceRequest(topic: string, parts: readonly PartitionRecords[]): object {
  return {
    apiKey: produceKey,
    apiVersion: produceVersion,
    apiName: "Produce",
    expectResponse: () => true,
    encode: async () => {
      const size = parts.reduce((sum, { records }) => sum + records.length + 8, Buffer.byteLength(topic) + 64);
      const encoder = new Encoder(size)
        .writeString(null)
        .writeInt16(allInSyncReplicas)
        .writeInt32(produceTimeoutMilliseconds)
        .writeInt32(1)
        .writeString(topic)
        .writeInt32(parts.length);
      for (const { partition, records } of parts) {
        encoder.writeInt32(partition).writeInt32(records.length);
        encoder.writeBufferInternal(Buffer.from(records.buffer, records.byteOffset, records.byteLength));
      }
      return encoder;
    },
  };
}

async function errorCodesOf(
  decoded: Awaited<ReturnType<typeof produceResponse.decode>>,
): Promise<ReadonlyMap<number, number>> {
  return new Map(
    decoded.topics.flatMap(({ partitions }) =>
      partitions.map(({ partition, errorCode }) => [partition, errorCode] as const),
    ),
  );
}

/** Errors of kafkajs are usually retried here, so they are logged as warnings. */
function logCreatorTo(log: Log): logCreator {
  return () => (entry) => {
    const { message, broker, code } = entry.log;
    log.warn("kafka-client", { message, broker, code, part: entry.namespace });
  };
}
