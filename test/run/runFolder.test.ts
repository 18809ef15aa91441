import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
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
