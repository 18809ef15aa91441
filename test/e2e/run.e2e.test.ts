import { spawn } from "node:child_process";
import { createWriteStream, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cli, endOf } from "../cli/cli.ts";
import { type Installed, installPackage } from "../run/installed.ts";
import { type Elasticmq, elasticmqSource, startElasticmq } from "./parts/elasticmq.ts";
import { type KafkaBroker, kafkaSource, startKafka } from "./parts/kafka.ts";
import { kcat } from "./parts/kcat.ts";
import { present, reasonsToSkip } from "./parts/part.ts";
import { run } from "./parts/run.ts";
import { receiveAll } from "./workers/pipelineQueue.ts";
import { everyOneOnce, tallyOf } from "./workers/pipelineTally.ts";

// The command run between files of this machine and real services; what arrives is read by programs that share no code with it.

const parts = { Kafka: await kafkaSource(), kcat: await kcat(), ElasticMQ: await elasticmqSource() };
const skipped = reasonsToSkip(parts);

describe.skipIf(skipped.length > 0)(`run with real services ${skipped.join("; ")}`, () => {
  let installed: Installed;
  let broker: KafkaBroker;
  let queues: Elasticmq;
  const folder = mkdtempSync(join(tmpdir(), "run-"));

  beforeAll(async () => {
    [installed, broker, queues] = await Promise.all([
      installPackage(),
      startKafka(present(parts.Kafka)),
      startElasticmq(present(parts.ElasticMQ)),
    ]);
  });

  afterAll(async () => {
    installed?.remove();
    rmSync(folder, { recursive: true, force: true });
    await Promise.all([broker?.stop(), queues?.stop()]);
  });

  async function newTopic(): Promise<string> {
    const topic = `run-${crypto.randomUUID()}`;
    await broker.createTopic(topic, 3);
    return topic;
  }

  /** The ids of all messages of a topic. */
  async function idsOf(topic: string): Promise<number[]> {
    const args = ["-b", broker.brokers, "-t", topic, "-C", "-e", "-q"];
    const { stdout } = await run(present(parts.kcat).path, args, { timeLimitSeconds: 120 });
    return stdout.split("\n").flatMap((line) => (line === "" ? [] : [Number(/^\{"id":"(\d+)"/.exec(line)?.[1])]));
  }

  async function write(name: string, records: number): Promise<string> {
    const path = join(folder, name);
    const file = createWriteStream(path);
    file.write("id,customer,amount\n");
    for (let id = 0; id < records; id += 1000) {
      const rows = Array.from({ length: Math.min(1000, records - id) }, (_, at) => rowOf(id + at));
      if (!file.write(rows.join(""))) await new Promise<void>((settle) => file.once("drain", settle));
    }
    file.end();
    await finished(file);
    return path;
  }

  function rowOf(id: number): string {
    return `${id},customer ${id % 997},${id % 100}.50\n`;
  }

  function toKafka(input: string, topic: string): string[] {
    const where = ["--brokers", broker.brokers, "--topic", topic, "--kafka-security", "none"];
    return ["run", "--input", input, "--chunk-size", "300000", "--destination", "kafka", ...where, "--json"];
  }

  test("1,000,000 records are in the topic, each once, by both routes; the same command again sends nothing", async () => {
    const records = 1_000_000;
    const input = await write("million.csv", records);
    const topic = await newTopic();
    const options = { cwd: folder, program: installed.program };
    const ended = await cli(toKafka(input, topic), options);
    expect(ended).toMatchObject({ exit: 0 });
    expect(JSON.parse(ended.stdout)).toMatchObject({
      outcome: "done",
      records,
      delivered: records,
      chunks: { total: 4, done: 4, batch: 3, lambda: 1 },
    });
    const ids = Array.from({ length: records }, (_, id) => id);
    expect(tallyOf(await idsOf(topic), ids)).toEqual(everyOneOnce);

    const again = await cli(toKafka(input, topic), options);
    expect(JSON.parse(again.stdout)).toMatchObject({ outcome: "done", delivered: records, chunks: { doneBefore: 4 } });
    expect(tallyOf(await idsOf(topic), ids)).toEqual(everyOneOnce);
  });

  test("a run that is stopped while it sends has, after the next one, every record in the topic once", async () => {
    const records = 900_000;
    const input = await write("stopped.csv", records);
    const topic = await newTopic();
    const child = spawn(process.execPath, [installed.program, ...toKafka(input, topic)], {
      cwd: folder,
      stdio: ["ignore", "pipe", "pipe"],
      env: { PATH: process.env.PATH },
    });
    child.stderr.on("data", (text: Buffer) => {
      if (text.includes("(1 of 3)")) child.kill("SIGTERM");
    });
    const stopped = await endOf(child);
    expect(stopped).toMatchObject({ exit: 3 });
    expect(JSON.parse(stopped.stdout)).toMatchObject({ outcome: "stopped" });
    const ended = await cli(toKafka(input, topic), { cwd: folder, program: installed.program });
    expect(JSON.parse(ended.stdout)).toMatchObject({ outcome: "done", delivered: records });
    const ids = Array.from({ length: records }, (_, id) => id);
    expect(tallyOf(await idsOf(topic), ids)).toEqual(everyOneOnce);
  });

  test("a topic that does not exist is a mistake of the command, and is named", async () => {
    const input = await write("few.csv", 10);
    const ended = await cli(toKafka(input, "nobody-made-this-topic"), { cwd: folder, program: installed.program });
    expect(ended).toMatchObject({ exit: 2, stderr: expect.stringContaining("nobody-made-this-topic") });
  });

  test("records are in the queue, each once", async () => {
    const records = 3000;
    const input = await write("queue.csv", records);
    const queueUrl = await queues.createQueue(`run-${crypto.randomUUID()}`);
    const env = { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" };
    const args = [
      "run",
      "--input",
      input,
      "-d",
      "sqs_core",
      "--queue-url",
      queueUrl,
      "--endpoint-url",
      new URL(queueUrl).origin,
    ];
    const ended = await cli([...args, "--json"], { cwd: folder, program: installed.program, env });
    expect(ended).toMatchObject({ exit: 0 });
    const received = await receiveAll(queues.client, queueUrl);
    const arrived = received.map(({ Body }) => Number((JSON.parse(Body ?? "") as { id: string }).id));
    expect(
      tallyOf(
        arrived,
        Array.from({ length: records }, (_, id) => id),
      ),
    ).toEqual(everyOneOnce);
  });

  test("what the queue will never take makes the run fail as data, and all else is delivered", async () => {
    const path = join(folder, "long.csv");
    const rows = Array.from({ length: 20 }, (_, id) => `${id},${id === 7 ? "x".repeat(1_048_500) : "x"}\n`);
    writeFileSync(path, `id,text\n${rows.join("")}`);
    const queueUrl = await queues.createQueue(`run-${crypto.randomUUID()}`);
    const env = { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" };
    const args = ["run", "--input", path, "-d", "sqs_core", "--queue-url", queueUrl];
    const ended = await cli(args, { cwd: folder, program: installed.program, env });
    expect(ended).toMatchObject({ exit: 1, stderr: expect.stringContaining("rejected 1 of the 20 records") });
    expect(await receiveAll(queues.client, queueUrl)).toHaveLength(19);
  });
});
