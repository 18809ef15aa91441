import fc from "fast-check";
import { expect, test } from "vitest";
import { patient } from "../../../../workers/sinks/retryPolicy.ts";
import type { SqsAnswer, SqsEntry, SqsFailure, SqsQueue } from "../../../../workers/sinks/sqs/sqsQueue.ts";
import { SqsSink } from "../../../../workers/sinks/sqs/sqsSink.ts";
import { batchOf, type TestMessage } from "../batchOf.ts";
import { RecordingDelivery } from "../recordingDelivery.ts";
import { recordingLog } from "../recordingLog.ts";

const context = { etag: "9b2cf5", source: "s3://bucket/in.csv", chunkId: "chunk-00001" };

/** Says what becomes of an entry: stored, not mentioned, or failed. A thrown error ends the call. */
type Judge = (entry: SqsEntry, call: readonly SqsEntry[]) => "stored" | "left-out" | SqsFailure;

class FakeQueue implements SqsQueue {
  readonly isFifo: boolean;
  size: number | undefined = 262_144;
  judge: Judge = () => "stored";
  readonly calls: (readonly SqsEntry[])[] = [];
  readonly stored: SqsEntry[] = [];
  maxCallsAtOnce = 0;
  #underWay = 0;

  constructor(isFifo = false) {
    this.isFifo = isFifo;
  }

  async maximumMessageSize(): Promise<number | undefined> {
    return this.size;
  }

  async sendBatch(entries: readonly SqsEntry[]): Promise<SqsAnswer> {
    this.calls.push(entries);
    this.maxCallsAtOnce = Math.max(this.maxCallsAtOnce, ++this.#underWay);
    await new Promise((settle) => setImmediate(settle));
    this.#underWay--;
    const stored = new Set<string>();
    const failed = new Map<string, SqsFailure>();
    for (const entry of entries) {
      const fate = this.judge(entry, entries);
      if (fate === "stored") {
        stored.add(entry.id);
        this.stored.push(entry);
      } else if (fate !== "left-out") failed.set(entry.id, fate);
    }
    return { stored, failed };
  }

  close(): void {}
}

function sinkTo(queue: SqsQueue, callsPerBatch = 4, chunkId = context.chunkId) {
  let time = 0;
  const retry = {
    ...patient,
    giveUpAfterMs: 60_000,
    random: () => 1,
    now: () => time,
    sleep: async (milliseconds: number) => {
      time += milliseconds;
    },
  };
  const log = recordingLog();
  return {
    sink: new SqsSink({ queue, context: { ...context, chunkId }, log, retry, callsPerBatch }),
    log,
    elapsed: () => time,
  };
}

async function deliver(sink: SqsSink, messages: readonly TestMessage[], size = messages.length) {
  const delivery = new RecordingDelivery();
  await sink.connect();
  const batches = Array.from({ length: Math.ceil(messages.length / size) }, (_, i) =>
    batchOf(messages.slice(i * size, i * size + size)),
  );
  const results = await Promise.allSettled(batches.map((batch) => sink.send(batch, delivery.of(batch))));
  const failure = results.find((result) => result.status === "rejected");
  return { delivery, fault: failure?.reason as unknown };
}

function plain(count: number, value = (index: number) => `{"id":${index}}`): TestMessage[] {
  return Array.from({ length: count }, (_, index) => ({ index, value: value(index) }));
}

const allOf = (count: number) => Array.from({ length: count }, (_, i) => i);
const indexOf = (entry: SqsEntry) => Number(entry.attributes["record-id"]?.split(":")[1]);
const byNumber = (a: number, b: number) => a - b;

/** As SQS counts: body and, for each attribute, name, type and value. */
function bytesOf(entry: SqsEntry): number {
  const attributes = Object.entries(entry.attributes).map(([name, value]) => `${name}String${value}`);
  return Buffer.byteLength(entry.body + attributes.join(""));
}

function serviceError(name: string, status: number, message = name): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode: status } });
}

test("messages go ten to a call with their record id, source and chunk, several calls at a time", async () => {
  const queue = new FakeQueue();
  const { delivery } = await deliver(sinkTo(queue).sink, plain(95));
  expect([...delivery.acknowledged].sort(byNumber)).toEqual(allOf(95));
  expect(queue.calls.map((call) => call.length).sort(byNumber)).toEqual([5, ...Array(9).fill(10)]);
  expect(queue.maxCallsAtOnce).toBe(4);
  expect(queue.calls[0]?.[3]).toEqual({
    id: "3",
    body: '{"id":3}',
    attributes: { "record-id": "9b2cf5:3", source: "s3://bucket/in.csv", "chunk-id": "chunk-00001" },
    fifo: undefined,
  });
});

test("no call is longer than the queue takes, and a message that is longer is refused with its size", async () => {
  const queue = new FakeQueue();
  queue.size = 4_000;
  const sizes = fc.array(fc.integer({ min: 2, max: 5_000 }), { minLength: 1, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(sizes, async (lengths) => {
      queue.calls.length = 0;
      const messages = lengths.map((length, index) => ({ index, value: `"${"é".repeat((length - 2) / 2)}"` }));
      const { delivery } = await deliver(sinkTo(queue).sink, messages);
      for (const call of queue.calls)
        expect(call.reduce((sum, entry) => sum + bytesOf(entry), 0)).toBeLessThanOrEqual(4_000);
      expect(delivery.acknowledged.size + delivery.refused.size).toBe(messages.length);
      for (const reason of delivery.refused.values()) {
        expect(reason).toMatch(
          /^with its attributes it is [45]\d\d\d bytes, more than the queue accepts \(MaximumMessageSize, 4000 bytes\)$/,
        );
      }
    }),
    { numRuns: 50 },
  );
});

test("of a call only the entries that failed for a passing reason are sent again", async () => {
  const queue = new FakeQueue();
  const tries = new Map<number, number>();
  queue.judge = (entry) => {
    const index = indexOf(entry);
    const tried = (tries.get(index) ?? 0) + 1;
    tries.set(index, tried);
    if (index === 7) return { isFinal: true, code: "InvalidMessageContents", message: "not allowed" };
    if (index === 8 && tried === 1) return "left-out";
    if (index % 3 === 0 && tried <= 2) return { isFinal: false, code: "InternalError", message: "try again" };
    return "stored";
  };
  const { sink, log } = sinkTo(queue);
  const { delivery } = await deliver(sink, plain(50));
  expect(delivery.refused).toEqual(new Map([[7, "SQS rejects it (InvalidMessageContents: not allowed)"]]));
  expect([...delivery.acknowledged].sort(byNumber)).toEqual(allOf(50).filter((index) => index !== 7));
  for (const [index, tried] of tries) expect(tried).toBe(index % 3 === 0 ? 3 : index === 8 ? 2 : 1);
  expect(log.events.every(({ event }) => event === "sqs-again")).toBe(true);
  expect(sink.retries).toBe(log.events.length);
});

test("a call that is throttled or breaks is made again, with longer and longer pauses", async () => {
  const queue = new FakeQueue();
  const errors = [
    serviceError("RequestThrottled", 403),
    serviceError("InternalFailure", 500),
    serviceError("ThrottlingException", 400),
    Object.assign(new Error("socket hang up"), { name: "Error", code: "ECONNRESET" }),
    serviceError("TimeoutError", 0),
  ];
  queue.judge = () => {
    const error = errors.shift();
    if (error !== undefined) throw error;
    return "stored";
  };
  const { sink, elapsed } = sinkTo(queue, 1);
  const { delivery } = await deliver(sink, plain(10));
  expect(delivery.acknowledged.size).toBe(10);
  expect(elapsed()).toBe(100 + 200 + 400 + 800 + 1_600);
});

test("a queue that takes nothing for the time allowed ends the work with try-again", async () => {
  const queue = new FakeQueue();
  queue.judge = (entry) => (indexOf(entry) < 10 ? "stored" : { isFinal: false, code: "InternalError", message: "no" });
  const { sink, elapsed } = sinkTo(queue, 1);
  const { delivery, fault } = await deliver(sink, plain(30));
  expect(fault).toMatchObject({ outcome: "try-again", message: "SQS accepted nothing for 60 s (InternalError: no)" });
  expect([...delivery.acknowledged]).toEqual(allOf(10));
  expect(elapsed()).toBeGreaterThanOrEqual(60_000);
  expect(queue.calls.some((call) => call.some((entry) => indexOf(entry) >= 20))).toBe(false);
});

test.each([
  [serviceError("AccessDenied", 403), "not-allowed", "sqs:SendMessage"],
  [serviceError("AccessDeniedException", 400), "not-allowed", "sqs:SendMessage"],
  [serviceError("QueueDoesNotExist", 400), "configuration", "SQS_CORE_QUEUE"],
  [serviceError("KmsAccessDenied", 400), "not-allowed", "kms:GenerateDataKey"],
  [serviceError("InvalidParameterValue", 400), "configuration", "settings of the queue"],
  [new TypeError("x is not a function"), "bug", undefined],
])("%s ends the work at once with a hint", async (error, outcome, hint) => {
  const queue = new FakeQueue();
  queue.judge = () => {
    throw error;
  };
  const { sink, elapsed } = sinkTo(queue);
  const { delivery, fault } = await deliver(sink, plain(30));
  expect(fault).toMatchObject({ outcome, hint: hint === undefined ? undefined : expect.stringContaining(hint) });
  expect(delivery.acknowledged.size).toBe(0);
  expect(elapsed()).toBe(0);
});

test("a queue that takes less than it told is found out by halves, and asked with less from then on", async () => {
  const queue = new FakeQueue();
  queue.size = undefined;
  queue.judge = (_entry, call) => {
    if (call.reduce((sum, entry) => sum + bytesOf(entry), 0) > 30_000)
      throw serviceError("AWS.SimpleQueueService.BatchRequestTooLong", 400);
    return "stored";
  };
  const { sink } = sinkTo(queue, 1);
  const messages = plain(200, (index) => `"${"x".repeat(index === 150 ? 40_000 : 9_000)}"`);
  const { delivery } = await deliver(sink, messages);
  expect([...delivery.refused.keys()]).toEqual([150]);
  expect(delivery.acknowledged.size).toBe(199);
  expect(queue.calls.length).toBeLessThan(130);
});

test("characters that SQS refuses are escaped, and mean the same", async () => {
  const queue = new FakeQueue();
  const text = "a\u0001\u0000\ufffe\uffff\u{1ffff}\u007f\ufffdé";
  const refusing = { ...context, source: "s3://bucket/a\u0001\ufffe.csv" };
  const sink = new SqsSink({ queue, context: refusing, log: recordingLog() });
  await deliver(sink, [{ index: 0, value: JSON.stringify({ text }) }]);
  const [entry] = queue.stored;
  expect(JSON.parse(entry?.body ?? "")).toEqual({ text });
  const forbidden = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;
  expect(forbidden.test(entry?.body ?? "\u0000")).toBe(false);
  expect(entry?.attributes.source).toBe("s3://bucket/a\ufffd\ufffd.csv");
});

test("in a FIFO queue a key keeps its order, also when entries and calls fail", async () => {
  const fate = fc.constantFrom("stored", "stored", "stored", "left-out", "failed", "broken");
  await fc.assert(
    fc.asyncProperty(fc.infiniteStream(fate), fc.integer({ min: 1, max: 30 }), async (fates, keys) => {
      const queue = new FakeQueue(true);
      queue.judge = (entry, call) => {
        const next = fates.next().value;
        if (next === "broken" && call[0] === entry) throw serviceError("InternalFailure", 500);
        return next === "failed"
          ? { isFinal: false, code: "InternalError", message: "" }
          : next === "left-out"
            ? next
            : "stored";
      };
      const messages = plain(120).map((message) => ({ ...message, key: `key ${message.index % keys}` }));
      const { delivery, fault } = await deliver(sinkTo(queue).sink, messages, 40);
      expect(fault).toBeUndefined();
      expect(delivery.acknowledged.size).toBe(120);
      const last = new Map<string, number>();
      for (const entry of queue.stored) {
        const group = entry.fifo?.group ?? "";
        expect(indexOf(entry)).toBeGreaterThan(last.get(group) ?? -1);
        last.set(group, indexOf(entry));
      }
      expect(last.size).toBe(keys);
    }),
    { numRuns: 30 },
  );
});

test.each(["chunk-00001", "a chunk"])(
  "in a FIFO queue messages without a key follow one another ten at a time, in the group of %j",
  async (chunk) => {
    const queue = new FakeQueue(true);
    const { delivery } = await deliver(sinkTo(queue, 4, chunk).sink, plain(95), 30);
    expect(queue.stored.map(indexOf)).toEqual(allOf(95));
    expect(queue.maxCallsAtOnce).toBe(1);
    expect(queue.calls.length).toBe(10);
    expect(delivery.acknowledged.size).toBe(95);
    expect(queue.stored[12]?.fifo).toEqual({
      group: expect.stringMatching(/^(chunk-00001|[0-9a-f]{64})$/),
      deduplication: "9b2cf5:12",
    });
  },
);

test("ids of a FIFO queue are such as SQS takes, whatever the key is", async () => {
  const queue = new FakeQueue(true);
  const long = { ...context, etag: "e".repeat(200), chunkId: "chunk 1" };
  const sink = new SqsSink({ queue, context: long, log: recordingLog() });
  const keys = ["plain-key", "with space", "é", "k".repeat(129), "", "\u0000"];
  await deliver(
    sink,
    keys.map((key, index) => ({ index, key, value: "{}" })),
  );
  const ids = queue.stored.flatMap(({ fifo }) => (fifo === undefined ? [] : [fifo.group, fifo.deduplication]));
  expect(ids.length).toBe(12);
  for (const id of ids) expect(id).toMatch(/^[!-~]{1,128}$/);
  expect(new Set(ids).size).toBe(12);
  expect(ids).toContain("plain-key");
});

test("after a failure in a FIFO queue nothing follows", async () => {
  const queue = new FakeQueue(true);
  queue.judge = (entry) => {
    if (indexOf(entry) === 15) throw serviceError("AccessDenied", 403);
    return "stored";
  };
  const { fault } = await deliver(sinkTo(queue).sink, plain(60), 20);
  expect(fault).toMatchObject({ outcome: "not-allowed" });
  expect(queue.stored.every((entry) => indexOf(entry) < 20)).toBe(true);
});
