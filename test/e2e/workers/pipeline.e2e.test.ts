import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Chunk, Manifest } from "../../../workers/model/manifest.ts";
import { isDoneIn } from "../../workers/batch_processor/parts/world.ts";
import { type Elasticmq, elasticmqSource, startElasticmq } from "../parts/elasticmq.ts";
import { type Emulator, emulatorSource, startEmulator } from "../parts/emulator.ts";
import { type KafkaBroker, kafkaSource, startKafka } from "../parts/kafka.ts";
import { kcat } from "../parts/kcat.ts";
import { isAbsent, present, reasonsToSkip } from "../parts/part.ts";
import { type FaultProxy, type SeenRequest, startFaultProxy } from "./faultProxy.ts";
import { Bucket, chunkArguments, credentials, region } from "./pipelineBucket.ts";
import { type Orders, ordersOf, ordersSchema } from "./pipelineOrders.ts";
import { startPages } from "./pipelinePages.ts";
import { indexOfMessage, receiveAll } from "./pipelineQueue.ts";
import { type FaultName, startQueueFaults } from "./pipelineQueueFaults.ts";
import { everyOne, everyOneOnce, tallyOf } from "./pipelineTally.ts";
import { tinyDisks } from "./pipelineTinyDisk.ts";
import { type Consumed, indexOf, Topic } from "./pipelineTopic.ts";
import { type Ended, isAlive, type Running, Workers } from "./pipelineWorkers.ts";

// The programs as they are deployed, between real services. Every test counts records where they arrive.

const parts = {
  "AWS emulator": await emulatorSource(),
  Kafka: await kafkaSource(),
  kcat: await kcat(),
  ElasticMQ: await elasticmqSource(),
};
const skipped = reasonsToSkip(parts);
const canBeInterrupted = !isAbsent(parts.Kafka) && !("brokers" in parts.Kafka);

const folder = mkdtempSync(join(tmpdir(), "pipeline-"));
let workers: Workers;

beforeAll(async () => {
  workers = await Workers.bundle(join(folder, "dist"));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(skipped.length > 0)(`a file on its way from S3 to its destination ${skipped.join("; ")}`, () => {
  let emulator: Emulator;
  let broker: KafkaBroker;
  let queues: Elasticmq;
  let bucket: Bucket;
  let orders: Orders;
  /** Between a program and S3, for one test at a time. */
  let proxy: FaultProxy;

  beforeAll(async () => {
    [emulator, broker, queues] = await Promise.all([
      startEmulator(present(parts["AWS emulator"])),
      startKafka(present(parts.Kafka)),
      startElasticmq(present(parts.ElasticMQ)),
    ]);
    proxy = await startFaultProxy(emulator.url);
    bucket = await Bucket.create(emulator.url, `pipeline-${crypto.randomUUID()}`);
    orders = ordersOf(120_000);
    await bucket.put("orders.csv", orders.csv);
    await bucket.put("orders.schema.json", JSON.stringify(ordersSchema));
    expect(await validate("orders.csv", "whole/", ["--chunk-size", "1000000"])).toMatchObject({ how: 0 });
  });

  afterAll(async () => {
    bucket?.close();
    await proxy?.stop();
    await Promise.all([emulator?.stop(), broker?.stop(), queues?.stop()]);
  });

  function environment(endpoint = emulator.url): Record<string, string> {
    return { AWS_REGION: region, ...credentials, AWS_ENDPOINT_URL: endpoint };
  }

  function startValidator(input: string, output: string, more: readonly string[] = [], endpoint?: string): Running {
    const places = ["--input", bucket.uri(input), "--output", bucket.uri(output)];
    const rules = ["--schema", bucket.uri("orders.schema.json"), "--max-invalid", "5%"];
    return workers.start("batch_validator", [...places, ...rules, ...more], environment(endpoint));
  }

  function validate(...given: Parameters<typeof startValidator>): Promise<Ended> {
    return startValidator(...given).ended;
  }

  function startProcessor(
    output: string,
    chunk: Chunk,
    destination: Readonly<Record<string, string>>,
    endpoint?: string,
  ): Running {
    const args = chunkArguments(bucket.uri(`${output}manifest.json`), chunk);
    return workers.start("batch_processor", args, { ...environment(endpoint), ...destination });
  }

  async function onlyChunkOf(output: string): Promise<Chunk> {
    const [chunk, ...others] = await bucket.chunks(output);
    if (chunk === undefined || others.length > 0) throw new Error(`${output} has not one chunk`);
    return chunk;
  }

  function newTopic(): Promise<Topic> {
    return Topic.create(broker, present(parts.kcat).path);
  }

  describe("to Kafka, a process for each chunk", () => {
    const output = "checked/";
    let topic: Topic;
    let chunks: Chunk[];

    beforeAll(async () => {
      topic = await newTopic();
      const ended = await validate("orders.csv", output, ["--chunk-size", "50000"]);
      expect(ended).toMatchObject({ how: 0 });
      chunks = await bucket.chunks(output);
    });

    test("the validator finds every record that is wrong, and where it is", async () => {
      const { valid, records, rejected } = orders;
      expect(await bucket.list(output)).toEqual([
        "chunks.json",
        "manifest.json",
        "rejected.bin",
        "rejects.csv",
        "report.html",
        "report.json",
      ]);
      const counts = { records, valid: valid.size, rejected: rejected.length, bytes: orders.csv.length };
      expect((await bucket.json<Manifest>(`${output}manifest.json`)).counts).toMatchObject(counts);
      expect(await bucket.json(`${output}report.json`)).toMatchObject({ verdict: "accepted", counts });
      expect(chunks.map(({ startIndex, endIndex }) => [startIndex, endIndex])).toEqual([
        [0, 50_000],
        [50_000, 100_000],
        [100_000, 120_000],
      ]);
      const rows = (await bucket.get(`${output}rejects.csv`)).toString().matchAll(/^(\d+),(\d+),(\d+),"/gm);
      expect([...rows].map(([, record, line, byte]) => [record, line, byte].map(Number))).toEqual(
        rejected.map(({ record, line, byte }) => [record, line, byte]),
      );
    });

    test("every valid record arrives once, with its key, its types and its digits, and no other", async () => {
      const ends = await Promise.all(chunks.map((chunk) => startProcessor(output, chunk, topic.environment).ended));
      expect(ends.map(({ how }) => how)).toEqual([0, 0, 0]);
      const consumed = await topic.consume();
      expect(tallyOf(consumed.map(indexOf), orders.valid.keys())).toEqual(everyOneOnce);
      const different = consumed.filter((message) => {
        const { key, value } = orders.valid.get(indexOf(message)) ?? { key: "", value: "" };
        return message.key !== key || message.payload !== value;
      });
      expect(different.slice(0, 3)).toEqual([]);
      const recordIds = consumed.map(({ headers }) => headers[headers.indexOf("record-id") + 1]);
      expect(new Set(recordIds).size).toBe(orders.valid.size);
      const chunkIds = new Map(consumed.map((message) => [indexOf(message), message.headers[5]]));
      for (const { chunkId, startIndex, endIndex } of chunks) {
        expect(chunkIds.get(startIndex)).toBe(chunkId);
        expect(chunkIds.get(endIndex - 1)).toBe(chunkId);
      }
      expect(keepsOrder(consumed)).toBe(true);
    });

    test("run again, a chunk that is done says so and sends nothing", async () => {
      const before = await topic.watching((count) => count());
      const { how, log } = await startProcessor(output, chunks[1] as Chunk, topic.environment).ended;
      expect(how).toBe(0);
      expect(log.find(({ event }) => event === "already-done")).toMatchObject({ chunkId: "chunk-000001", refused: 0 });
      expect(await topic.watching((count) => count())).toBe(before);
    });
  });

  /** Runs the processor until `count` says that `part` of the records of the file has arrived, or it has ended. */
  async function until(part: number, count: () => Promise<number>, running: Running): Promise<void> {
    while (isAlive(running) && (await count()) < part * orders.valid.size) await sleep(5);
  }

  /** Holds the program in the middle of its work until a checkpoint is due, and lets it write that. */
  async function outliveCheckpoint(running: Running, topic: Topic): Promise<void> {
    running.child.kill("SIGSTOP");
    await sleep(1100);
    running.child.kill("SIGCONT");
    const written = async () => ((await bucket.checkpoint("whole/", topic.name))?.nextIndex ?? 0) !== 0;
    while (isAlive(running) && !(await written())) await sleep(20);
  }

  test("killed at random moments, no record is missing, and none is sent again that a checkpoint had", async () => {
    const random = numbersFrom(20261124);
    const chunk = await onlyChunkOf("whole/");
    let kills = 0;
    let resumed = 0;
    while (kills < 6) {
      const topic = await newTopic();
      const runs: { readonly startedAt: number; readonly checkpoint: Record<string, unknown> | undefined }[] = [];
      await topic.watching(async (count) => {
        for (let how: Ended["how"] = "SIGKILL"; how !== 0; ) {
          const checkpoint = await bucket.checkpoint("whole/", topic.name);
          const running = startProcessor("whole/", chunk, topic.environment);
          runs.push({ startedAt: running.startedAt, checkpoint });
          if (Number(checkpoint?.nextIndex ?? 0) > 0) resumed += 1;
          if (runs.length < 4) {
            await until((await count()) / orders.valid.size + random() * 0.4, count, running);
            if (runs.length === 1) await outliveCheckpoint(running, topic);
            running.child.kill("SIGKILL");
          }
          const ended = await running.ended;
          how = ended.how;
          expect([0, "SIGKILL"], ended.printed).toContain(how);
          if (how === "SIGKILL") kills += 1;
        }
      });
      const consumed = await topic.consume();
      expect(tallyOf(consumed.map(indexOf), orders.valid.keys())).toMatchObject(everyOne);
      for (const [number, { startedAt, checkpoint }] of runs.entries()) {
        if (checkpoint === undefined) continue;
        const nextStart = runs[number + 1]?.startedAt ?? Number.POSITIVE_INFINITY;
        const own = consumed.filter(({ ts }) => ts >= startedAt && ts < nextStart);
        const sentAgain = own.map(indexOf).filter((index) => isDoneIn(checkpoint, index));
        expect(sentAgain.slice(0, 10)).toEqual([]);
      }
      expect(await bucket.checkpoint("whole/", topic.name)).toMatchObject({ done: true });
    }
    // Else the kills would have hit nothing but beginnings.
    expect(resumed).toBeGreaterThan(0);
  });

  test("told to stop at random moments, every record is sent exactly once", async () => {
    const random = numbersFrom(411);
    const chunk = await onlyChunkOf("whole/");
    let stops = 0;
    while (stops < 6) {
      const topic = await newTopic();
      await topic.watching(async (count) => {
        let runs = 0;
        for (let how: Ended["how"] = 75; how !== 0; ) {
          const running = startProcessor("whole/", chunk, topic.environment);
          runs += 1;
          // Left alone in the end, so that one that forgets how far it came ends as well.
          if (runs < 8) {
            await until((await count()) / orders.valid.size + random() * 0.4, count, running);
            running.child.kill("SIGTERM");
          }
          const ended = await running.ended;
          how = ended.how;
          expect([0, 75], ended.printed).toContain(how);
          if (how === 75) stops += 1;
        }
      });
      expect(tallyOf((await topic.consume()).map(indexOf), orders.valid.keys())).toEqual(everyOneOnce);
    }
  });

  test.skipIf(!canBeInterrupted)(
    "when the broker dies and comes back in the middle, no record is missing",
    async () => {
      const chunk = await onlyChunkOf("whole/");
      const topic = await newTopic();
      const running = startProcessor("whole/", chunk, topic.environment);
      await topic.watching((count) => until(0.2, count, running));
      running.child.kill("SIGSTOP");
      expect(isAlive(running)).toBe(true);
      await broker.control?.interrupt("SIGKILL");
      running.child.kill("SIGCONT");
      expect(await running.logged("kafka-again")).toBeDefined();
      await broker.control?.resume();
      let ended = await running.ended;
      expect([0, 75], ended.printed).toContain(ended.how);
      if (ended.how === 75) ended = await startProcessor("whole/", chunk, topic.environment).ended;
      expect(ended.how, ended.printed).toBe(0);
      expect(tallyOf((await topic.consume()).map(indexOf), orders.valid.keys())).toMatchObject(everyOne);
    },
  );

  test.skipIf(!canBeInterrupted)("told to stop while the broker is away, the next attempt continues", async () => {
    const chunk = await onlyChunkOf("whole/");
    const topic = await newTopic();
    const running = startProcessor("whole/", chunk, topic.environment);
    await topic.watching((count) => until(0.2, count, running));
    running.child.kill("SIGSTOP");
    await broker.control?.interrupt("SIGTERM");
    try {
      running.child.kill("SIGCONT");
      await running.logged("kafka-again");
      running.child.kill("SIGTERM");
      const ended = await running.ended;
      expect(ended.how, ended.printed).toBe(75);
      expect(ended.log.find(({ event }) => event === "stopped")).toMatchObject({
        message: expect.stringContaining("stopped by SIGTERM"),
      });
    } finally {
      await broker.control?.resume();
    }
    const again = await startProcessor("whole/", chunk, topic.environment).ended;
    expect(again.how, again.printed).toBe(0);
    expect(tallyOf((await topic.consume()).map(indexOf), orders.valid.keys())).toMatchObject(everyOne);
  });

  test("two at once on the same chunk: one finishes, the other says that it was taken over, no record is missing", async () => {
    const chunk = await onlyChunkOf("whole/");
    const topic = await newTopic();
    let release = () => {};
    const bothAtWork = new Promise<void>((settle) => {
      release = settle;
    });
    proxy.plan({ when: readsOrders, times: Number.POSITIVE_INFINITY, before: () => bothAtWork });
    const both = [0, 1].map(() => startProcessor("whole/", chunk, topic.environment, proxy.url));
    await Promise.all(both.map((running) => running.logged("delivering", "resumed")));
    release();
    const ends = await Promise.all(both.map(({ ended }) => ended));
    expect(ends.map(({ how }) => how).sort()).toEqual([0, 75]);
    const loser = ends.find(({ how }) => how === 75);
    expect(loser?.log.find(({ event }) => event === "stopped")).toMatchObject({
      message: expect.stringMatching(/belongs to attempt ".+" now; this attempt, .+, sends nothing more/),
      hint: expect.stringContaining("the other attempt delivers the chunk"),
    });
    expect(tallyOf((await topic.consume()).map(indexOf), orders.valid.keys())).toMatchObject(everyOne);
    expect(await bucket.checkpoint("whole/", topic.name)).toMatchObject({ done: true });
  });

  /** Reads of the bytes of a file, as opposed to the manifest and such. */
  function readsOrders({ method, url, range }: SeenRequest): boolean {
    return method === "GET" && range !== undefined && url.includes("/orders");
  }

  describe("to SQS", () => {
    let few: Orders;
    let chunks: Chunk[];

    beforeAll(async () => {
      few = ordersOf(15_000);
      await bucket.put("orders-few.csv", few.csv);
      expect(await validate("orders-few.csv", "few/", ["--chunk-size", "10000"])).toMatchObject({ how: 0 });
      chunks = await bucket.chunks("few/");
    });

    async function sendAll(queueUrl: string): Promise<void> {
      const destination = { RECORD_DESTINATION: "sqs_core", SQS_CORE_QUEUE: queueUrl };
      const ends = await Promise.all(chunks.map((chunk) => startProcessor("few/", chunk, destination).ended));
      for (const { how, printed } of ends) expect(how, printed).toBe(0);
    }

    test("every valid record arrives once", async () => {
      const queueUrl = await queues.createQueue(`orders-${crypto.randomUUID()}`);
      await sendAll(queueUrl);
      const received = await receiveAll(queues.client, queueUrl);
      expect(tallyOf(received.map(indexOfMessage), few.valid.keys())).toEqual(everyOneOnce);
      const different = received.filter((one) => one.Body !== few.valid.get(indexOfMessage(one))?.value);
      expect(different.slice(0, 3)).toEqual([]);
    });

    test("when calls and single entries fail, are throttled or lose their answers, no record is missing", async () => {
      const queueUrl = await queues.createQueue(`orders-${crypto.randomUUID()}`);
      const shares = { unavailable: 0.08, throttled: 0.08, lostAnswers: 0.04, failedEntries: 0.3 };
      const faults = await startQueueFaults(queueUrl, numbersFrom(7), shares);
      try {
        await sendAll(`${faults.url}${new URL(queueUrl).pathname}`);
      } finally {
        await faults.close();
      }
      for (const name of Object.keys(shares) as FaultName[]) expect(faults.counts[name], name).toBeGreaterThan(20);
      const received = await receiveAll(queues.client, queueUrl);
      expect(tallyOf(received.map(indexOfMessage), few.valid.keys())).toMatchObject(everyOne);
      // Only what was stored and not told may come twice.
      expect(received.length - few.valid.size).toBeLessThanOrEqual(faults.counts.lostAnswers * 10);
    });

    test("when what stands before the queue answers with a page, it is tried again", async () => {
      const queueUrl = await queues.createQueue(`orders-${crypto.randomUUID()}`);
      // Often enough for several in a row: the client itself asks three times before it says so.
      const faults = await startQueueFaults(queueUrl, numbersFrom(8), { page: 0.4 });
      try {
        await sendAll(`${faults.url}${new URL(queueUrl).pathname}`);
      } finally {
        await faults.close();
      }
      expect(faults.counts.page).toBeGreaterThan(100);
      const received = await receiveAll(queues.client, queueUrl);
      expect(tallyOf(received.map(indexOfMessage), few.valid.keys())).toEqual(everyOneOnce);
    });
  });

  describe("when S3", () => {
    /** What the validator has written, without what processors have added. */
    async function resultsOf(output: string): Promise<string[]> {
      return (await bucket.list(output)).filter((name) => !name.startsWith("checkpoints/"));
    }

    test("breaks bodies off and lets some stall, the validator writes the same as without", async () => {
      proxy.plan(
        { when: readsOrders, times: 2, cutAfterBytes: 100_000 },
        { when: readsOrders, times: 1, stallAfterBytes: 300_000 },
        { when: readsOrders, times: 3, cutAfterBytes: 1_500_000 },
        { when: ({ url }) => url.includes("schema"), cutAfterBytes: 10 },
      );
      const ended = await validate("orders.csv", "faulty/", ["--chunk-size", "1000000"], proxy.url);
      expect(ended.how, ended.printed).toBe(0);
      expect(proxy.seen.filter(readsOrders).length).toBeGreaterThan(7);
      const names = await bucket.list("faulty/");
      expect(names).toEqual(await resultsOf("whole/"));
      for (const name of names) {
        expect((await bucket.get(`faulty/${name}`)).equals(await bucket.get(`whole/${name}`)), name).toBe(true);
      }
    });

    test("does not answer writes itself, but something on the way with a page, they are done again", async () => {
      const pages = await startPages(emulator.url);
      try {
        const ended = await validate("orders.csv", "paged/", ["--chunk-size", "1000000"], pages.url);
        expect(ended.how, ended.printed).toBe(0);
      } finally {
        await pages.close();
      }
      expect(pages.answered.size).toBeGreaterThan(4);
      expect(await bucket.list("paged/")).toEqual(await resultsOf("whole/"));
    });

    test("breaks bodies off and lets some stall, the processor sends every record once", async () => {
      const topic = await newTopic();
      proxy.plan(
        { when: readsOrders, times: 2, cutAfterBytes: 100_000 },
        { when: readsOrders, times: 1, stallAfterBytes: 300_000 },
        { when: readsOrders, times: 3, cutAfterBytes: 1_500_000 },
        { when: ({ url }) => url.includes("manifest.json"), cutAfterBytes: 10 },
        { when: ({ url }) => url.includes("rejected.bin"), cutAfterBytes: 10 },
      );
      const ended = await startProcessor("whole/", await onlyChunkOf("whole/"), topic.environment, proxy.url).ended;
      expect(ended.how, ended.printed).toBe(0);
      expect(proxy.seen.filter(readsOrders).length).toBeGreaterThan(7);
      expect(tallyOf((await topic.consume()).map(indexOf), orders.valid.keys())).toEqual(everyOneOnce);
    });

    /** Replaces a file as soon as it is read for the third time. */
    function replaceInTheMiddle(key: string): { readonly etag: () => string } {
      let etag = "";
      let reads = 0;
      proxy.plan({
        when: (request) => readsOrders(request) && ++reads === 3,
        before: async () => {
          etag = await bucket.put(key, Buffer.concat([orders.csv, Buffer.from("1,x,1,1,,\n")]));
        },
      });
      return { etag: () => etag };
    }

    test("gives another file in the middle, the validator names both versions and writes no manifest", async () => {
      const etag = await bucket.put("orders-replaced.csv", orders.csv);
      const replaced = replaceInTheMiddle("orders-replaced.csv");
      const { how, log, printed } = await validate("orders-replaced.csv", "replaced/", [], proxy.url);
      expect(how, printed).toBe(66);
      const message = log.find(({ event }) => event === "failed")?.message;
      expect(message).toContain(etag);
      expect(message).toContain(replaced.etag());
      expect(replaced.etag()).not.toBe("");
      expect(await bucket.list("replaced/")).toEqual([]);
    });

    test("gives another file in the middle, the processor names both versions and does not call the chunk done", async () => {
      const etag = await bucket.put("orders-changing.csv", orders.csv);
      expect(await validate("orders-changing.csv", "changing/", ["--chunk-size", "1000000"])).toMatchObject({ how: 0 });
      const replaced = replaceInTheMiddle("orders-changing.csv");
      const topic = await newTopic();
      const chunk = await onlyChunkOf("changing/");
      const { how, log, printed } = await startProcessor("changing/", chunk, topic.environment, proxy.url).ended;
      expect(how, printed).toBe(66);
      const message = log.find(({ event }) => event === "failed")?.message;
      expect(message).toContain(etag);
      expect(message).toContain(replaced.etag());
      expect(replaced.etag()).not.toBe("");
      expect(await bucket.checkpoint("changing/", topic.name)).toMatchObject({ done: false });
      // Not at the next attempt either, which finds the other file from its beginning.
      const again = await startProcessor("changing/", chunk, topic.environment).ended;
      expect(again.how, again.printed).toBe(66);
    });
  });
});

const disks = await tinyDisks();
const disksSkipped = reasonsToSkip({ "a tiny disk": disks });

test.skipIf(disksSkipped.length > 0)(
  `a disk that is full ends the validator with its path, and nothing half-written is left ${disksSkipped.join("; ")}`,
  async () => {
    const input = join(folder, "many-rejects.csv");
    writeFileSync(input, `id,text\n${`not a number,${"x".repeat(200)}\n`.repeat(50_000)}`);
    const schema = join(folder, "number.schema.json");
    writeFileSync(schema, JSON.stringify({ properties: { id: { type: "integer" } } }));
    await present(disks).with(async (disk) => {
      const output = join(disk, "checked");
      mkdirSync(output);
      const args = ["--input", input, "--output", `${output}/`, "--schema", schema, "--max-invalid", "100%"];
      const { how, log, printed } = await workers.run("batch_validator", args, {});
      expect(how, printed).toBe(78);
      expect(log.find(({ event }) => event === "failed")).toMatchObject({
        outcome: "configuration",
        message: expect.stringMatching(/^file:\/\/.*\/checked\/rejects\.csv: no space is left on the disk/),
        hint: expect.stringContaining("Free some space"),
      });
      expect(readdirSync(output)).toEqual([]);
    });
  },
);

describe("settings that are missing or wrong are told all at once", () => {
  const fullRange = ["--chunk-id", "a", "--start-index", "0", "--end-index", "1", "--manifest", "s3://bucket/m.json"];

  test.each([
    ["batch_validator", [], {}, 64, ["--input", "--output"]],
    [
      "batch_processor",
      [],
      {},
      64,
      ["--chunk-id", "--start-index", "--end-index", "--manifest or --input", "RECORD_DESTINATION"],
    ],
    [
      "batch_validator",
      ["--input", "orders.csv", "--output", "s3://bucket/out/", "--max-invalid", "many", "--chunksize", "5"],
      { AWS_REGION: "nowhere" },
      64,
      ["--max-invalid", "--chunksize", "AWS_REGION", "S3_BUCKET"],
    ],
    ["batch_validator", ["--input", "orders.csv", "--output", "s3://bucket/out/"], {}, 78, ["AWS_REGION", "S3_BUCKET"]],
    [
      "batch_processor",
      fullRange,
      { RECORD_DESTINATION: "kafka", CHECKPOINT_SECONDS: "often" },
      78,
      ["KAFKA_BROKERS", "KAFKA_TOPIC", "AWS_REGION", "CHECKPOINT_SECONDS"],
    ],
    [
      "batch_processor",
      fullRange,
      { RECORD_DESTINATION: "sqs_core", SQS_CORE_QUEUE: "arn:aws:sqs:eu-west-1:1:core", AWS_REGION: "eu-west-1" },
      78,
      ["SQS_CORE_QUEUE"],
    ],
    ["batch_processor", fullRange, { RECORD_DESTINATION: "pigeon" }, 78, ["RECORD_DESTINATION", "pigeon"]],
  ] as const)("%s %j %j: %i", async (program, args, environment, exitCode, names) => {
    const { how, log, printed } = await workers.run(program, args, environment as Record<string, string>);
    expect(how, printed).toBe(exitCode);
    const failed = log.find(({ event }) => event === "failed");
    for (const name of names) expect(failed?.message).toContain(name);
  });
});

/** A key has one partition, and the records of a chunk keep their order there. */
function keepsOrder(consumed: readonly Consumed[]): boolean {
  const places = new Map<string | null, number>();
  const last = new Map<string, number>();
  return consumed.every((message) => {
    const { key, partition, headers } = message;
    const place = places.get(key) ?? partition;
    places.set(key, partition);
    const run = `${partition} ${headers[5]}`;
    const before = last.get(run) ?? -1;
    last.set(run, indexOf(message));
    return place === partition && before < indexOf(message);
  });
}

function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
