import { expect, test } from "vitest";
import { Life } from "./parts/life.ts";
import { type AttemptOptions, goodLines, World } from "./parts/world.ts";

const input = "s3://bucket/in/plain.csv";

/** An attempt at the records [startIndex, endIndex) of a file of this text, without a manifest. */
async function deliver(text: string | Uint8Array, startIndex: number, endIndex: number, options: AttemptOptions = {}) {
  const world = new World(goodLines(1));
  world.bucket.set(input, text);
  const settings = { manifest: undefined, input, startIndex, endIndex, chunkId: "try", ...options.settings };
  const attempt = world.attempt({ pieceBytes: 5, ...options, settings });
  const result = await attempt.catch((error) => error);
  return { world, result, values: world.destination.values.map((value) => JSON.parse(value)) };
}

test("without a manifest the range is found by reading from the header on, and every column is a text", async () => {
  const { result, values, world } = await deliver('\ufeff\nid,"a ""name"""\n0,x\n1,"y\n\nz"\n\n2,\n3,w\n', 1, 3);
  expect(values).toEqual([{ id: "1", 'a "name"': "y\n\nz" }, { id: "2" }]);
  expect(result).toMatchObject({ outcome: "done", delivered: 2, skipped: 0 });
  expect(world.events()).toEqual(["no-manifest", "delivering", "finished"]);
  expect(world.checkpoint()).toBeUndefined();
});

test("records that cannot be messages have an index, and are left out and counted", async () => {
  const { result, values } = await deliver('id,text\n0,x\n1\n2,a"b\n3,c,d\n4,e\n', 0, 5);
  expect(values).toEqual([
    { id: "0", text: "x" },
    { id: "4", text: "e" },
  ]);
  expect(result).toMatchObject({ delivered: 2, skipped: 3 });
});

test("the delimiter and the quote are those that are given", async () => {
  const { values } = await deliver("id;text\n0;'a;b'\n", 0, 1, { settings: { delimiter: ";", quote: "'" } });
  expect(values).toEqual([{ id: "0", text: "a;b" }]);
});

test("a range that ends behind the file is told, after what there is was delivered", async () => {
  const { result, values } = await deliver("id\n0\n1\n", 1, 5);
  expect(values).toEqual([{ id: "1" }]);
  expect(result).toMatchObject({ outcome: "input-missing", message: expect.stringContaining("has 2 records") });
});

test.each<[string, string | Uint8Array, string]>([
  ["nothing", "", "is empty; expected a header"],
  ["blank lines", "\n\r\n\n", "is empty; expected a header"],
  ["a byte order mark", "\ufeff", "is empty; expected a header"],
  ["a stray quote in the header", 'id,na"me\n0,x\n', "stray-quote"],
  ["a column without a name", "id,,x\n0,1,2\n", "column 2 has no name"],
  ["a column twice", "id,id\n0,x\n", 'columns 1 and 2 are both "id"'],
  ["gzip", Uint8Array.from([0x1f, 0x8b, 8, 0, 0, 0]), "is compressed"],
  ["zstd", Uint8Array.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0]), "is compressed"],
])("a file that cannot be read without validating it is refused: %s", async (_what, text, message) => {
  const { result, values } = await deliver(text, 0, 1);
  expect(result).toMatchObject({ outcome: "data-refused", message: expect.stringContaining(message) });
  expect(values).toEqual([]);
});

test("another encoding needs the validator", async () => {
  const { result } = await deliver("id\n0\n", 0, 1, { settings: { encoding: "windows-1252" } });
  expect(result).toMatchObject({ outcome: "usage", hint: expect.stringContaining("batch_validator") });
});

test("refused messages are named in the log, and the outcome says so", async () => {
  const { result, world } = await deliver("id\n0\n1\n2\n", 0, 3, { nature: { refuses: (index) => index === 1 } });
  expect(result).toMatchObject({ outcome: "data-refused" });
  expect(world.log).toContainEqual({
    level: "warn",
    event: "refused",
    fields: { index: 1, reason: "it is too large" },
  });
  expect(world.undeliverable()).toEqual([]);
});

test("told to stop, it says that the next attempt sends its records again", async () => {
  const controller = new AbortController();
  const life = new Life({ onStep: (step) => step === 12 && controller.abort("SIGTERM") });
  const text = `id\n${Array.from({ length: 200 }, (_, id) => `${id}\n`).join("")}`;
  const { result, values } = await deliver(text, 0, 200, { signal: controller.signal, life });
  expect(values.length).toBeLessThan(200);
  expect(result).toMatchObject({ outcome: "try-again", hint: expect.stringContaining("no checkpoint") });
});

test("told to stop before it has begun, it says that nothing was sent", async () => {
  const controller = new AbortController();
  controller.abort("SIGTERM");
  const { result } = await deliver("id\n0\n1\n2\n", 0, 3, { signal: controller.signal });
  expect(result).toMatchObject({
    outcome: "try-again",
    message: "try was stopped before anything was sent (SIGTERM)",
  });
});

test("records are not written into the file that they are read from", async () => {
  const settings = { destination: { kind: "file", uri: input } } as const;
  const { result, values } = await deliver("id\n0\n", 0, 1, { settings });
  expect(result).toMatchObject({ outcome: "usage", message: `--destination-file is ${input}, which this run reads` });
  expect(values).toEqual([]);
});
