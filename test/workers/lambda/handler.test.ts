import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { createHandler, type HandlerParts } from "../../../workers/lambda/createHandler.ts";
import type { SinkNature } from "../batch_processor/parts/destination.ts";
import { sinkTo } from "../batch_processor/parts/destination.ts";
import { Life } from "../batch_processor/parts/life.ts";
import { storeOf } from "../batch_processor/parts/memoryStore.ts";
import { folder, goodLines, small, World } from "../batch_processor/parts/world.ts";

const environment = {
  AWS_REGION: "eu-west-1",
  RECORD_DESTINATION: "sqs_core",
  SQS_CORE_QUEUE: "https://sqs.eu-west-1.amazonaws.com/000000000000/core",
};

interface Setup {
  readonly world: World;
  readonly nature?: SinkNature;
  readonly life?: Life;
  /** Variables beside the usual ones. */
  readonly more?: Readonly<Record<string, string>>;
  /** Milliseconds that a batch takes at least. */
  readonly sendMs?: number;
}

function setup({ world, nature = {}, life = new Life(), more = {}, sendMs = 0 }: Setup) {
  const lines: string[] = [];
  const opened: string[] = [];
  const parts: HandlerParts = {
    environment: { ...environment, ...more },
    openStore: () => storeOf(world.bucket, life, { pieceBytes: 64 }),
    openSink: async (_settings, _context, _log, connections) => {
      connections.get(
        "queue",
        () => opened.push("open"),
        () => opened.push("close"),
      );
      const sink = sinkTo(world.destination, life, nature);
      const slow = {
        ...sink,
        send: (...batch: Parameters<typeof sink.send>) => sleep(sendMs).then(() => sink.send(...batch)),
      };
      return { sink: sendMs === 0 ? sink : slow, limits: small };
    },
    write: (line) => lines.push(line),
  };
  return { handler: createHandler(parts), lines, opened };
}

const plenty = { awsRequestId: "11111111-2222-3333-4444-555555555555", getRemainingTimeInMillis: () => 900_000 };

function eventOf({ settings }: World): Record<string, unknown> {
  const { chunkId, startIndex, endIndex, manifest } = settings;
  return { chunkId, startIndex, endIndex, manifest };
}

test("a chunk is delivered, and the result says what has become of it", async () => {
  const world = new World(goodLines(10));
  const { handler, lines } = setup({ world });
  expect(await handler(eventOf(world), plenty)).toEqual({
    chunkId: "chunk-000000",
    outcome: "done",
    delivered: 10,
    skipped: 0,
    refused: 0,
  });
  const logged = lines.map((line) => JSON.parse(line));
  expect(logged.find(({ event }) => event === "finished")).toMatchObject({ chunkId: "chunk-000000", delivered: 10 });
  expect(logged.find(({ _aws }) => _aws !== undefined)).toMatchObject({ Delivered: 10, Worker: "batch_processor" });
});

test("a chunk that belongs on AWS Batch is delivered, and the log says that it came to the function", async () => {
  const world = new World(goodLines(10));
  const warnings = async (threshold: string) => {
    const { handler, lines } = setup({ world, more: { BATCH_PROCESSING_THRESHOLD: threshold } });
    await handler(eventOf(world), plenty);
    return lines.map((line) => JSON.parse(line)).filter(({ event }) => event === "chunk-over-threshold");
  };
  expect(await warnings("9")).toMatchObject([{ level: "warn", records: 10, threshold: 9 }]);
  expect(await warnings("10")).toEqual([]);
});

test("numbers may come as texts, and what is no argument is left alone", async () => {
  const world = new World(goodLines(10));
  const event = { ...eventOf(world), startIndex: "0", endIndex: "10", chunkSize: 10, startByte: 8, crc32: "0" };
  await expect(setup({ world }).handler(event, plenty)).resolves.toMatchObject({ delivered: 10 });
});

test("connections are kept from call to call, and dropped after a failure", async () => {
  const world = new World(goodLines(40), { chunkSize: 10 });
  let isAway = false;
  const { handler, opened } = setup({ world, nature: { failsAt: () => isAway } });
  const call = (chunk: number) => handler(eventOf(new World(goodLines(40), { chunkSize: 10, chunk })), plenty);
  await call(0);
  await call(1);
  expect(opened).toEqual(["open"]);
  isAway = true;
  await expect(call(2)).rejects.toMatchObject({ name: "TryAgain" });
  expect(opened).toEqual(["open", "close"]);
  isAway = false;
  await call(2);
  expect(opened).toEqual(["open", "close", "open"]);
  expect(world.destination.arrived).toEqual([...new Set(world.destination.arrived)]);
});

test("when its time is nearly up it stops in order, and the next call continues: everything arrives once", async () => {
  const world = new World(goodLines(300));
  // Both are timers, so that a call ends before its 30 batches are sent, however slow the machine is.
  const { handler } = setup({ world, sendMs: 5 });
  const short = { ...plenty, getRemainingTimeInMillis: () => 30 };
  let calls = 1;
  let name = "TryAgain";
  while (name === "TryAgain" && calls < 1000) {
    name = await handler(eventOf(world), short).then(
      () => "done",
      (error) => error.name,
    );
    calls += 1;
  }
  expect(name).toBe("done");
  expect(calls).toBeGreaterThan(2);
  expect(world.destination.distinct).toEqual(world.wanted);
});

test.each<[string, (world: World) => { event?: unknown; nature?: SinkNature }]>([
  ["DataRefused", () => ({ nature: { refuses: (index) => index === 3 } })],
  ["TryAgain", () => ({ nature: { failsAt: () => true } })],
  ["InputMissing", (world) => ({ event: { ...eventOf(world), manifest: `${folder}other/manifest.json` } })],
  ["Usage", (world) => ({ event: { ...eventOf(world), endIndex: 11 } })],
  ["Usage", () => ({ event: [] })],
  ["Usage", (world) => ({ event: { ...eventOf(world), endIndex: { $gt: 0 } } })],
  ["Usage", (world) => ({ event: { ...eventOf(world), chunkId: "../x" } })],
  ["Bug", () => ({ nature: { order: () => [0] } })],
])("an outcome is the name of the error, for the state machine to match: %s", async (name, given) => {
  const world = new World(goodLines(10));
  const { event = eventOf(world), nature = {} } = given(world);
  const { handler } = setup({ world, nature });
  await expect(handler(event, plenty)).rejects.toMatchObject({ name, message: expect.stringMatching(/./) });
});
