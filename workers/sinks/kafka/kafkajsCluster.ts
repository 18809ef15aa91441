import type { logCreator, SASLOptions } from "kafkajs";
import Cluster from "kafkajs/src/cluster/index.js";
import loggers from "kafkajs/src/loggers/index.js";
import createSocketFactory from "kafkajs/src/network/socketFactory.js";
import Encoder from "kafkajs/src/protocol/encoder.js";
import produceResponse from "kafkajs/src/protocol/requests/produce/v7/response.js";
import type { Log } from "../../model/log.ts";
import type { KafkaCluster, PartitionRecords } from "./kafkaCluster.ts";
import { mendRequestQueueTimer } from "./requestQueueTimer.ts";

export interface KafkajsOptions {
  /** host:port each. */
  readonly brokers: readonly string[];
  readonly topic: string;
  readonly tls: boolean;
  readonly sasl: SASLOptions | undefined;
  readonly clientId: string;
  readonly log: Log;
}

/**
 * A topic's cluster through kafkajs, below its producer. From kafkajs come connections, TLS, SASL and its renewal, the
 * knowledge of the cluster and the decoding of answers; ours are the record batches and what follows from an answer.
 *
 * Why below the producer: it encodes a message at a time into objects (about 137,000 messages a second), and tells of a
 * request for many partitions only the first error, so that what was stored would be sent again with what was not.
 *
 * Known faults of kafkajs 2.2.4, which is not maintained any more, and what becomes of them here: a timer of a millisecond on
 * every connection (mended by requestQueueTimer.ts); one missing topic fails the sends to all (issue 1622: a cluster here is
 * for one topic, and asks for it before anything is sent); an idempotent producer that is experimental and loses count (issue
 * 598: not used; delivery is at least once, with a record-id in every message); only the first error of a request is told (see
 * above); topics that are made by asking for them (allowAutoTopicCreation is off); a second to connect in (ten here).
 *
 * Relied upon, in 2.2.4, which package.json pins: the constructor and methods of Cluster as kafkajsInternals.d.ts lists
 * them; that `connectionPool.send` takes { request: { apiKey, apiVersion, apiName, encode }, response: { decode, parse } }
 * and resolves with what parse gives; that Encoder writes big-endian; that response v7 decodes to topics, partitions and
 * error codes. The end-to-end tests of the sink fail when one of these changes.
 */
export class KafkajsCluster implements KafkaCluster {
  readonly #topic: string;
  readonly #cluster: Cluster;
  #leaders: readonly (number | undefined)[] = [];

  constructor({ brokers, topic, tls, sasl, clientId, log }: KafkajsOptions) {
    mendRequestQueueTimer();
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
      // Whoever uses the cluster knows how long to try. One try of kafkajs is one attempt there.
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
    // An answer without the topic is a broker that does not know it yet again. Keys would go astray.
    if (leaders.length > 0) this.#leaders = leaders;
  }

  async produce(leader: number, parts: readonly PartitionRecords[]): Promise<ReadonlyMap<number, number>> {
    const broker = await this.#cluster.findBroker({ nodeId: leader });
    try {
      const codes = await broker.connectionPool.send({
        request: produceRequest(this.#topic, parts),
        // Instead of kafkajs' own parse, which throws the first error code and forgets the others.
        response: { decode: produceResponse.decode, parse: errorCodesOf },
      });
      return codes as ReadonlyMap<number, number>;
    } catch (error) {
      // As kafkajs does in its own requests: else the next one would be tried on the connection that was closed.
      if (error instanceof Error && error.name === "KafkaJSConnectionClosedError") await broker.disconnect();
      throw error;
    }
  }

  /** A connection to a broker that is away would be waited for longer than a stopped job has. */
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
/** The first version that takes zstd. Every broker since 2.1 knows it, also those of 4.x. */
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

/** What kafkajs calls an error is tried again here as a rule, so it is a warning. */
function logCreatorTo(log: Log): logCreator {
  return () => (entry) => {
    const { message, broker, code } = entry.log;
    log.warn("kafka-client", { message, broker, code, part: entry.namespace });
  };
}
