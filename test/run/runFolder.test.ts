import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { RunFolder } from "../../src/run/runFolder.ts";

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

test("records that no run has written are nobody's to mix with", async () => {
  const path = scratch();
  await (await RunFolder.open(path, "/in.csv", nobody)).close();
  writeFileSync(join(path, "records", "chunk-000000.jsonl"), "{}\n");
  await expect(RunFolder.open(path, "/in.csv", nobody)).rejects.toThrow(/records of something else/);
  expect(readFileSync(join(path, "records", "chunk-000000.jsonl"), "utf8")).toBe("{}\n");
  expect(existsSync(join(path, "run.lock"))).toBe(false);
});

test("a container that begins again with the same number of its process takes its own lock over", async () => {
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
