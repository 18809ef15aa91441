import { createRequire } from "node:module";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type CompressionName, compressionOf } from "../../../../workers/sinks/kafka/compression.ts";
import { partitionBatch } from "../../../../workers/sinks/kafka/partitionBatch.ts";
import { RecordBatchEncoder, recordBatch } from "../../../../workers/sinks/kafka/recordBatch.ts";
import { batchOf, type TestMessage } from "../batchOf.ts";

const require = createRequire(import.meta.url);
const Record = require("kafkajs/src/protocol/recordBatch/record/v0/index.js") as (record: object) => object;
const { RecordBatch } = require("kafkajs/src/protocol/recordBatch/v0/index.js") as {
  RecordBatch: (batch: object) => Promise<{ buffer: Buffer }>;
};

const context = { etag: "e7a9-2", source: "s3://bucket/été.csv", chunkId: "chunk-00001" };
const time = 1_763_971_200_000;

/** The readable meaning: the encoder of kafkajs. */
async function referenceOf(messages: readonly TestMessage[]): Promise<string> {
  const records = messages.map(({ index, key, value }, offsetDelta) =>
    Record({
      offsetDelta,
      timestampDelta: 0,
      key: key === undefined || key === "" ? null : key,
      value,
      headers: { "record-id": `${context.etag}:${index}`, source: context.source, "chunk-id": context.chunkId },
    }),
  );
  const { buffer } = await RecordBatch({
    records,
    firstTimestamp: time,
    maxTimestamp: time,
    lastOffsetDelta: records.length - 1,
    producerEpoch: -1,
    firstSequence: -1,
  });
  return buffer.toString("hex");
}

async function written(messages: readonly TestMessage[], compression: CompressionName = "none"): Promise<Uint8Array> {
  const batch = batchOf(messages);
  const positions = Uint32Array.from(messages, (_, i) => i);
  const records = new RecordBatchEncoder(context).encode(
    batch,
    positions,
    0,
    messages.length,
    Number.POSITIVE_INFINITY,
  );
  const made = compressionOf(compression);
  if (made === undefined) throw new Error(`no ${compression}`);
  return recordBatch(records, made, time);
}

const message = fc.record({
  index: fc.oneof(fc.nat(200), fc.constantFrom(9, 10, 99_999, 4_294_967_296, Number.MAX_SAFE_INTEGER)),
  key: fc.oneof(fc.constant(""), fc.string(), fc.constant("k".repeat(64))),
  value: fc.oneof(fc.string(), fc.constantFrom("v".repeat(63), "v".repeat(64), "v".repeat(8_192), "é".repeat(60))),
});

test("record batches are byte for byte those of kafkajs", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(message, { minLength: 1, maxLength: 80 }), async (messages) => {
      expect(Buffer.from(await written(messages)).toString("hex")).toBe(await referenceOf(messages));
    }),
    { numRuns: 60 },
  );
});

test("a compressed batch holds the same records behind its header", async () => {
  const messages = Array.from({ length: 500 }, (_, index) => ({ index, key: `${index}`, value: "x".repeat(index) }));
  const [plain, compressed] = [await written(messages), await written(messages, "gzip")];
  expect(compressed.length).toBeLessThan(plain.length);
  expect(gunzipSync(compressed.subarray(61)).equals(plain.subarray(61))).toBe(true);
  expect(compressed[22]).toBe(1);
});

test("a limit splits the messages without losing one, and is exceeded by a single message only", () => {
  fc.assert(
    fc.property(
      fc.array(message, { minLength: 1, maxLength: 60 }),
      fc.integer({ min: 62, max: 4_000 }),
      (messages, limit) => {
        const encoder = new RecordBatchEncoder(context);
        const batch = batchOf(messages);
        const positions = Uint32Array.from(messages, (_, i) => i);
        let from = 0;
        while (from < messages.length) {
          const records = encoder.encode(batch, positions, from, messages.length, limit);
          expect(records.from).toBe(from);
          expect(records.to).toBeGreaterThan(from);
          expect(records.block.length <= limit || records.to === from + 1).toBe(true);
          expect(records.largest).toBeLessThanOrEqual(records.block.length - 61);
          from = records.to;
        }
        expect(from).toBe(messages.length);
      },
    ),
  );
});

test("sharing out keeps every message, its order, and keeps a key together", () => {
  const keys = fc.array(fc.constantFrom("", "a", "b", "c", "d", "e"), { maxLength: 100 });
  fc.assert(
    fc.property(keys, fc.integer({ min: 1, max: 9 }), (list, partitions) => {
      const shares = partitionBatch(batchOf(list.map((key, index) => ({ index, key, value: "{}" }))), partitions);
      const all = shares.flatMap(({ positions }) => [...positions]);
      expect(all.sort((a, b) => a - b)).toEqual(list.map((_, i) => i));
      for (const { partition, positions } of shares) {
        expect([...positions]).toEqual([...positions].sort((a, b) => a - b));
        for (const position of positions) expect(list[position] === "").toBe(partition === undefined);
      }
      for (const key of new Set(list)) {
        const holding = shares.filter(({ positions }) => positions.some((position) => list[position] === key));
        expect(holding.length).toBe(1);
      }
    }),
  );
});
