import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { type Identity, RunFolder } from "../../../src/run/folder/runFolder.ts";

function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), "run-folder-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, "a", "b");
}

const nobody = { pid: 10, isRunning: () => false };

test("one run at a time works in a folder", async () => {
  const path = scratch();
  const first = await RunFolder.open(path, "/in.csv", nobody);
  const alive = { pid: 11, isRunning: (pid: number) => pid === 10 };
  await expect(RunFolder.open(path, "/in.csv", alive)).rejects.toThrow(/another run.*process 10/);
  await first.close();
  await (await RunFolder.open(path, "/in.csv", alive)).close();
  expect(existsSync(join(path, "run.lock"))).toBe(false);
});

test("the lock of a run that was killed is taken over, unless one of its workers is still under way", async () => {
  const path = scratch();
  const killed = await RunFolder.open(path, "/in.csv", nobody);
  killed.noteWorker(21, true);
  killed.noteWorker(22, true);
  killed.noteWorker(21, false);
  const withWorker = { pid: 11, isRunning: (pid: number) => pid === 22 };
  await expect(RunFolder.open(path, "/in.csv", withWorker)).rejects.toThrow(/process 22/);
  await expect(RunFolder.open(path, "/in.csv", { pid: 11, isRunning: (pid) => pid === 21 })).resolves.toBeDefined();
});

test("records that no run has written are refused", async () => {
  const path = scratch();
  await (await RunFolder.open(path, "/in.csv", nobody)).close();
  writeFileSync(join(path, "records", "chunk-000000.jsonl"), "{}\n");
  await expect(RunFolder.open(path, "/in.csv", nobody)).rejects.toThrow(
    /contains records below records\/ that no run has written/,
  );
  expect(readFileSync(join(path, "records", "chunk-000000.jsonl"), "utf8")).toBe("{}\n");
  expect(existsSync(join(path, "run.lock"))).toBe(false);
});

test("a container that restarts with the same process number takes over its own lock", async () => {
  const path = scratch();
  await RunFolder.open(path, "/in.csv", nobody);
  await expect(RunFolder.open(path, "/in.csv", { pid: 10, isRunning: () => true })).resolves.toBeDefined();
});

test("of a chunk without its file the place in this file is forgotten, and that in a topic is kept", async () => {
  const path = scratch();
  const folder = await RunFolder.open(path, "/in.csv", nobody);
  mkdirSync(join(path, "checkpoints"));
  const checkpoint = (name: string, destination: string) =>
    writeFileSync(join(path, "checkpoints", name), JSON.stringify({ destination }));
  checkpoint("chunk-000000.1.json", pathToFileURL(folder.recordsOf("chunk-000000")).href);
  checkpoint("chunk-000000.2.json", "kafka://localhost:9092/orders");
  checkpoint("chunk-000001.1.json", pathToFileURL(folder.recordsOf("chunk-000001")).href);
  await folder.forgetLostRecords("chunk-000000");
  expect(readdirSync(join(path, "checkpoints")).sort()).toEqual(["chunk-000000.2.json", "chunk-000001.1.json"]);
});

test("what was validated is known again as long as its results are those that were noted", async () => {
  const path = scratch();
  const identity = {
    input: "/in.csv",
    inputVersion: "v1",
    schema: "",
    schemaVersion: "",
    command: [],
    environment: { CHUNK_SIZE: "10" },
  };
  const manifest = (more: object = {}) =>
    JSON.stringify({ format: "gen-batch-config/manifest/1", source: { etag: "v1" }, ...more });
  const folder = await RunFolder.open(path, "/in.csv", nobody);
  expect(await folder.hasValidated(identity)).toBe(false);
  writeFileSync(join(path, "manifest.json"), manifest());
  writeFileSync(join(path, "chunks.json"), "[]");
  await folder.noteValidated(identity);
  await folder.close();
  const again = await RunFolder.open(path, "/in.csv", nobody);
  expect(await again.hasValidated(identity)).toBe(true);
  expect(await again.hasValidated({ ...identity, inputVersion: "v2" })).toBe(false);
  expect(await again.hasValidated({ ...identity, environment: { CHUNK_SIZE: "20" } })).toBe(false);
  writeFileSync(join(path, "chunks.json"), "[{}]");
  expect(await again.hasValidated(identity)).toBe(false);
  // The file changed after its version was looked up and before it was validated.
  writeFileSync(join(path, "manifest.json"), manifest({ source: { etag: "v2" } }));
  await again.noteValidated(identity);
  expect(await again.hasValidated(identity)).toBe(false);
});

const identity = (inputVersion: string, more: Partial<Identity> = {}): Identity => ({
  input: "/in.csv",
  inputVersion,
  schema: "",
  schemaVersion: "",
  command: [],
  environment: {},
  ...more,
});

test.each(["report.html", "report.json", "manifest.json", "chunks.json", "rejects.csv", "run.json", "data.csv"])(
  "a %s that no run has written is left alone, and nothing is put beside it",
  async (name) => {
    const path = scratch();
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, name), '"mine"');
    await expect(RunFolder.open(path, "/in.csv", nobody)).rejects.toThrow(name);
    expect(readdirSync(path)).toEqual([name]);
    expect(readFileSync(join(path, name), "utf8")).toBe('"mine"');
  },
);

test("a folder is that of its run from the first validation on, also of one that was refused", async () => {
  const path = scratch();
  const first = await RunFolder.open(path, "/in.csv", nobody);
  await first.beginValidation(identity("1"));
  writeFileSync(join(path, "report.html"), "");
  writeFileSync(join(path, "manifest.json"), '{"format":"gen-batch-config/manifest/1","source":{"etag":"1"}}');
  await first.close();
  const second = await RunFolder.open(path, "/in.csv", nobody);
  expect(await second.hasValidated(identity("1"))).toBe(false);
  await second.noteValidated(identity("1"));
  expect(await second.hasValidated(identity("1"))).toBe(true);
  // One that is begun and not ended leaves nothing that could be trusted.
  await second.beginValidation(identity("1"));
  expect(await second.hasValidated(identity("1"))).toBe(false);
});

test("before an input that has changed is validated, what is left of the former one goes; of the same one nothing does", async () => {
  const path = scratch();
  const folder = await RunFolder.open(path, "/in.csv", nobody);
  await folder.beginValidation(identity("1"));
  const files = ["chunks.json", "manifest.json", "report.html", join("records", "chunk-000000.jsonl")];
  for (const name of files.slice(0, 3)) writeFileSync(join(path, name), "[]");
  await folder.noteValidated(identity("1"));
  writeFileSync(folder.recordsOf("chunk-000000"), "{}\n");
  await folder.beginValidation(identity("1", { command: ["--max-invalid", "0"] }));
  expect(files.filter((name) => !existsSync(join(path, name)))).toEqual([]);
  await folder.beginValidation(identity("2"));
  expect(files.filter((name) => existsSync(join(path, name)))).toEqual([]);
});

test.each(["", "{", '{"format":"gen-batch-config/run/1"}'])(
  "a run.json that is damaged (%j) is told so",
  async (text) => {
    const path = scratch();
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, "run.json"), text);
    await expect(RunFolder.open(path, "/in.csv", nobody)).rejects.toThrow(/run\.json, .* is damaged/);
  },
);

test.each(["", "{}\n", "{}\n{}\n{}\n"])(
  "records that are no longer as large as they were written (%j) go, with their checkpoint",
  async (text) => {
    const path = scratch();
    const first = await RunFolder.open(path, "/in.csv", nobody);
    const records = first.recordsOf("chunk-000000");
    mkdirSync(join(path, "checkpoints"));
    const checkpoint = join(path, "checkpoints", "chunk-000000.0.json");
    writeFileSync(records, "{}\n{}\n");
    writeFileSync(checkpoint, JSON.stringify({ destination: pathToFileURL(records).href }));
    await first.beginValidation(identity("1"));
    await first.noteDelivered("chunk-000000");
    expect(await first.forgetLostRecords("chunk-000000")).toBeUndefined();
    expect([existsSync(records), existsSync(checkpoint)]).toEqual([true, true]);
    await first.close();
    writeFileSync(records, text);
    const second = await RunFolder.open(path, "/in.csv", nobody);
    expect(await second.forgetLostRecords("chunk-000000")).toMatch(/bytes, but 6 were written$/);
    expect([existsSync(records), existsSync(checkpoint)]).toEqual([false, false]);
    // What a delivery that was stopped has written since is where it goes on.
    writeFileSync(records, "{}\n");
    expect(await second.forgetLostRecords("chunk-000000")).toBeUndefined();
    expect(existsSync(records)).toBe(true);
  },
);

// A file system that accepts no folders and answers ENOENT, on which Node's own recursive mkdir never ends.
test.skipIf(!existsSync("/proc/self"))("a folder that cannot be created ends the run at once", async () => {
  await expect(RunFolder.open("/proc/none/of/these", "/in.csv", nobody)).rejects.toThrow(/cannot create the folder/);
});
