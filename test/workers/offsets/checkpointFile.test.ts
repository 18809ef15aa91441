import { expect, test } from "vitest";
import type { ObjectStore } from "../../../workers/model/objectStore.ts";
import { type Checkpoint, checkpointFormat } from "../../../workers/offsets/checkpoint.ts";
import { CheckpointFile, TakenOver } from "../../../workers/offsets/checkpointFile.ts";
import { Life } from "../batch_processor/parts/life.ts";
import { MemoryBucket, storeOf } from "../batch_processor/parts/memoryStore.ts";

const uri = "s3://bucket/out/checkpoints/chunk-000000.json";

const checkpoint: Omit<Checkpoint, "attempt"> = {
  format: checkpointFormat,
  chunkId: "chunk-000000",
  startIndex: 0,
  endIndex: 10,
  work: "w",
  destination: "stdout",
  nextIndex: 3,
  nextByte: 33,
  nextLine: 4,
  crc32: "0000abcd",
  doneBeyond: [[5, 7]],
  delivered: 5,
  refused: 0,
  done: false,
};

function store(bucket: MemoryBucket): ObjectStore {
  return storeOf(bucket, new Life());
}

test("a checkpoint is read as it was written, with its writer", async () => {
  const bucket = new MemoryBucket();
  const first = new CheckpointFile(store(bucket), uri, "first");
  expect(await first.read()).toEqual({ kind: "none" });
  await first.write(checkpoint);
  await first.write({ ...checkpoint, nextIndex: 4 });
  const second = await new CheckpointFile(store(bucket), uri, "second").read();
  expect(second).toEqual({ kind: "read", checkpoint: { ...checkpoint, nextIndex: 4, attempt: "first" } });
});

test("the attempt that wrote last owns it: the older one is told at its next write, and by whom", async () => {
  const bucket = new MemoryBucket();
  const older = new CheckpointFile(store(bucket), uri, "older");
  const newer = new CheckpointFile(store(bucket), uri, "newer");
  await older.read();
  await older.write(checkpoint);
  await newer.read();
  await newer.write(checkpoint);
  await expect(older.write(checkpoint)).rejects.toBeInstanceOf(TakenOver);
  await expect(older.write(checkpoint)).rejects.toMatchObject({
    outcome: "try-again",
    message: expect.stringContaining('belongs to attempt "newer" now'),
  });
  await newer.write({ ...checkpoint, done: true });
});

test("of two attempts that both find none, one becomes the owner", async () => {
  const bucket = new MemoryBucket();
  const files = ["a", "b"].map((attempt) => new CheckpointFile(store(bucket), uri, attempt));
  await Promise.all(files.map((file) => file.read()));
  const ends = await Promise.allSettled(files.map((file) => file.write(checkpoint)));
  expect(ends.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
});

/** A store that writes, and answers a number of times with something else than that it has. */
function losingAnswers(
  bucket: MemoryBucket,
  answer: (real: ObjectStore) => ObjectStore["put"],
  times = 1,
): ObjectStore {
  const real = store(bucket);
  let lost = 0;
  return {
    ...real,
    put: async (name, bytes, options) => {
      const written = await real.put(name, bytes, options);
      return ++lost > times ? written : answer(real)(name, bytes, options);
    },
  };
}

test("a write that conflicts with itself, because its answer was lost and it was repeated, has been written", async () => {
  const bucket = new MemoryBucket();
  const repeating = losingAnswers(bucket, (real) => real.put, 1);
  const file = new CheckpointFile(repeating, uri, "only");
  await file.read();
  await file.write(checkpoint);
  await file.write({ ...checkpoint, nextIndex: 4 });
  expect(bucket.json(uri).nextIndex).toBe(4);
});

test("a write that was believed to have failed is no other attempt's", async () => {
  const bucket = new MemoryBucket();
  const failing = losingAnswers(bucket, () => async () => {
    throw new Error("the connection broke");
  });
  const file = new CheckpointFile(failing, uri, "only");
  await file.read();
  await expect(file.write(checkpoint)).rejects.toThrow("the connection broke");
  await file.write({ ...checkpoint, nextIndex: 4 });
  expect(bucket.json(uri).nextIndex).toBe(4);
});

test("a checkpoint that was deleted meanwhile belongs to nobody, so that the chunk can be begun anew", async () => {
  const bucket = new MemoryBucket();
  const file = new CheckpointFile(store(bucket), uri, "only");
  await file.read();
  await file.write(checkpoint);
  bucket.objects.delete(uri);
  await expect(file.write(checkpoint)).rejects.toThrow("was removed or replaced");
});

test.each<[string, object]>([
  ["another format", { format: "gen-batch-config/checkpoint/2" }],
  ["a place before the chunk", { startIndex: 4 }],
  ["a place behind the chunk", { endIndex: 2 }],
  ["a fraction", { nextByte: 3.5 }],
  ["a CRC that is none", { crc32: "xyz" }],
  [
    "ranges that overlap",
    {
      doneBeyond: [
        [5, 7],
        [6, 8],
      ],
    },
  ],
  ["a range before the place", { doneBeyond: [[1, 2]] }],
  ["a range behind the chunk", { doneBeyond: [[8, 11]] }],
  ["an empty range", { doneBeyond: [[5, 5]] }],
  ["no ranges", { doneBeyond: "all" }],
  ["done as a text", { done: "true" }],
])("a checkpoint that does not hold together is none: %s", async (_what, change) => {
  const bucket = new MemoryBucket();
  bucket.set(uri, JSON.stringify({ ...checkpoint, attempt: "x", ...change }));
  expect(await new CheckpointFile(store(bucket), uri, "y").read()).toEqual({ kind: "damaged" });
});

test.each(["", "null", "[]", "7", '{"', "\u0000"])("bytes that are no checkpoint are none: %j", async (text) => {
  const bucket = new MemoryBucket();
  bucket.set(uri, text);
  expect(await new CheckpointFile(store(bucket), uri, "y").read()).toEqual({ kind: "damaged" });
});
