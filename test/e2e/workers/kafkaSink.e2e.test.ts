import { setTimeout as sleep } from "node:timers/promises";
import { Partitioners } from "kafkajs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { DeliveryContext, MessageBatch, RecordSink } from "../../../workers/model/recordSink.ts";
import { Secret } from "../../../workers/model/secret.ts";
import { compressionOf } from "../../../workers/sinks/kafka/compression.ts";
import { KafkajsCluster } from "../../../workers/sinks/kafka/kafkajsCluster.ts";
import { createKafkaSink, KafkaSink } from "../../../workers/sinks/kafka/kafkaSink.ts";
import { patient } from "../../../workers/sinks/retryPolicy.ts";
import { batchOf, type TestMessage } from "../../workers/sinks/batchOf.ts";
import { RecordingDelivery } from "../../workers/sinks/recordingDelivery.ts";
import { recordingLog } from "../../workers/sinks/recordingLog.ts";
import { freePort } from "../parts/freePort.ts";
import { type KafkaBroker, kafkaSource, startKafka } from "../parts/kafka.ts";
import { kcat } from "../parts/kcat.ts";
import { isAbsent, present, reasonsToSkip } from "../parts/part.ts";
import { run } from "../parts/run.ts";

const source = await kafkaSource();
const consumer = await kcat();
const skipped = reasonsToSkip({ Kafka: source, kcat: consumer });
const canBeInterrupted = !isAbsent(source) && !("brokers" in source);

const context: DeliveryContext = { etag: "9b2cf535f27731c9", source: "s3://bucket/in.csv", chunkId: "chunk-00003" };
const compressions = (["none", "gzip", "zstd"] as const).filter((name) => compressionOf(name) !== undefined);

describe.skipIf(skipped.length > 0)(`the Kafka sink with a real broker ${skipped.join("; ")}`, () => {
  let broker: KafkaBroker;

  beforeAll(async () => {
    broker = await startKafka(present(source));
  });

  afterAll(async () => {
    await broker?.stop();
  });

  async function topicWith(partitions: number, configuration: Readonly<Record<string, string>> = {}): Promise<string> {
    const topic = `records-${crypto.randomUUID()}`;
    await broker.createTopic(topic, partitions, configuration);
    return topic;
  }

  function sinkTo(topic: string, compression: "none" | "gzip" | "zstd" = "none", giveUpAfter = 60_000): KafkaSink {
    const cluster = clusterOf(topic, broker.brokers);
    const made = compressionOf(compression);
    if (made === undefined) throw new Error(`no ${compression}`);
    const retry = { ...patient, giveUpAfterMs: giveUpAfter };
    return new KafkaSink({ cluster, topic, context, compression: made, log: recordingLog(), retry });
  }

  function clusterOf(topic: string, brokers: string): KafkajsCluster {
    return new KafkajsCluster({
      brokers: brokers.split(","),
      topic,
      tls: false,
      sasl: undefined,
      clientId: "test",
      log: recordingLog(),
    });
  }

  /** Everything that a topic holds, in the order of each partition. */
  async function consume(topic: string): Promise<Consumed[]> {
    const args = ["-b", broker.brokers, "-t", topic, "-C", "-e", "-q", "-J"];
    const { stdout } = await run(present(consumer).path, args, { timeLimitSeconds: 120 });
    return stdout
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Consumed);
  }

  test.each(compressions)(
    "100,000 records arrive once each, in order and with their headers (%s)",
    async (compression) => {
      const topic = await topicWith(6);
      const sink = sinkTo(topic, compression);
      await sink.connect();
      const delivery = new RecordingDelivery();
      const messages = keyedMessages(100_000);
      await sendAll(sink, messages, 7_001, delivery);
      await sink.close();

      expect(delivery.acknowledged.size).toBe(100_000);
      expect(delivery.refused.size).toBe(0);
      const consumed = await consume(topic);
      expect(consumed.map(idOf).sort((a, b) => a - b)).toEqual(messages.map(({ index }) => index));
      expect(consumed.every((one) => one.payload === messages[idOf(one)]?.value)).toBe(true);
      expect(consumed.every((one) => one.key === messages[idOf(one)]?.key)).toBe(true);
      expect(new Set(consumed.map(({ headers }) => JSON.stringify([headers[0], ...headers.slice(2)])))).toEqual(
        new Set([JSON.stringify(["record-id", "source", "s3://bucket/in.csv", "chunk-id", "chunk-00003"])]),
      );
      expect(isInOrder(consumed)).toBe(true);

      const partitioner = Partitioners.DefaultPartitioner();
      const partitionMetadata = Array.from({ length: 6 }, (_, partitionId) => ({
        partitionId,
        partitionErrorCode: 0,
        leader: 1,
        replicas: [1],
        isr: [1],
      }));
      for (const { key, partition } of consumed.slice(0, 500)) {
        expect(partitioner({ topic, partitionMetadata, message: { key, value: "" } })).toBe(partition);
      }
    },
  );

  test("records without a key spread over the partitions and have no key", async () => {
    const topic = await topicWith(3);
    const sink = sinkTo(topic);
    await sink.connect();
    const delivery = new RecordingDelivery();
    const messages = Array.from({ length: 30_000 }, (_, index) => ({ index, value: `{"text":"${"x".repeat(200)}"}` }));
    await sendAll(sink, messages, 2_000, delivery);
    await sink.close();

    const consumed = await consume(topic);
    expect(consumed.map(idOf).sort((a, b) => a - b)).toEqual(messages.map(({ index }) => index));
    expect(new Set(consumed.map(({ partition }) => partition))).toEqual(new Set([0, 1, 2]));
    expect(new Set(consumed.map(({ key }) => key))).toEqual(new Set([null]));
  });

  test.skipIf(!canBeInterrupted)(
    "a broker that is killed and comes back loses nothing, and keeps the order of a key",
    async () => {
      const topic = await topicWith(4);
      const sink = sinkTo(topic);
      await sink.connect();
      const delivery = new RecordingDelivery();
      const messages = keyedMessages(100_000);
      let interruption: Promise<void> | undefined;
      await sendAll(sink, messages, 1_000, delivery, async (sent) => {
        if (sent < 20 || interruption !== undefined) return;
        interruption = broker.control?.interrupt("SIGKILL").then(() => broker.control?.resume());
      });
      await interruption;
      await sink.close();

      expect(interruption).toBeDefined();
      expect(delivery.acknowledged.size).toBe(100_000);
      const consumed = await consume(topic);
      expect([...new Set(consumed.map(idOf))].sort((a, b) => a - b)).toEqual(messages.map(({ index }) => index));
      const seen = new Set<number>();
      const firsts = consumed.filter((one) => !seen.has(idOf(one)) && seen.add(idOf(one)));
      expect(isInOrder(firsts)).toBe(true);
    },
  );

  test.skipIf(!canBeInterrupted)(
    "a broker that stays away ends the work with try-again, and what was stored stays acknowledged",
    async () => {
      const topic = await topicWith(2);
      const sink = sinkTo(topic, "none", 2_000);
      await sink.connect();
      const delivery = new RecordingDelivery();
      const messages = keyedMessages(1_000);
      await sendAll(sink, messages.slice(0, 500), 100, delivery);
      await broker.control?.interrupt("SIGTERM");
      try {
        await expect(sendAll(sink, messages.slice(500), 100, delivery)).rejects.toMatchObject({
          outcome: "try-again",
          message: expect.stringContaining("Kafka accepted nothing for 2 s"),
        });
        await sink.close();
      } finally {
        await broker.control?.resume();
      }
      expect([...delivery.acknowledged].sort((a, b) => a - b)).toEqual(
        messages.slice(0, 500).map(({ index }) => index),
      );
      expect((await consume(topic)).length).toBe(500);
    },
  );

  test("brokers that cannot be reached end the work with try-again", async () => {
    const cluster = clusterOf("records", `127.0.0.1:${await freePort()}`);
    const compression = compressionOf("none");
    if (compression === undefined) throw new Error("no compression");
    const retry = { ...patient, giveUpAfterMs: 500 };
    const sink = new KafkaSink({ cluster, topic: "records", context, compression, log: recordingLog(), retry });
    await expect(sink.connect()).rejects.toMatchObject({
      outcome: "try-again",
      hint: expect.stringContaining("KAFKA_BROKERS"),
    });
    await sink.close();
  });

  test("a topic that does not exist is a wrong configuration, and is not created", async () => {
    for (let attempt = 0; attempt < 2; attempt++) {
      const sink = sinkTo("nobody-made-this-topic");
      await expect(sink.connect()).rejects.toMatchObject({
        outcome: "configuration",
        message: 'the Kafka topic "nobody-made-this-topic" does not exist',
        hint: expect.stringContaining("KAFKA_TOPIC"),
      });
      await sink.close();
    }
  });

  test("a record that is larger than the topic takes is refused, and all others are delivered", async () => {
    const topic = await topicWith(2, { "max.message.bytes": "20000" });
    const sink = sinkTo(topic);
    await sink.connect();
    const delivery = new RecordingDelivery();
    const tooLarge = new Set([0, 777, 778, 2_999]);
    const messages = keyedMessages(3_000).map((message) =>
      tooLarge.has(message.index) ? { ...message, value: `"${"x".repeat(30_000)}"` } : message,
    );
    await sendAll(sink, messages, 1_000, delivery);
    await sink.close();

    expect([...delivery.refused.keys()].sort((a, b) => a - b)).toEqual([...tooLarge]);
    expect(delivery.refused.get(777)).toMatch(
      /^it is 301\d\d bytes as a Kafka record, more than the topic ".*" accepts/,
    );
    const consumed = await consume(topic);
    expect(consumed.map(idOf).sort((a, b) => a - b)).toEqual(
      messages.map(({ index }) => index).filter((index) => !tooLarge.has(index)),
    );
    expect(isInOrder(consumed)).toBe(true);
  });

  test("a compacted topic wants keys, and says so", async () => {
    const topic = await topicWith(1, { "cleanup.policy": "compact" });
    const sink = sinkTo(topic);
    await sink.connect();
    const sending = sendAll(
      sink,
      [
        { index: 0, value: "{}" },
        { index: 1, value: "{}" },
      ],
      10,
      new RecordingDelivery(),
    );
    await expect(sending).rejects.toMatchObject({
      outcome: "configuration",
      hint: expect.stringContaining("RECORD_KEY"),
    });
    await sink.close();
  });

  test.skipIf(!canBeInterrupted)(
    "a user who may not write to the topic, and one with a wrong password, are not allowed",
    async () => {
      const topic = await topicWith(1);
      const { brokers, user, password } = guardedOf(broker);
      const connect = async (secret: string) => {
        const security = { kind: "scram", username: user, password: new Secret(secret) } as const;
        const settings = { brokers, topic, security, tls: false, compression: "none" } as const;
        const sink = createKafkaSink(settings, context, recordingLog());
        await sink.connect().finally(() => sink.close());
      };
      await expect(connect(password)).rejects.toMatchObject({
        outcome: "not-allowed",
        hint: expect.stringContaining("kafka-cluster:WriteData"),
      });
      await expect(connect("wrong")).rejects.toMatchObject({
        outcome: "not-allowed",
        message: expect.stringContaining("rejected the credentials"),
      });
    },
  );

  test.skipIf(!canBeInterrupted)(
    "a session that ends while sending is renewed with a token, and nothing is lost",
    async () => {
      const topic = await topicWith(2);
      const { brokers, administrator, sessionMilliseconds } = guardedOf(broker);
      let tokens = 0;
      const cluster = new KafkajsCluster({
        brokers: [brokers],
        topic,
        tls: false,
        sasl: {
          mechanism: "oauthbearer",
          oauthBearerProvider: async () => {
            tokens++;
            return { value: unsignedToken(administrator) };
          },
        },
        clientId: "test",
        log: recordingLog(),
      });
      const compression = compressionOf("none");
      if (compression === undefined) throw new Error("no compression");
      const sink = new KafkaSink({ cluster, topic, context, compression, log: recordingLog() });
      await sink.connect();
      const delivery = new RecordingDelivery();
      const messages = keyedMessages(2_000);
      await sendAll(sink, messages, 100, delivery, () => sleep(sessionMilliseconds / 6));
      await sink.close();

      expect(tokens).toBeGreaterThan(1);
      expect(delivery.acknowledged.size).toBe(2_000);
      const consumed = await consume(topic);
      expect([...new Set(consumed.map(idOf))].sort((a, b) => a - b)).toEqual(messages.map(({ index }) => index));
    },
  );
});

/** As kcat prints a message with -J. */
interface Consumed {
  readonly partition: number;
  readonly offset: number;
  readonly key: string | null;
  readonly payload: string;
  /** Names and values in turn. */
  readonly headers: readonly string[];
}

function idOf({ headers }: Consumed): number {
  const [etag, index] = (headers[1] ?? "").split(":");
  if (etag !== context.etag) throw new Error(`a record-id of another file: ${headers[1]}`);
  return Number(index);
}

function isInOrder(consumed: readonly Consumed[]): boolean {
  const last = new Map<number, number>();
  return consumed.every((one) => {
    const id = idOf(one);
    const before = last.get(one.partition) ?? -1;
    last.set(one.partition, id);
    return id > before;
  });
}

function keyedMessages(count: number): TestMessage[] {
  return Array.from({ length: count }, (_, index) => ({
    index,
    key: `customer-${index % 997}`,
    value: JSON.stringify({ id: index, name: `name of ${index} é` }),
  }));
}

/** Keeps as many batches under way as the worker does. */
async function sendAll(
  sink: RecordSink,
  messages: readonly TestMessage[],
  size: number,
  delivery: RecordingDelivery,
  afterEach: (sent: number) => Promise<void> = async () => {},
): Promise<void> {
  const batches: MessageBatch[] = [];
  for (let from = 0; from < messages.length; from += size) batches.push(batchOf(messages.slice(from, from + size)));
  let sent = 0;
  const waiting = batches.values();
  const lane = async () => {
    for (const batch of waiting) {
      await sink.send(batch, delivery.of(batch));
      await afterEach(++sent);
    }
  };
  await Promise.all([lane(), lane(), lane(), lane()]);
}

function guardedOf(broker: KafkaBroker) {
  if (broker.guarded === undefined) throw new Error("this broker has no listener where one has to log in");
  return broker.guarded;
}

function unsignedToken(subject: string): string {
  const seconds = Math.floor(Date.now() / 1000);
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "none" })}.${part({ sub: subject, iat: seconds, exp: seconds + 600 })}.`;
}
