import { statSync } from "node:fs";
import { join } from "node:path";
import { Kafka, logLevel } from "kafkajs";
import { type KafkaBroker, kafkaSource, startKafka } from "../../e2e/parts/kafka.ts";
import { kcat } from "../../e2e/parts/kcat.ts";
import { isAbsent } from "../../e2e/parts/part.ts";
import { type ChunkFixture, chunkFixture, jsonLinesOf } from "./chunkFixture.ts";
import { type Dataset, dataset } from "./dataset.ts";
import { figures, ratios } from "./measure/figures.ts";
import { inRounds } from "./measure/inRounds.ts";
import { intoPageCache } from "./measure/intoPageCache.ts";
import { runTimed, type Timed } from "./measure/runTimed.ts";
import { megabytes, number, shown, table, times } from "./measure/table.ts";
import type { Options } from "./options.ts";
import { processorCommand, reasonWithoutProgram } from "./ours.ts";
import { toJsonLines } from "./peers/toJsonLines.ts";
import { type Compression, kcatCommand, producerPerformanceCommand, rateOf } from "./producers.ts";

export interface ProcessorFigures {
  readonly markdown: string;
  /** Of whole processes that send to Kafka as they do unless told otherwise; undefined when they were not measured. */
  readonly recordsPerSecond: number | undefined;
}

/** Our processor beside the producers that Kafka and librdkafka bring along, with the same messages and the same broker. */
export async function measureProcessor(options: Options, scratch: string): Promise<ProcessorFigures> {
  const reason = reasonWithoutProgram("processor") ?? reasonWithoutProgram("validator");
  const data = dataset("random-text", options.scale);
  intoPageCache(data.path);
  // Without our programs there is no chunk to speak of: the peers get the whole file.
  const fixture =
    reason === undefined ? await chunkFixture(data, scratch, chunkRecords(options), "first") : wholeFile(data);
  const payload = join(scratch, "messages.jsonl");
  const records = await toJsonLines(jsonLinesOf(data, fixture.chunk, payload));
  const bench: Bench = { options, scratch, data, payload, records, fixture, hasProgram: reason === undefined };
  const kafka = await kafkaTables(bench);
  const markdown = [
    ...(reason === undefined ? [] : [`Not measured: ${reason}.\n`]),
    kafka.markdown,
    await fileTable(bench),
    reason === undefined ? await chunkStartTable(options, scratch) : "",
  ].join("\n");
  return { markdown, recordsPerSecond: kafka.recordsPerSecond };
}

interface Bench {
  readonly options: Options;
  readonly scratch: string;
  readonly data: Dataset;
  /** The messages, one a line. */
  readonly payload: string;
  readonly records: number;
  readonly fixture: ChunkFixture;
  readonly hasProgram: boolean;
}

function chunkRecords({ scale }: Options): number {
  return Math.max(1, Math.round(1_000_000 * scale));
}

function wholeFile(data: Dataset): ChunkFixture {
  const startByte = Buffer.byteLength(`${data.columns.join(",")}\n`);
  const size = data.records;
  const chunk = { chunkId: "all", startIndex: 0, endIndex: size, chunkSize: size, startByte, endByte: data.bytes };
  return { chunk, freshFolder: () => "" };
}

async function kafkaTables(bench: Bench): Promise<ProcessorFigures> {
  const source = await kafkaSource();
  if (isAbsent(source)) return { markdown: `Kafka was not measured: ${source.absent}.\n`, recordsPerSecond: undefined };
  const broker = await startKafka(source);
  try {
    const rows: string[][] = [];
    let recordsPerSecond: number | undefined;
    for (const compression of ["none", "gzip"] as const) {
      const classpath = "classpath" in source ? source : undefined;
      const contestants = await kafkaContestants(bench, broker, classpath, compression);
      const runs = await inRounds(contestants, Math.min(bench.options.rounds, mostKafkaRounds), 1);
      const rates = (name: string) => (runs[name] ?? []).map(({ seconds }) => bench.records / seconds);
      const bytes = statSync(bench.payload).size;
      for (const [name, timed] of Object.entries(runs)) {
        const own = figures(timed.flatMap(({ ownRate }) => (ownRate === undefined ? [] : [ownRate])));
        rows.push([
          compression,
          name,
          shown(figures(rates(name))),
          number((figures(rates(name)).median * bytes) / bench.records / 1e6),
          shown(own),
          name === ours ? "" : times(ratios(rates(ours), rates(name))),
          megabytes(figures(timed.map(({ peakBytes }) => peakBytes ?? Number.NaN)).maximum || undefined),
        ]);
      }
      // The contract's default.
      if (compression === "gzip" && bench.hasProgram) recordsPerSecond = figures(rates(ours)).median;
    }
    const head = ["compression", "program", "messages/s, whole process", "MB/s", "by its own clock", "ours to it"];
    const markdown = `To Kafka, ${number(bench.records)} messages of ${megabytes(statSync(bench.payload).size)} in all, acks all, one broker on the same machine, six partitions. Each topic was counted afterwards.\n
${table([...head, "peak memory"], rows)}
ProducerPerformance draws its messages from the file at random and measures only the sending; kcat sends the lines of the file. Neither reads CSV, checks a checksum or keeps a checkpoint.\n`;
    return { markdown, recordsPerSecond };
  } finally {
    await broker.stop();
  }
}

const ours = "batch_processor";
/** A round takes half a minute. */
const mostKafkaRounds = 3;

interface Sent extends Timed {
  readonly ownRate: number | undefined;
}

async function kafkaContestants(
  bench: Bench,
  broker: KafkaBroker,
  java: { readonly java: string; readonly classpath: string } | undefined,
  compression: Compression,
): Promise<Readonly<Record<string, () => Promise<Sent>>>> {
  const { payload, records, fixture } = bench;
  const kcatPart = await kcat();
  const send = async (name: string, run: (topic: string) => Promise<Sent>) => {
    const topic = `${name}-${process.pid}-${topicNumber++}`;
    await broker.createTopic(topic, 6);
    const sent = await run(topic);
    await checkTopic(broker.brokers, topic, records);
    return sent;
  };
  const contestants: Record<string, () => Promise<Sent>> = {};
  if (bench.hasProgram)
    contestants[ours] = () =>
      send("ours", async (topic) => {
        const destination = { kind: "kafka", brokers: broker.brokers, topic, compression } as const;
        const timed = await runTimed(processorCommand(fixture.freshFolder(), fixture.chunk, destination));
        return { ...timed, ownRate: undefined };
      });
  if (java !== undefined)
    contestants.ProducerPerformance = () =>
      send("java", async (topic) => {
        const target = { brokers: broker.brokers, topic, compression };
        const timed = await runTimed(producerPerformanceCommand(java, target, payload, records));
        return { ...timed, ownRate: rateOf(timed.stdout) };
      });
  if (!isAbsent(kcatPart))
    contestants.kcat = () =>
      send("kcat", async (topic) => {
        const timed = await runTimed(
          kcatCommand(kcatPart.path, { brokers: broker.brokers, topic, compression }, payload),
        );
        return { ...timed, ownRate: undefined };
      });
  return contestants;
}

let topicNumber = 0;

/** A producer that lost or doubled messages is not measured. The topic is deleted, or the disk would fill up. */
async function checkTopic(brokers: string, topic: string, expected: number): Promise<void> {
  const admin = new Kafka({ brokers: brokers.split(","), logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    const offsets = await admin.fetchTopicOffsets(topic);
    const stored = offsets.reduce((sum, { high, low }) => sum + Number(high) - Number(low), 0);
    if (stored !== expected) throw new Error(`${topic} holds ${stored} messages; expected ${expected}`);
    await admin.deleteTopics({ topics: [topic] });
  } finally {
    await admin.disconnect();
  }
}

async function fileTable({ options, scratch, data, payload, records, fixture, hasProgram }: Bench): Promise<string> {
  const target = join(scratch, "out.jsonl");
  const chunkBytes = fixture.chunk.endByte - fixture.chunk.startByte;
  const contestants: Record<string, () => Promise<number>> = {
    "papaparse + JSON.stringify": async () => {
      const started = performance.now();
      await toJsonLines(jsonLinesOf(data, fixture.chunk, target));
      return (performance.now() - started) / 1000;
    },
  };
  if (hasProgram)
    contestants[ours] = async () => {
      const destination = { kind: "file", path: target } as const;
      return (await runTimed(processorCommand(fixture.freshFolder(), fixture.chunk, destination))).seconds;
    };
  const seconds = await inRounds(contestants, options.rounds, 1);
  const rows = Object.entries(seconds).map(([name, values]) => [
    name,
    shown(figures(values.map((value) => records / value))),
    number(chunkBytes / 1e6 / figures(values).median),
    name === ours ? "" : times(ratios(values, seconds[ours] ?? [])),
  ]);
  const head = ["program", "messages/s", "MB/s of CSV", "ours to it"];
  return `To a file, ${number(records)} records (${megabytes(statSync(payload).size)} of JSON). Ours is a whole process, the other one was warm.\n\n${table(head, rows)}`;
}

/** A chunk is found by its byte offset: the length of the file before it should not matter. */
async function chunkStartTable(options: Options, scratch: string): Promise<string> {
  const shapes = ["random-text", ...(options.large ? ["random-text-large" as const] : [])] as const;
  const rows: string[][] = [];
  for (const shape of shapes) {
    const data = dataset(shape, options.scale);
    intoPageCache(data.path);
    const fixture = await chunkFixture(data, scratch, 1000, "middle");
    const run = async () => {
      const destination = { kind: "file", path: join(scratch, "out.jsonl") } as const;
      return (await runTimed(processorCommand(fixture.freshFolder(), fixture.chunk, destination))).seconds;
    };
    const { seconds } = await inRounds({ seconds: run }, options.rounds, 1);
    rows.push([
      `${data.title}, ${megabytes(data.bytes)}`,
      number(fixture.chunk.startByte),
      `${shown(figures(seconds ?? []), 3)} s`,
    ]);
  }
  const head = ["file", "the chunk starts at byte", "whole process"];
  return `A chunk of 1,000 records in the middle of a file.\n\n${table(head, rows)}`;
}
