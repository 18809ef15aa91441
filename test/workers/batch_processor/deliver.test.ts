import { crc32 } from "node:zlib";
import { expect, test } from "vitest";
import { WorkerFault } from "../../../workers/model/fault.ts";
import { Life } from "./parts/life.ts";
import type { Line } from "./parts/validatedFile.ts";
import { dataUri, folder, goodLine, goodLines, World } from "./parts/world.ts";

const mixed: Line[] = [
  goodLine(0),
  { text: "1,too,many\n", kind: "rejected" },
  { text: "\n", kind: "blank" },
  goodLine(2, '"two\nlines, and a ""quote"""'),
  { text: '3,"unclosed\n', kind: "rejected" },
  goodLine(4, "é€😀"),
  { text: '5,stray"quote\n', kind: "rejected" },
  { text: '6,"text" after\r\n', kind: "rejected" },
  { text: "7,crlf\r\n", kind: "good" },
];

test("every good record of a chunk arrives once, rejected ones and blank lines do not", async () => {
  const world = new World(mixed);
  const result = await world.attempt({ pieceBytes: 7 });
  expect(world.destination.values.map((value) => JSON.parse(value))).toEqual([
    { id: 0, text: "text 0" },
    { id: 2, text: 'two\nlines, and a "quote"' },
    { id: 4, text: "é€😀" },
    { id: 7, text: "crlf" },
  ]);
  expect(result).toEqual({
    chunkId: "chunk-000000",
    outcome: "done",
    delivered: 4,
    skipped: 4,
    refused: 0,
    wasDone: false,
  });
  expect(world.metrics).toMatchObject([{ records: 8, delivered: 4, skipped: 4, refused: 0, retries: 0 }]);
  expect(world.checkpoint()).toMatchObject({ done: true, nextIndex: 8, doneBeyond: [], delivered: 4, refused: 0 });
});

test("a chunk in the middle of a file sends its own records", async () => {
  const world = new World(goodLines(100), { chunkSize: 30, chunk: 2 });
  await world.attempt();
  expect(world.destination.distinct).toEqual(world.wanted);
  expect(world.wanted[0]).toBe(60);
});

test("a chunk without records is done", async () => {
  const world = new World([]);
  await expect(world.attempt()).resolves.toMatchObject({ outcome: "done", delivered: 0 });
});

test("a chunk whose records were all rejected sends nothing and is done", async () => {
  const world = new World(Array.from({ length: 50 }, (_, id) => ({ text: `${id}\n`, kind: "rejected" })));
  await expect(world.attempt()).resolves.toMatchObject({ delivered: 0, skipped: 50 });
  expect(world.destination.arrived).toEqual([]);
});

test("a finished chunk does nothing when it is run again, and says so", async () => {
  const world = new World(goodLines(10));
  await world.attempt();
  await expect(world.attempt()).resolves.toMatchObject({ outcome: "done", delivered: 10, wasDone: true });
  expect(world.destination.arrived).toHaveLength(10);
  expect(world.events()).toContain("already-done");
});

test("the same chunk goes to another destination as well", async () => {
  const world = new World(goodLines(10));
  await world.attempt();
  await world.attempt({ settings: { destination: { kind: "file", uri: "file:///elsewhere" } } });
  expect(world.destination.arrived).toHaveLength(20);
});

test("what goes to a terminal is never taken for done", async () => {
  const world = new World(goodLines(10));
  await world.attempt({ settings: { destination: { kind: "stdout" } } });
  await world.attempt({ settings: { destination: { kind: "stdout" } } });
  expect(world.destination.arrived).toHaveLength(20);
  expect(world.checkpoint()).toBeUndefined();
});

test("no more batches are under way than the destination takes", async () => {
  const world = new World(goodLines(200));
  let underWay = 0;
  let most = 0;
  const life = new Life();
  await world.attempt({
    life,
    nature: {
      order: (length) => {
        most = Math.max(most, ++underWay);
        return Array.from({ length }, (_, position) => position);
      },
      stepsBefore: () => 2,
      // Called for the last message of each batch of four as well.
      refuses: (index) => {
        if (index % 4 === 3) underWay -= 1;
        return false;
      },
    },
  });
  expect(most).toBe(3);
  expect(world.destination.arrived).toHaveLength(200);
});

test("after a failure of the destination the next attempt continues with what was not acknowledged", async () => {
  const world = new World(goodLines(60));
  await expect(world.attempt({ nature: { failsAt: (index) => index === 21 } })).rejects.toMatchObject({
    outcome: "try-again",
    message: "the broker is away",
  });
  expect(world.destination.arrived.length).toBeLessThan(60);
  await world.attempt();
  expect(world.destination.distinct).toEqual(world.wanted);
  expect(world.destination.repeats).toBe(0);
  expect(world.events()).toContain("resumed");
});

test("a second failure does not hide the first", async () => {
  const world = new World(goodLines(60));
  const nature = { failsAt: (index: number) => index % 4 === 1 };
  await expect(world.attempt({ nature })).rejects.toMatchObject({ message: "the broker is away" });
});

test("refused messages are written down, everything else is delivered, and the outcome says so: every time", async () => {
  const world = new World(goodLines(40));
  const refused = { outcome: "data-refused", message: expect.stringContaining("2 of the 40 records") };
  await expect(world.attempt({ nature: { refuses: (index) => index === 5 || index === 6 } })).rejects.toMatchObject(
    refused,
  );
  const etag = world.bucket.objects.get(dataUri)?.etag.replaceAll('"', "");
  expect(world.undeliverable()).toEqual([
    { index: 5, "record-id": `${etag}:5`, reason: "it is too large", message: { id: 5, text: "text 5" } },
    { index: 6, "record-id": `${etag}:6`, reason: "it is too large", message: { id: 6, text: "text 6" } },
  ]);
  expect(world.bucket.uris(`${folder}undeliverable/chunk-000000-attempt-1-1.jsonl`)).toHaveLength(1);
  expect(world.destination.arrived).toHaveLength(38);
  await expect(world.attempt()).rejects.toMatchObject(refused);
  expect(world.destination.arrived).toHaveLength(38);
});

test("hostile text stays data in the list of undeliverable messages", async () => {
  const text = '"}\u2028\u0007""},{""index"":1"';
  const world = new World([goodLine(0, text), goodLine(1)]);
  const attempt = world.attempt({ nature: { refuses: () => true }, settings: { recordKey: ["text"] } });
  await expect(attempt).rejects.toMatchObject({ outcome: "data-refused" });
  expect(world.undeliverable()[0]).toMatchObject({
    index: 0,
    key: '}\u2028\u0007"},{"index":1',
    message: { id: 0, text: '}\u2028\u0007"},{"index":1' },
  });
});

test("bytes that were not validated end the work, and nothing that was sent of them counts as delivered", async () => {
  const world = new World(goodLines(50));
  const { etag } = world.bucket.objects.get(dataUri) as { etag: string };
  const bytes = Buffer.from(world.file.data);
  bytes.write("X", bytes.indexOf("text 30"));
  world.bucket.objects.set(dataUri, { bytes, etag });
  await expect(world.attempt()).rejects.toMatchObject({
    outcome: "input-missing",
    message: expect.stringContaining("changed since they were validated"),
  });
  world.bucket.objects.set(dataUri, { bytes: world.file.data, etag });
  const before = world.destination.arrived.length;
  await world.attempt();
  const sentAgain = world.destination.arrived.slice(before).sort((a, b) => a - b);
  expect(sentAgain).toEqual(world.wanted);
});

test("other bytes are told as such, also when they are no proper records", async () => {
  const world = new World(goodLines(50));
  const { etag } = world.bucket.objects.get(dataUri) as { etag: string };
  const bytes = Buffer.from(world.file.data);
  bytes.write("\n", bytes.indexOf("text 3"));
  world.bucket.objects.set(dataUri, { bytes, etag });
  await expect(world.attempt()).rejects.toMatchObject({ outcome: "input-missing" });
});

test("an object that was replaced since it was validated is refused before anything is sent", async () => {
  const world = new World(goodLines(50));
  world.bucket.set(dataUri, world.file.data);
  await expect(world.attempt()).rejects.toMatchObject({ outcome: "input-missing" });
  expect(world.destination.arrived).toEqual([]);
});

test("when the file is validated again with other rules, its chunks start anew", async () => {
  const world = new World([goodLine(0), { text: "1,one\n", kind: "rejected" }, goodLine(2)]);
  await world.attempt();
  const relaxed = new World(goodLines(3));
  const { chunks, rejected } = relaxed.file;
  // The bytes are the same; only the verdict on one record is another.
  const { crc32, endByte } = world.file.chunks[0] ?? {};
  world.bucket.set(`${folder}chunks.json`, JSON.stringify(chunks.map((chunk) => ({ ...chunk, crc32, endByte }))));
  world.bucket.set(`${folder}rejected.bin`, rejected);
  await expect(world.attempt()).resolves.toMatchObject({ delivered: 3, wasDone: false });
  expect(world.destination.arrived).toEqual([0, 2, 0, 1, 2]);
  expect(world.events()).toContain("checkpoint-ignored");
});

test("a damaged checkpoint counts for nothing", async () => {
  const world = new World(goodLines(5));
  await world.attempt();
  const [uri] = world.bucket.uris(`${folder}checkpoints/`);
  world.bucket.set(uri as string, '{"format":"gen-batch-config/checkpoint/1","done":true}');
  await expect(world.attempt()).resolves.toMatchObject({ wasDone: false });
  expect(world.destination.arrived).toHaveLength(10);
});

test.each([
  [{ chunkId: "chunk-000009" }, "has no chunk"],
  [{ startIndex: 1 }, "startIndex is 1, but chunk chunk-000000"],
  [{ endIndex: 7 }, "endIndex is 7, but chunk chunk-000000"],
  [{ chunkId: "../../etc/passwd" }, 'the chunk id is "../../etc/passwd"'],
  [{ chunkId: "." }, 'the chunk id is "."'],
  [{ manifest: undefined }, "neither a manifest nor an input"],
])("arguments that do not fit together are refused: %j", async (settings, message) => {
  const world = new World(goodLines(5));
  await expect(world.attempt({ settings })).rejects.toMatchObject({
    outcome: "usage",
    message: expect.stringContaining(message),
  });
});

test.each(["manifest.json", "chunks.json", "rejected.bin"])("a %s that is not ours is told", async (name) => {
  const world = new World(mixed);
  for (const text of ["", "[]", "null", '"', '[{"chunkId":"chunk-000000"}]', "\u00ff\u00ff\u00ff\u00ff"]) {
    world.bucket.set(`${folder}${name}`, text);
    const expected = text === "[]" && name === "chunks.json" ? "usage" : "input-missing";
    await expect(world.attempt(), JSON.stringify(text)).rejects.toMatchObject({ outcome: expected });
  }
  world.bucket.objects.delete(`${folder}${name}`);
  await expect(world.attempt()).rejects.toMatchObject({ outcome: "input-missing" });
  expect(world.destination.arrived).toEqual([]);
});

test.each([
  ["one less", (columns: object[]) => columns.slice(1)],
  ["one more", (columns: object[]) => [...columns, { name: "more", type: "string" }]],
  ["none", () => []],
])("a manifest whose columns were changed, so that there is %s, is told", async (_what, change) => {
  const world = new World(goodLines(3));
  const uri = `${folder}manifest.json`;
  const manifest = JSON.parse(Buffer.from(world.bucket.objects.get(uri)?.bytes ?? []).toString());
  world.bucket.set(uri, JSON.stringify({ ...manifest, columns: change(manifest.columns) }));
  await expect(world.attempt()).rejects.toMatchObject({
    outcome: "input-missing",
    message: expect.stringMatching(/the manifest has \d columns, which do not match the 2 in the header of .*/),
  });
  expect(world.destination.arrived).toEqual([]);
});

test("a record that validator and processor read differently ends the work as a bug, with its place", async () => {
  const world = new World([goodLine(0), { text: "1,a,b\n", kind: "good" }, goodLine(2)]);
  await expect(world.attempt()).rejects.toMatchObject({
    outcome: "bug",
    message: expect.stringMatching(/3 fields for 2 columns that was not rejected \(line 3, byte 17\)/),
  });
});

test("a record whose bytes are not UTF-8 is never changed and sent, though it was not rejected", async () => {
  const world = new World([goodLine(0), goodLine(1, "\u00e9"), goodLine(2)]);
  const { etag } = world.bucket.objects.get(dataUri) as { etag: string };
  const bytes = Buffer.from(world.file.data);
  bytes.fill(0xff, bytes.indexOf("\u00e9"), bytes.indexOf("\u00e9") + 2);
  world.bucket.objects.set(dataUri, { bytes, etag });
  const chunks = world.file.chunks.map((chunk) => {
    const crc = crc32(bytes.subarray(chunk.startByte, chunk.endByte));
    return { ...chunk, crc32: crc.toString(16).padStart(8, "0") };
  });
  world.bucket.set(`${folder}chunks.json`, JSON.stringify(chunks));
  await expect(world.attempt()).rejects.toMatchObject({
    outcome: "bug",
    message: expect.stringMatching(/bytes that are not UTF-8 that was not rejected \(line 3, byte 17\)/),
  });
  expect(world.destination.arrived).not.toContain(1);
});

test("a chunk with another number of records than the manifest says ends as a bug with both numbers", async () => {
  const world = new World([goodLine(0), { text: "\n", kind: "good" }, goodLine(2)]);
  await expect(world.attempt()).rejects.toMatchObject({
    outcome: "bug",
    message: "chunk chunk-000000 has 2 records; 3 in chunks.json",
  });
});

test("a key column that the file does not have is told with those that it has", async () => {
  const world = new World(goodLines(5));
  await expect(world.attempt({ settings: { recordKey: ["customer"] } })).rejects.toMatchObject({
    outcome: "configuration",
    message: 'RECORD_KEY names "customer", which the file does not have',
    hint: 'The file has "id", "text".',
  });
});

test("a destination that does not tell about every message is not believed", async () => {
  const world = new World(goodLines(8));
  await expect(world.attempt({ nature: { order: (length) => (length > 1 ? [0] : [0]) } })).rejects.toMatchObject({
    outcome: "bug",
    message: "the destination reported on 1 messages of a batch of 4",
  });
  await world.attempt();
  expect(world.destination.distinct).toEqual(world.wanted);
  expect(world.destination.repeats).toBe(0);
});

test("a newer attempt wins, also when the older one saves its place just then; the older one stops sending", async () => {
  const world = new World(goodLines(400));
  let newer: Promise<unknown> | undefined;
  const outcomes: string[] = [];
  const older = world.attempt({
    name: "older",
    life: new Life({
      onStep: (step) => {
        if (step === 60) newer = world.attempt({ name: "newer" });
      },
    }),
    nature: { stepsBefore: () => 3 },
  });
  await older.catch((error) => outcomes.push(error.message));
  await newer;
  expect(outcomes).toEqual([
    expect.stringMatching(/belongs to attempt "newer" now; this attempt, older, sends nothing/),
  ]);
  expect(world.checkpoint()).toMatchObject({ attempt: "newer", done: true });
  expect(world.destination.distinct).toEqual(world.wanted);
});

test("between reading a checkpoint and taking it over, the older attempt may write: it is read again", async () => {
  const world = new World(goodLines(40));
  await world.attempt({ name: "older", nature: { failsAt: (index) => index === 20 } }).catch(() => {});
  const before = world.checkpoint();
  let puts = 0;
  world.bucket.onPut = (uri) => {
    puts += 1;
    if (puts === 1) world.bucket.set(uri, JSON.stringify({ ...before, delivered: 1 }));
  };
  await expect(world.attempt({ name: "newer" })).resolves.toMatchObject({ outcome: "done" });
});

test("batches whose answer does not come are not waited for without end, and are sent again", async () => {
  const world = new World(goodLines(40));
  const controller = new AbortController();
  const life = new Life({ onStep: (step) => step === 40 && controller.abort("SIGTERM") });
  const nature = { hangsAt: (index: number) => index === 2 };
  const stop = world.attempt({ life, nature, signal: controller.signal, drainMs: 5 });
  await expect(stop).rejects.toMatchObject({ outcome: "try-again" });
  expect(world.events()).toContain("batches-abandoned");
  await world.attempt();
  expect(world.destination.distinct).toEqual(world.wanted);
});

test("a worker that is told to stop while the destination does not answer ends at once", async () => {
  const world = new World(goodLines(5));
  const controller = new AbortController();
  const attempt = world.attempt({
    signal: controller.signal,
    nature: { neverConnects: () => controller.abort("SIGTERM") },
  });
  await expect(attempt).rejects.toMatchObject({
    outcome: "try-again",
    message: "chunk-000000 was stopped before anything was sent (SIGTERM)",
  });
});

test("a refused message does not hold the checkpoint", async () => {
  const world = new World(goodLines(60));
  const nature = { refuses: (index: number) => index === 2, failsAt: (index: number) => index === 50 };
  await expect(world.attempt({ nature })).rejects.toMatchObject({ outcome: "try-again" });
  expect(world.checkpoint()?.nextIndex).toBeGreaterThan(2);
  expect(world.undeliverable()).toMatchObject([{ index: 2 }]);
});

test("when the last checkpoint cannot be written, it is tried once more before what was delivered is forgotten", async () => {
  const world = new World(goodLines(20));
  let failures = 0;
  world.bucket.onPut = (_uri, bytes) => {
    if (!Buffer.from(bytes).includes('"done":true') || failures > 0) return;
    failures += 1;
    throw new WorkerFault("try-again", "S3 does not answer");
  };
  await expect(world.attempt()).rejects.toMatchObject({ message: "S3 does not answer" });
  await world.attempt();
  expect(world.destination.arrived).toHaveLength(20);
});

test.each(["manifest.json", "chunks.json", "rejected.bin"].map((name) => `${folder}${name}`).concat(dataUri))(
  "records are not written into a file that the run reads: %s",
  async (uri) => {
    const world = new World(goodLines(3));
    await expect(world.attempt({ settings: { destination: { kind: "file", uri } } })).rejects.toMatchObject({
      outcome: "usage",
      message: `--destination-file is ${uri}, which this run reads`,
    });
    expect(world.destination.arrived).toEqual([]);
    const other = { kind: "file", uri: `${folder}records.jsonl` } as const;
    await expect(world.attempt({ settings: { destination: other } })).resolves.toMatchObject({ delivered: 3 });
  },
);
