import { type ChildProcess, fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Chunk } from "../../../workers/model/manifest.ts";
import { sqsSinkLimits } from "../../../workers/sinks/sqs/sqsSink.ts";
import { type Elasticmq, elasticmqSource, startElasticmq } from "../parts/elasticmq.ts";
import { type Emulator, emulatorSource, startEmulator } from "../parts/emulator.ts";
import { type KafkaBroker, kafkaSource, startKafka } from "../parts/kafka.ts";
import { kcat } from "../parts/kcat.ts";
import { isAbsent, present, reasonsToSkip } from "../parts/part.ts";
import { end } from "../parts/run.ts";
import { type FaultProxy, startFaultProxy } from "./faultProxy.ts";
import { Bucket, credentials, region } from "./pipelineBucket.ts";
import type { LambdaAnswer, LambdaCall } from "./pipelineLambdaHost.ts";
import { type Orders, ordersOf, ordersSchema } from "./pipelineOrders.ts";
import { indexOfMessage, receiveAll } from "./pipelineQueue.ts";
import { everyOne, everyOneOnce, tallyOf } from "./pipelineTally.ts";
import { indexOf, Topic } from "./pipelineTopic.ts";
import { type Ended, Workers } from "./pipelineWorkers.ts";

// The bundle that is uploaded, called in a process of its own as AWS Lambda calls it.

const parts = {
  "AWS emulator": await emulatorSource(),
  Kafka: await kafkaSource(),
  kcat: await kcat(),
  ElasticMQ: await elasticmqSource(),
};
const skipped = reasonsToSkip(parts);
const canBeInterrupted = !isAbsent(parts.Kafka) && !("brokers" in parts.Kafka);

const plenty = 900_000;

describe.skipIf(skipped.length > 0)(`the Lambda bundle ${skipped.join("; ")}`, () => {
  const folder = mkdtempSync(join(tmpdir(), "lambda-bundle-"));
  let emulator: Emulator;
  let broker: KafkaBroker;
  let queues: Elasticmq;
  let workers: Workers;
  let bucket: Bucket;
  /** Between the function and S3. */
  let proxy: FaultProxy;
  let orders: Orders;
  /** Of 10,000 records, the last one of 5,000. */
  let chunks: Chunk[];

  beforeAll(async () => {
    [emulator, broker, queues, workers] = await Promise.all([
      startEmulator(present(parts["AWS emulator"])),
      startKafka(present(parts.Kafka)),
      startElasticmq(present(parts.ElasticMQ)),
      Workers.bundle(join(folder, "dist")),
    ]);
    proxy = await startFaultProxy(emulator.url);
    bucket = await Bucket.create(emulator.url, `lambda-${crypto.randomUUID()}`);
    orders = ordersOf(35_000);
    await bucket.put("orders.csv", orders.csv);
    await bucket.put("orders.schema.json", JSON.stringify(ordersSchema));
    expect(await validate("orders.csv", "checked/", "--chunk-size", "10000")).toMatchObject({ how: 0 });
    chunks = await bucket.chunks("checked/");
  });

  afterAll(async () => {
    bucket?.close();
    await proxy?.stop();
    await Promise.all([emulator?.stop(), broker?.stop(), queues?.stop()]);
    rmSync(folder, { recursive: true, force: true });
  });

  const running = new Set<LambdaInstance>();

  beforeEach(() => proxy.plan());

  afterEach(() => {
    for (const instance of running) instance.end();
    running.clear();
  });

  function environment(endpoint: string): Record<string, string> {
    return { AWS_REGION: region, ...credentials, AWS_ENDPOINT_URL: endpoint };
  }

  function validate(input: string, output: string, ...more: readonly string[]): Promise<Ended> {
    const places = ["--input", bucket.uri(input), "--output", bucket.uri(output)];
    const rules = ["--schema", bucket.uri("orders.schema.json"), "--max-invalid", "5%"];
    return workers.run("batch_validator", [...places, ...rules, ...more], environment(emulator.url));
  }

  async function instanceWith(destination: Readonly<Record<string, string>>): Promise<LambdaInstance> {
    const instance = new LambdaInstance(workers.pathOf("lambda"), { ...environment(proxy.url), ...destination });
    running.add(instance);
    await instance.ready;
    return instance;
  }

  function newTopic(): Promise<Topic> {
    return Topic.create(broker, present(parts.kcat).path);
  }

  /** As the state machine calls it for an entry of chunks.json. */
  function eventOf(chunk: Chunk): Record<string, unknown> {
    return { ...chunk, manifest: bucket.uri("checked/manifest.json") };
  }

  function indexesOf({ startIndex, endIndex }: Chunk): number[] {
    return [...orders.valid.keys()].filter((index) => startIndex <= index && index < endIndex);
  }

  function portOf(url: string): number {
    return Number(new URL(url.includes("://") ? url : `kafka://${url}`).port);
  }

  test("delivers chunk after chunk to Kafka over the connections of the first call", async () => {
    const topic = await newTopic();
    const instance = await instanceWith({ ...topic.environment, CHECKPOINT_SECONDS: "1" });
    const answers: LambdaAnswer[] = [];
    for (const chunk of chunks) answers.push(await instance.call({ event: eventOf(chunk), timeLimit: plenty }));
    for (const [number, { chunkId }] of chunks.entries()) {
      expect(answers[number]).toMatchObject({ result: { chunkId, outcome: "done", refused: 0 } });
    }
    expect(tallyOf((await topic.consume()).map(indexOf), orders.valid.keys())).toEqual(everyOneOnce);
    const toKafka = answers.map(({ connections }) => connections[portOf(broker.brokers)] ?? 0);
    expect(toKafka[0]).toBeGreaterThan(0);
    expect(toKafka.slice(1)).toEqual([0, 0, 0]);
  });

  test("delivers chunk after chunk to SQS over the connections of the first call", async () => {
    const queueUrl = await queues.createQueue(`orders-${crypto.randomUUID()}`);
    const instance = await instanceWith({ RECORD_DESTINATION: "sqs_core", SQS_CORE_QUEUE: queueUrl });
    const [first, last] = chunks.slice(-2) as [Chunk, Chunk];
    const one = await instance.call({ event: eventOf(first), timeLimit: plenty });
    const two = await instance.call({ event: eventOf(last), timeLimit: plenty });
    expect(one).toMatchObject({ result: { outcome: "done", delivered: indexesOf(first).length } });
    expect(two).toMatchObject({ result: { outcome: "done", delivered: indexesOf(last).length } });
    expect(one.connections[portOf(queueUrl)]).toBeGreaterThan(0);
    expect(two.connections[portOf(queueUrl)] ?? 0).toBe(0);
    const received = await receiveAll(queues.client, queueUrl);
    expect(tallyOf(received.map(indexOfMessage), [...indexesOf(first), ...indexesOf(last)])).toEqual(everyOneOnce);
    const different = received.filter((one) => one.Body !== orders.valid.get(indexOfMessage(one))?.value);
    expect(different.slice(0, 3)).toEqual([]);
  });

  test("a chunk that does not fit into its time throws TryAgain, and the next call continues: every record once", async () => {
    const many = ordersOf(80_000);
    await bucket.put("orders-many.csv", many.csv);
    expect(await validate("orders-many.csv", "many/")).toMatchObject({ how: 0 });
    const [chunk] = (await bucket.chunks("many/")) as [Chunk];
    const event = { ...chunk, manifest: bucket.uri("many/manifest.json") };
    const topic = await newTopic();
    const instance = await instanceWith(topic.environment);
    const readsFrom = (range: string | undefined) => Number(/^bytes=(\d+)-/.exec(range ?? "")?.[1] ?? -1);
    // The first bytes come, and the others not in time.
    proxy.plan({
      when: ({ url, range }) => url.includes("orders-many.csv") && readsFrom(range) > chunk.startByte,
      times: Number.POSITIVE_INFINITY,
      stallAfterBytes: 0,
    });
    expect(await instance.call({ event, timeLimit: 5000 })).toMatchObject({
      error: { name: "TryAgain", message: expect.stringContaining("the function is about to time out") },
    });
    const sentBefore = (await topic.consume()).length;
    expect(sentBefore).toBeGreaterThan(0);
    expect(sentBefore).toBeLessThan(many.valid.size);

    proxy.plan();
    expect(await instance.call({ event, timeLimit: plenty })).toMatchObject({
      result: { delivered: many.valid.size, refused: 0 },
    });
    const starts = proxy.seen.filter(({ url }) => url.includes("orders-many.csv")).map(({ range }) => readsFrom(range));
    expect(Math.min(...starts.filter((start) => start >= 0))).toBeGreaterThan(chunk.startByte);
    expect(tallyOf((await topic.consume()).map(indexOf), many.valid.keys())).toEqual(everyOneOnce);
    expect(await instance.call({ event, timeLimit: plenty })).toMatchObject({ result: { delivered: many.valid.size } });
    expect((await topic.consume()).length).toBe(many.valid.size);
  });

  test("a queue that is too slow for the time of a call gets the chunk in several, and no record is missing", async () => {
    const queueUrl = await queues.createQueue(`orders-${crypto.randomUUID()}`);
    const instance = await instanceWith({ RECORD_DESTINATION: "sqs_core", SQS_CORE_QUEUE: queueUrl });
    const event = eventOf(chunks[0] as Chunk);
    let answer = await instance.call({ event, timeLimit: 1000 });
    expect(answer).toMatchObject({ error: { name: "TryAgain" } });
    let stops = 0;
    for (; "error" in answer; stops += 1) {
      expect(answer.error.name, answer.error.message).toBe("TryAgain");
      answer = await instance.call({ event, timeLimit: stops < 3 ? 2500 : plenty });
    }
    const received = await receiveAll(queues.client, queueUrl);
    expect(tallyOf(received.map(indexOfMessage), indexesOf(chunks[0] as Chunk))).toMatchObject(everyOne);
    // What was under way when the time was up may come twice.
    const maxInFlight = sqsSinkLimits.maxBatchesInFlight * sqsSinkLimits.maxBatchMessages;
    expect(received.length - new Set(received.map(indexOfMessage)).size).toBeLessThanOrEqual(stops * maxInFlight);
  });

  test("a call that S3 keeps waiting ends in time, and the next one sends every record once", async () => {
    const topic = await newTopic();
    const instance = await instanceWith(topic.environment);
    const chunk = chunks[1] as Chunk;
    proxy.plan({
      when: ({ url, range }) => range !== undefined && url.includes("orders.csv"),
      stallAfterBytes: 200_000,
    });
    expect(await instance.call({ event: eventOf(chunk), timeLimit: 4000 })).toMatchObject({
      error: { name: "TryAgain" },
    });
    expect(await instance.call({ event: eventOf(chunk), timeLimit: plenty })).toMatchObject({
      result: { delivered: indexesOf(chunk).length },
    });
    expect(tallyOf((await topic.consume()).map(indexOf), indexesOf(chunk))).toEqual(everyOneOnce);
  });

  test.skipIf(!canBeInterrupted)("a broker that was restarted between two calls is found again", async () => {
    const topic = await newTopic();
    const instance = await instanceWith(topic.environment);
    const [first, second] = chunks as [Chunk, Chunk];
    await instance.call({ event: eventOf(first), timeLimit: plenty });
    await broker.control?.interrupt("SIGTERM");
    await broker.control?.resume();
    const answer = await instance.call({ event: eventOf(second), timeLimit: plenty });
    expect(answer).toMatchObject({ result: { delivered: indexesOf(second).length } });
    expect(tallyOf((await topic.consume()).map(indexOf), [...indexesOf(first), ...indexesOf(second)])).toEqual(
      everyOneOnce,
    );
  });

  test("an outcome is the name of the error", async () => {
    const topic = await newTopic();
    const instance = await instanceWith(topic.environment);
    const call = (change: object) =>
      instance.call({ event: { ...eventOf(chunks[2] as Chunk), ...change }, timeLimit: plenty });
    expect(await call({ manifest: bucket.uri("nowhere/manifest.json") })).toMatchObject({
      error: { name: "InputMissing", message: expect.stringContaining("nowhere/manifest.json does not exist") },
    });
    expect(await call({ endIndex: 7 })).toMatchObject({ error: { name: "Usage" } });
    expect(await call({ chunkId: null })).toMatchObject({
      error: { name: "Usage", message: expect.stringContaining("--chunk-id (or CHUNK_ID) is missing") },
    });
    expect(await call({ delimiter: "no character" })).toMatchObject({ error: { name: "Usage" } });
    const withoutTopic = await instanceWith({ ...topic.environment, KAFKA_TOPIC: "nobody-made-this-topic" });
    expect(await withoutTopic.call({ event: eventOf(chunks[2] as Chunk), timeLimit: plenty })).toMatchObject({
      error: {
        name: "Configuration",
        message: expect.stringContaining('topic "nobody-made-this-topic" does not exist'),
      },
    });
    expect(await topic.consume()).toEqual([]);
  });

  test("records that the queue will never take are DataRefused, and all others arrive", async () => {
    const queueUrl = await queues.createQueue(`orders-${crypto.randomUUID()}`);
    const long = 10;
    // Just what a record may be, and with its attributes more than a message may be.
    const lines = Array.from({ length: 100 }, (_, id) => `${id},${"x".repeat(id === long ? 1_048_500 : 10)}\n`);
    await bucket.put("long.csv", `id,text\n${lines.join("")}`);
    const places = ["--input", bucket.uri("long.csv"), "--output", bucket.uri("long/")];
    await workers.run("batch_validator", places, environment(emulator.url));
    const [chunk] = await bucket.chunks("long/");
    const instance = await instanceWith({ RECORD_DESTINATION: "sqs_core", SQS_CORE_QUEUE: queueUrl });
    const event = { ...chunk, manifest: bucket.uri("long/manifest.json") };
    expect(await instance.call({ event, timeLimit: plenty })).toMatchObject({
      error: { name: "DataRefused", message: expect.stringContaining("rejected 1 of the 100 records") },
    });
    const received = await receiveAll(queues.client, queueUrl);
    expect(
      tallyOf(
        received.map(indexOfMessage),
        [...lines.keys()].filter((id) => id !== long),
      ),
    ).toEqual(everyOneOnce);
    const [undeliverable] = await bucket.list("long/undeliverable/");
    expect(JSON.parse((await bucket.get(`long/undeliverable/${undeliverable}`)).toString())).toMatchObject({
      index: long,
    });
  });

  test.each(["file", "stdout"])("the destination %s is refused: what a function writes there is gone", async (name) => {
    const instance = await instanceWith({ RECORD_DESTINATION: name, DESTINATION_FILE: join(folder, name) });
    expect(await instance.call({ event: eventOf(chunks[0] as Chunk), timeLimit: plenty })).toMatchObject({
      error: {
        name: "Configuration",
        message: expect.stringMatching(/RECORD_DESTINATION is .*expected one of kafka, sqs_core in a function/),
      },
    });
  });
});

/** An instance of the function, which is called again and again. */
class LambdaInstance {
  readonly #child: ChildProcess;
  readonly ready: Promise<unknown>;
  #printed = "";

  constructor(bundle: string, environment: Readonly<Record<string, string>>) {
    this.#child = fork(join(import.meta.dirname, "pipelineLambdaHost.ts"), [bundle], {
      execArgv: ["--import", "tsx"],
      env: { PATH: process.env.PATH, ...environment },
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => (this.#printed += text));
    }
    this.ready = this.#nextMessage();
  }

  async call(call: LambdaCall): Promise<LambdaAnswer> {
    const answer = this.#nextMessage();
    this.#child.send(call);
    return (await answer) as LambdaAnswer;
  }

  end(): void {
    end(this.#child);
  }

  #nextMessage(): Promise<unknown> {
    return new Promise((settle, fail) => {
      this.#child.once("message", settle);
      this.#child.once("exit", () => fail(new Error(`the instance has ended\n${this.#printed.slice(-4000)}`)));
      this.#child.once("error", fail);
    });
  }
}
