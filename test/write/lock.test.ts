import { existsSync, readdirSync, readFileSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { InvalidInput } from "../../src/model/problem.ts";
import { describeSelf, type Holder, isGone, parseHolder } from "../../src/write/holder.ts";
import { claimByFile, isLocked, withLock } from "../../src/write/lock.ts";
import { outputAt } from "../../src/write/output.ts";
import { writeOutput } from "../../src/write/writeOutput.ts";
import { bundleWriter, endOf, runWriter, startWriter } from "./runWriter.ts";
import { contents, contentsOf, file, refusalsOf, scratch } from "./scratch.ts";

const lockName = ".gen-batch-config.lock";
const knowsProcesses = existsSync("/proc/self/stat");

let writer: Awaited<ReturnType<typeof bundleWriter>>;
beforeAll(async () => {
  writer = await bundleWriter();
});
afterAll(() => writer.remove());

/** The files of run number `run`: all differ from those of any other run, and some have names of their own. */
function filesOf(run: number): ReturnType<typeof file>[] {
  const shared = ["a.hcl", "b/c.json", "b/d.json", "e/f/g.hcl"].map((path) => file(path, `run ${run}\n`));
  return [...shared, file(`only/${run}.hcl`, `run ${run}\n`)];
}

function withoutManifest(folder: string): Record<string, string> {
  const { ".gen-batch-config.json": _, ...rest } = contents(folder);
  return rest;
}

describe("two runs at once", () => {
  test("one writes, and the others are refused while it does", { timeout: 60_000 }, async () => {
    const folder = join(scratch(), "out");
    const first = startWriter(writer.program, { files: filesOf(1), folder, holdAt: "settle b/c.json" });
    onTestFinished(() => void first.kill());
    const firstEnd = endOf(first);
    await new Promise((resolve) => first.stdout?.once("data", resolve));
    const others = [2, 3, 4].map((run) => runWriter(writer.program, { files: filesOf(run), folder, lockWaitMs: 0 }));
    for (const { answer } of await Promise.all(others)) {
      expect(answer).toEqual({ refused: [`write/locked ${join(folder, lockName)}`] });
    }
    first.stdin?.end();
    expect((await firstEnd).answer).toMatchObject({ result: { recovered: [] } });
    expect(withoutManifest(folder)).toEqual(contentsOf(filesOf(1)));
  });

  test("each waits for the other, one after the other writes, and the last one's files are all there", {
    timeout: 60_000,
  }, async () => {
    const above = scratch();
    const folder = join(above, "out");
    const log = join(above, "log");
    const runs = [1, 2, 3, 4, 5, 6];
    const ends = await Promise.all(
      runs.map((run) => runWriter(writer.program, { files: filesOf(run), folder, log, lockWaitMs: 50_000 })),
    );
    for (const { answer } of ends) expect(answer).toMatchObject({ result: { recovered: [], orphaned: [] } });
    const last = expectNoOverlap(log, runs.length);
    expect(last).toBeDefined();
    const states = runs.map((run) => contentsOf(filesOf(run)));
    expect(states).toContainEqual(withoutManifest(folder));
    expect(readdirSync(folder).filter((name) => name.startsWith(".gen-batch-config."))).toEqual([
      ".gen-batch-config.json",
    ]);
  });

  test("only one takes over the lock of a killed run", { timeout: 60_000 }, async () => {
    for (let round = 0; round < 5; round++) {
      const above = scratch();
      const folder = join(above, "out");
      await runWriter(writer.program, { files: filesOf(0), folder, killAt: 10 });
      expect(await isLocked(outputAt(folder))).toBe(true);
      const log = join(above, "log");
      const runs = [1, 2, 3, 4, 5, 6];
      const ends = await Promise.all(
        runs.map((run) => runWriter(writer.program, { files: filesOf(run), folder, log, lockWaitMs: 50_000 })),
      );
      for (const { answer } of ends) expect(answer).toHaveProperty("result");
      expectNoOverlap(log, runs.length);
      expect(runs.map((run) => contentsOf(filesOf(run)))).toContainEqual(withoutManifest(folder));
      expect(readdirSync(folder).filter((name) => name.startsWith(".gen-batch-config."))).toEqual([
        ".gen-batch-config.json",
      ]);
    }
  });

  test("within one process, they take turns as well", async () => {
    const folder = join(scratch(), "out");
    await Promise.all([1, 2, 3].map((run) => writeOutput(filesOf(run), folder, { lockWaitMs: 50_000 })));
    expect([1, 2, 3].map((run) => contentsOf(filesOf(run)))).toContainEqual(withoutManifest(folder));
  });

  test("a run that waited for one that failed, and that took its new folder away, makes the folder again", async () => {
    const folder = join(scratch(), "deep", "out");
    let failed: Promise<unknown> = Promise.resolve();
    const started = new Promise<void>((resolve) => {
      const onStep = async (step: string) => {
        if (step !== "locked") return;
        resolve();
        await new Promise((next) => setTimeout(next, 80));
        throw new Error("no");
      };
      failed = writeOutput(filesOf(1), folder, { onStep }).catch((error: unknown) => error);
    });
    await started;
    await writeOutput(filesOf(2), folder);
    expect(await failed).toMatchObject({ message: "no" });
    expect(withoutManifest(folder)).toEqual(contentsOf(filesOf(2)));
  });
});

/** Between "locked" and "unlock" of one process there is no step of another. */
function expectNoOverlap(log: string, runs: number): string | undefined {
  const lines = readFileSync(log, "utf8").trimEnd().split("\n");
  let holder: string | undefined;
  let last: string | undefined;
  let locked = 0;
  for (const line of lines) {
    const [pid, step] = line.split(/ (.*)/);
    if (step === "locked") {
      expect(holder).toBeUndefined();
      holder = pid;
      last = pid;
      locked++;
    }
    expect(pid).toBe(holder);
    if (step === "unlock") holder = undefined;
  }
  expect(locked).toBe(runs);
  return last;
}

describe("a lock that was left behind", () => {
  const run = [file("a.hcl", "a\n")];
  const lockWaitMs = 0;

  async function withLeftLock(change: Partial<Holder>): Promise<string> {
    const folder = scratch();
    const holder: Holder = { ...(await describeSelf(undefined)), run: "another", ...change };
    symlinkSync(JSON.stringify(holder), join(folder, lockName));
    return folder;
  }

  test.runIf(knowsProcesses)("by a process that has ended is taken over", async () => {
    const folder = await withLeftLock({ pid: 2 ** 30 });
    await writeOutput(run, folder, { lockWaitMs });
    expect(contents(folder)).toMatchObject({ "a.hcl": "644 a\n" });
    expect(readdirSync(folder)).toEqual([".gen-batch-config.json", "a.hcl"]);
  });

  test.runIf(knowsProcesses)("by a process whose number another one has now is taken over", async () => {
    const folder = await withLeftLock({ started: "1" });
    expect(await writeOutput(run, folder, { lockWaitMs })).toMatchObject({ created: ["a.hcl"] });
  });

  test("is taken over also when nothing else is to be done", async () => {
    const folder = scratch();
    await writeOutput(run, folder);
    const processes = { pid: process.pid, isRunning: () => false };
    symlinkSync(JSON.stringify({ ...(await describeSelf(processes)), run: "another" }), join(folder, lockName));
    expect(await writeOutput(run, folder, { lockWaitMs, processes })).toMatchObject({ unchanged: ["a.hcl"] });
    expect(await isLocked(outputAt(folder))).toBe(false);
  });

  const kept: Record<string, Partial<Holder>> = {
    "by a process that runs": {},
    "on another machine": { pid: 2 ** 30, host: "elsewhere" },
    "before the machine started anew": { pid: 2 ** 30, boot: "earlier" },
    "in another container": { pid: 2 ** 30, space: "pid:[1]" },
    "by a process that is not known": { pid: 0 },
  };
  test.each(Object.entries(kept))("%s is respected, and the message says how to remove it", async (_, change) => {
    const folder = await withLeftLock(change);
    const before = contents(folder);
    const thrown = await writeOutput(run, folder, { lockWaitMs }).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(InvalidInput);
    const lock = join(folder, lockName);
    const [problem] = (thrown as InvalidInput).problems;
    expect(problem).toMatchObject({ rule: "write/locked", file: lock });
    expect(problem?.found).toMatch(/^held by process \d+ on \S+$/);
    expect(problem?.hint).toBe(`wait for that run to end; if it no longer runs, delete ${lock}`);
    expect(contents(folder)).toEqual(before);
    rmSync(lock);
    expect(await writeOutput(run, folder, { lockWaitMs })).toMatchObject({ created: ["a.hcl"] });
  });

  test("that is not a lock of ours is respected", async () => {
    const folder = scratch();
    for (const text of [
      "",
      "{}",
      '{"pid":1}',
      '{"pid":"1","started":"","host":"","boot":"","space":"","run":""}',
      "x".repeat(5000),
    ]) {
      writeFileSync(join(folder, lockName), text);
      expect(await refusalsOf(() => writeOutput(run, folder, { lockWaitMs }))).toEqual([
        `write/locked ${join(folder, lockName)}`,
      ]);
      expect(readFileSync(join(folder, lockName), "utf8")).toBe(text);
    }
  });

  test.runIf(knowsProcesses)("while it was taken over: the message names the second lock", async () => {
    const folder = await withLeftLock({ pid: 2 ** 30 });
    symlinkSync("killed", join(folder, `${lockName}-takeover`));
    const refused = await refusalsOf(() => writeOutput(run, folder, { lockWaitMs }));
    expect(refused).toEqual([`write/locked ${join(folder, `${lockName}-takeover`)}`]);
    rmSync(join(folder, `${lockName}-takeover`));
    expect(await writeOutput(run, folder, { lockWaitMs })).toMatchObject({ created: ["a.hcl"] });
  });
});

describe("a lock", () => {
  test("names the process, and is not removed by one that has lost it", async () => {
    const folder = scratch();
    const lock = join(folder, lockName);
    await withLock(outputAt(folder), {}, async () => {
      expect(parseHolder(readlinkSync(lock))).toMatchObject({ host: hostname() });
      if (knowsProcesses) expect(parseHolder(readlinkSync(lock))).toMatchObject({ pid: process.pid });
      rmSync(lock);
      symlinkSync("another", lock);
    });
    expect(readlinkSync(lock)).toBe("another");
  });

  test("is a file where there are no symbolic links, and only one run gets it", async () => {
    const folder = scratch();
    const lock = join(folder, lockName);
    const self = await describeSelf({ pid: process.pid, isRunning: () => true });
    expect(await claimByFile(lock, JSON.stringify(self))).toBe(true);
    expect(await claimByFile(lock, "another")).toBe(false);
    const held = withLock(outputAt(folder), { lockWaitMs: 0 }, async () => {});
    await expect(held).rejects.toMatchObject({
      problems: [{ found: `held by process ${process.pid} on ${hostname()}` }],
    });
    const processes = { pid: process.pid, isRunning: () => false };
    await withLock(outputAt(folder), { lockWaitMs: 0, processes }, async () => {});
    expect(existsSync(lock)).toBe(false);
  });

  test("parses when nothing was appended, and not otherwise", async () => {
    const self = await describeSelf(undefined);
    expect(parseHolder(JSON.stringify(self))).toEqual(self);
    for (const text of ["", "null", "[]", "1", JSON.stringify({ ...self, host: 1 })])
      expect(parseHolder(text)).toBeUndefined();
  });

  test("of this very process is not gone", async () => {
    const self = await describeSelf(undefined);
    expect(await isGone(self, self, undefined)).toBe(false);
  });
});
