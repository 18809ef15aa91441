import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FileSink } from "../../../workers/sinks/fileSink.ts";
import { batchOf } from "./batchOf.ts";
import { RecordingDelivery } from "./recordingDelivery.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "file-sink-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

const batchFrom = (from: number, to: number) =>
  batchOf(
    Array.from({ length: to - from }, (_, i) => ({ index: from + i, key: `key ${i}`, value: `{"id":${from + i}}` })),
  );

test("batches under way at the same time become lines in the order of the calls", async () => {
  const path = join(folder, "out.jsonl");
  writeFileSync(path, '{"id":"before"}\n');
  const sink = new FileSink(path);
  await sink.connect();
  const delivery = new RecordingDelivery();
  const batches = [batchFrom(0, 5_000), batchFrom(5_000, 5_001), batchFrom(5_001, 5_001), batchFrom(5_001, 9_000)];
  await Promise.all(batches.map((batch) => sink.send(batch, delivery.of(batch))));
  await sink.close();
  const lines = readFileSync(path, "utf8").trimEnd().split("\n");
  expect(lines.map((line) => (JSON.parse(line) as { id: unknown }).id)).toEqual(["before", ...Array(9_000).keys()]);
  expect(delivery.acknowledged.size).toBe(9_000);
});

test("half a line that a killed run left does not spoil the next one", async () => {
  const path = join(folder, "out.jsonl");
  writeFileSync(path, '{"id":1}\n{"id"');
  const sink = new FileSink(path);
  await sink.connect();
  const batch = batchFrom(2, 3);
  await sink.send(batch, new RecordingDelivery().of(batch));
  await sink.close();
  expect(readFileSync(path, "utf8")).toBe('{"id":1}\n{"id"\n{"id":2}\n');
});

test("a folder that does not exist is a wrong configuration", async () => {
  const sink = new FileSink(join(folder, "nowhere", "out.jsonl"));
  await expect(sink.connect()).rejects.toMatchObject({
    outcome: "configuration",
    hint: expect.stringContaining("folder"),
  });
});

test.skipIf(!existsSync("/dev/full"))(
  "a full disk is told as something that passes, and nothing is acknowledged",
  async () => {
    const full = new FileSink("/dev/full");
    await full.connect();
    const batch = batchFrom(0, 10);
    const delivery = new RecordingDelivery();
    await expect(full.send(batch, delivery.of(batch))).rejects.toMatchObject({ outcome: "try-again" });
    expect(delivery.acknowledged.size).toBe(0);
    await full.close();
  },
);
