import { expect, test } from "vitest";
import { compressionOf } from "../../../../workers/sinks/kafka/compression.ts";
import type { KafkaCluster, PartitionRecords } from "../../../../workers/sinks/kafka/kafkaCluster.ts";
import { KafkaSink } from "../../../../workers/sinks/kafka/kafkaSink.ts";
import { patient } from "../../../../workers/sinks/retryPolicy.ts";
import { batchOf, type TestMessage } from "../batchOf.ts";
import { RecordingDelivery } from "../recordingDelivery.ts";
import { recordingLog } from "../recordingLog.ts";

const context = { etag: "etag", source: "s3://bucket/in.csv", chunkId: "chunk-00001" };

interface Request {
  readonly leader: number;
  readonly partitions: readonly number[];
}

/** A cluster of made-up answers, which keeps the indexes of the records that it takes. */
class FakeCluster implements KafkaCluster {
  leaders: (number | undefined)[];
  readonly requests: Request[] = [];
  readonly stored = new Map<number, number[]>();
  refreshes = 0;
  closed = false;
  answer: (part: PartitionRecords & { readonly indexes: readonly number[] }, request: Request) => number = () => 0;

  constructor(leaders: readonly (number | undefined)[]) {
    this.leaders = [...leaders];
  }

  async connect(): Promise<void> {}

  async refresh(): Promise<void> {
    this.refreshes++;
  }

  async produce(leader: number, parts: readonly PartitionRecords[]): Promise<ReadonlyMap<number, number>> {
    const request = { leader, partitions: parts.map(({ partition }) => partition) };
    this.requests.push(request);
    await new Promise((settle) => setImmediate(settle));
    return new Map(
      parts.map((part) => {
        const indexes = indexesIn(part.records);
        const code = this.answer({ ...part, indexes }, request);
        if (code === 0) this.stored.set(part.partition, [...(this.stored.get(part.partition) ?? []), ...indexes]);
        return [part.partition, code];
      }),
    );
  }

  async close(): Promise<void> {
    this.closed = true;
  }

  get allStored(): number[] {
    return [...this.stored.values()].flat().sort((a, b) => a - b);
  }
}

function indexesIn(records: Uint8Array): number[] {
  return [
    ...Buffer.from(records)
      .toString("latin1")
      .matchAll(/etag:(\d+)/g),
  ].map(([, index]) => Number(index));
}

function sinkTo(cluster: KafkaCluster, pause: () => Promise<void> = async () => {}) {
  const log = recordingLog();
  let time = 0;
  const retry = {
    ...patient,
    giveUpAfterMs: 60_000,
    random: () => 1,
    now: () => time,
    sleep: async (milliseconds: number) => {
      time += milliseconds;
      await pause();
    },
  };
  const compression = compressionOf("none");
  if (compression === undefined) throw new Error("no compression");
  const sink = new KafkaSink({ cluster, topic: "records", context, compression, log, retry, clock: () => 0 });
  return { sink, log, elapsed: () => time };
}

function keyed(from: number, to: number): TestMessage[] {
  return Array.from({ length: to - from }, (_, i) => ({ index: from + i, key: `key ${(from + i) % 50}`, value: "{}" }));
}

const allOf = (count: number) => Array.from({ length: count }, (_, i) => i);

test("several batches at once go to the leaders of their partitions, each partition in order", async () => {
  const cluster = new FakeCluster([1, 2, 1]);
  const { sink } = sinkTo(cluster);
  const delivery = new RecordingDelivery();
  await sink.connect();
  const batches = [0, 1, 2, 3].map((i) => batchOf(keyed(i * 100, i * 100 + 100)));
  await Promise.all(batches.map((batch) => sink.send(batch, delivery.of(batch))));
  await sink.close();
  expect([...delivery.acknowledged].sort((a, b) => a - b)).toEqual(allOf(400));
  expect(cluster.allStored).toEqual(allOf(400));
  for (const indexes of cluster.stored.values()) expect(indexes).toEqual([...indexes].sort((a, b) => a - b));
  for (const { leader, partitions } of cluster.requests) {
    expect(partitions.map((partition) => cluster.leaders[partition])).toEqual(partitions.map(() => leader));
    expect(new Set(partitions).size).toBe(partitions.length);
  }
  expect(cluster.closed).toBe(true);
});

test("of a request only the partitions that failed are sent again, to the new leader, before what follows them", async () => {
  const cluster = new FakeCluster([1, 1, 2]);
  const { sink, log } = sinkTo(cluster);
  let failures = 3;
  cluster.answer = ({ partition }, { leader }) => {
    if (partition !== 1 || leader !== 1) return 0;
    if (--failures === 0) cluster.leaders[1] = 2;
    return 6;
  };
  const delivery = new RecordingDelivery();
  const batches = [0, 1, 2].map((i) => batchOf(keyed(i * 100, i * 100 + 100)));
  await Promise.all(batches.map((batch) => sink.send(batch, delivery.of(batch))));
  expect(cluster.allStored).toEqual(allOf(300));
  expect(delivery.acknowledged.size).toBe(300);
  for (const indexes of cluster.stored.values()) expect(indexes).toEqual([...indexes].sort((a, b) => a - b));
  expect(cluster.refreshes).toBe(3);
  expect(log.events.map(({ event }) => event)).toEqual(["kafka-again", "kafka-again", "kafka-again"]);
});

test("what is to be sent again waits for its pause, while other partitions of the same leader go on", async () => {
  const cluster = new FakeCluster([1, 1]);
  let resume = () => {};
  const { sink } = sinkTo(cluster, () => new Promise((settle) => (resume = settle)));
  let failures = 1;
  cluster.answer = ({ partition }) => (partition === 1 && failures-- > 0 ? 6 : 0);
  const delivery = new RecordingDelivery();
  const batches = [0, 1, 2].map((i) => batchOf(keyed(i * 100, i * 100 + 100)));
  const sending = Promise.all(batches.map((batch) => sink.send(batch, delivery.of(batch))));
  for (let i = 0; i < 20; i++) await new Promise((settle) => setImmediate(settle));
  expect(cluster.requests.map(({ partitions }) => partitions)).toEqual([[0, 1], [0], [0]]);
  resume();
  await sending;
  expect(cluster.allStored).toEqual(allOf(300));
  expect(sink.retries).toBe(1);
});

test("a partition without a leader waits for one, while the others go on", async () => {
  const cluster = new FakeCluster([undefined, 1]);
  const { sink } = sinkTo(cluster);
  cluster.refresh = async () => {
    if (++cluster.refreshes === 4) cluster.leaders[0] = 1;
  };
  const delivery = new RecordingDelivery();
  const batch = batchOf(keyed(0, 100));
  await sink.send(batch, delivery.of(batch));
  expect(cluster.allStored).toEqual(allOf(100));
  expect(cluster.refreshes).toBe(4);
  expect(cluster.requests[0]?.partitions).toEqual([1]);
});

test("what cannot be stored for the time allowed ends with try-again; what was stored is acknowledged, and nothing follows", async () => {
  const cluster = new FakeCluster([1, 2]);
  const { sink, elapsed } = sinkTo(cluster);
  cluster.answer = ({ partition }) => (partition === 0 ? 19 : 0);
  const delivery = new RecordingDelivery();
  const batch = batchOf(keyed(0, 100));
  const fault = { outcome: "try-again", message: expect.stringContaining("Kafka accepted nothing for 60 s") };
  await expect(sink.send(batch, delivery.of(batch))).rejects.toMatchObject(fault);
  expect(elapsed()).toBeGreaterThanOrEqual(60_000);
  expect([...delivery.acknowledged].sort((a, b) => a - b)).toEqual(cluster.allStored);
  expect(delivery.acknowledged.size).toBeGreaterThan(0);
  const requests = cluster.requests.length;
  await expect(sink.send(batch, delivery.of(batch))).rejects.toMatchObject(fault);
  expect(cluster.requests.length).toBe(requests);
});

test("a request without an answer is sent again", async () => {
  const cluster = new FakeCluster([1]);
  const { sink } = sinkTo(cluster);
  const produce = cluster.produce.bind(cluster);
  let lost = 2;
  cluster.produce = async (leader, parts) => {
    if (lost-- > 0) throw new Error("Closed connection");
    return produce(leader, parts);
  };
  const delivery = new RecordingDelivery();
  const batch = batchOf(keyed(0, 10));
  await sink.send(batch, delivery.of(batch));
  expect(cluster.allStored).toEqual(allOf(10));
});

test("messages too large for the topic are found by halves and refused one by one", async () => {
  const cluster = new FakeCluster([1, 1]);
  const { sink } = sinkTo(cluster);
  const bad = new Set([0, 17, 99]);
  cluster.answer = ({ indexes }) => (indexes.some((index) => bad.has(index)) ? 10 : 0);
  const delivery = new RecordingDelivery();
  const batch = batchOf(keyed(0, 100));
  await sink.send(batch, delivery.of(batch));
  expect([...delivery.refused.keys()].sort((a, b) => a - b)).toEqual([...bad]);
  expect(delivery.refused.get(17)).toMatch(/bytes as a Kafka record, more than the topic "records" accepts/);
  expect(delivery.acknowledged.size).toBe(97);
  expect(cluster.allStored).toEqual(allOf(100).filter((index) => !bad.has(index)));
});

test("a topic that takes little is asked with less from then on", async () => {
  const cluster = new FakeCluster([1]);
  const { sink } = sinkTo(cluster);
  let refusals = 0;
  cluster.answer = ({ records }) => {
    if (records.length <= 100_000) return 0;
    refusals++;
    return 10;
  };
  const delivery = new RecordingDelivery();
  for (let i = 0; i < 20; i++) {
    const messages = keyed(i * 1_000, i * 1_000 + 1_000).map((message) => ({ ...message, value: "x".repeat(500) }));
    const batch = batchOf(messages);
    await sink.send(batch, delivery.of(batch));
  }
  expect(delivery.acknowledged.size).toBe(20_000);
  expect(refusals).toBeLessThan(16);
});

test("a refusal that will not pass ends the work at once", async () => {
  const cluster = new FakeCluster([1, 1]);
  const { sink, elapsed } = sinkTo(cluster);
  cluster.answer = ({ partition }) => (partition === 0 ? 29 : 0);
  const delivery = new RecordingDelivery();
  const batch = batchOf(keyed(0, 100));
  await expect(sink.send(batch, delivery.of(batch))).rejects.toMatchObject({
    outcome: "not-allowed",
    hint: expect.stringContaining("kafka-cluster:WriteData"),
  });
  expect(elapsed()).toBe(0);
  expect([...delivery.acknowledged].sort((a, b) => a - b)).toEqual(cluster.allStored);
});

test("an error of the program is not tried again", async () => {
  const cluster = new FakeCluster([1]);
  const { sink, elapsed } = sinkTo(cluster);
  cluster.produce = async () => {
    throw new TypeError("x is not a function");
  };
  const batch = batchOf(keyed(0, 10));
  await expect(sink.send(batch, new RecordingDelivery().of(batch))).rejects.toMatchObject({ outcome: "bug" });
  expect(elapsed()).toBe(0);
});

test("the first contact is tried again for the time allowed", async () => {
  const cluster = new FakeCluster([1]);
  const { sink, elapsed } = sinkTo(cluster);
  let attempts = 0;
  cluster.connect = async () => {
    if (++attempts < 5) throw new Error("connect ECONNREFUSED");
  };
  await sink.connect();
  expect(attempts).toBe(5);
  cluster.connect = async () => {
    throw new Error("connect ECONNREFUSED");
  };
  await expect(sink.connect()).rejects.toMatchObject({ outcome: "try-again" });
  expect(elapsed()).toBeLessThan(80_000);
});

test("an empty batch is done at once", async () => {
  const cluster = new FakeCluster([1]);
  const { sink } = sinkTo(cluster);
  const batch = batchOf([]);
  await sink.send(batch, new RecordingDelivery().of(batch));
  expect(cluster.requests).toEqual([]);
});
