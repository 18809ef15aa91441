import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Fault } from "../../src/model/problem.ts";
import { compareOutput } from "../../src/write/compare.ts";
import { driftOf } from "../../src/write/drift.ts";
import { journalText } from "../../src/write/journal.ts";
import { sha256 } from "../../src/write/lookAt.ts";
import { outputAt } from "../../src/write/output.ts";
import { planChanges } from "../../src/write/plan.ts";
import { finishInterruptedRun } from "../../src/write/settle.ts";
import { writeOutput as write } from "../../src/write/writeOutput.ts";
import { processes } from "./processes.ts";
import { bundleWriter, runWriter } from "./runWriter.ts";
import { contents, file, put, refusalsOf, scratch, textOf } from "./scratch.ts";

/** From `earlier` to `later` there is one of everything: created, updated, made executable, deleted, kept, unchanged. */
const earlier = [
  file("batch.hcl", "old\n"),
  file("batch/terragrunt.hcl", "old unit\n"),
  file("run.sh", "#!\n"),
  file("lambda/unit/terragrunt.hcl", "gone\n"),
  file("lambda.hcl", "gone\n"),
  file("root.hcl", "root\n", { ownership: "create-only" }),
  file("same.hcl", "same\n"),
];
const later = [
  file("batch.hcl", "new\n"),
  file("batch/terragrunt.hcl", "new unit\n"),
  file("run.sh", "#!\n", { executable: true }),
  file("monitoring/deep/er/a.json", "{}\n"),
  file("monitoring/deep/b.json", "{}\n"),
  file("modules.hcl", "modules\n", { ownership: "create-only" }),
  file("root.hcl", "other root\n", { ownership: "create-only" }),
  file("same.hcl", "same\n"),
];

/** Each of these starts dozens of processes, or writes dozens of folders. */
const slow = { timeout: 120_000 };

const writeOutput: typeof write = (files, folder, options = {}) => write(files, folder, { ...options, processes });

let writer: Awaited<ReturnType<typeof bundleWriter>>;
beforeAll(async () => {
  writer = await bundleWriter();
});
afterAll(() => writer.remove());

/** A folder in the state of `earlier`, with files of somebody else in it. */
async function earlierFolder(): Promise<string> {
  const folder = join(scratch(), "out");
  put(folder, "theirs.tf", "theirs\n");
  put(folder, "lambda/theirs.tf", "theirs\n");
  mkdirSync(join(folder, "monitoring"));
  await writeOutput(earlier, folder);
  return folder;
}

async function laterContents(): Promise<Record<string, string>> {
  const folder = await earlierFolder();
  await writeOutput(later, folder);
  return contents(folder);
}

/** The names of the steps that a run from `earlier` to `later` takes. */
async function stepsToLater(): Promise<readonly string[]> {
  const steps: string[] = [];
  await writeOutput(later, await earlierFolder(), { onStep: (step) => void steps.push(step) });
  return steps;
}

const leftovers = (folder: string) => readdirSync(folder).filter((name) => /^\.gen-batch-config\.(?!json$)/.test(name));

test(
  "a run killed before any of its steps leaves the output of the last run or completes with the next",
  slow,
  async () => {
    const old = contents(await earlierFolder());
    const next = await laterContents();
    const steps = await stepsToLater();
    expect(steps.length).toBeGreaterThan(20);
    const commit = steps.indexOf("commit");
    for (const [killAt, step] of steps.entries()) {
      const folder = await earlierFolder();
      const { signal } = await runWriter(writer.program, { files: later, folder, killAt });
      expect(signal, step).toBe("SIGKILL");
      const killed = contents(folder);

      for (const [path, content] of Object.entries(killed)) {
        const isOurs = path.startsWith(".gen-batch-config.tmp") || path === ".gen-batch-config.lock";
        if (isOurs || content === "empty folder") continue;
        expect([old[path], next[path]], `${path} is whole after a kill before "${step}"`).toContain(content);
      }
      const mixed = killAt > commit && steps.indexOf("remove staging folder") > killAt;
      const drift = driftOf(await compareOutput(later, folder)).map(({ rule }) => rule);
      expect(drift.includes("drift/interrupted"), step).toBe(mixed);
      expect(contents(folder), "a comparison changes nothing").toEqual(killed);

      // What the next run finds once it has ended the interrupted one: the one state or the other, whatever it renders.
      const copy = join(scratch(), "out");
      cpSync(folder, copy, { recursive: true, verbatimSymlinks: true });
      const recovered = await finishInterruptedRun(outputAt(copy), () => {});
      expect(recovered.length > 0, step).toBe(mixed);
      rmSync(join(copy, ".gen-batch-config.lock"), { force: true });
      expect(contents(copy), step).toEqual(killAt <= commit ? old : next);

      const result = await writeOutput(later, folder);
      expect(result.recovered.length > 0, step).toBe(mixed);
      expect(contents(folder), step).toEqual(next);
      expect(leftovers(folder), step).toEqual([]);
    }
  },
);

test("a killed run is completed by a next run with the earlier files", slow, async () => {
  const old = contents(await earlierFolder());
  const steps = await stepsToLater();
  for (const step of [
    "stage batch.hcl",
    "commit",
    "settle batch.hcl",
    "settle lambda.hcl",
    "delete journal",
    "unlock",
  ]) {
    const killAt = steps.indexOf(step);
    expect(killAt, step).toBeGreaterThan(0);
    const folder = await earlierFolder();
    await runWriter(writer.program, { files: later, folder, killAt });
    await writeOutput(earlier, folder);
    const found = contents(folder);
    // A create-only file that came with the killed run is the user's from then on, an executable bit does no harm,
    // and an empty folder that was filled and emptied again is gone.
    delete found["modules.hcl"];
    found["run.sh"] = "644 #!\n";
    found.monitoring = "empty folder";
    expect(found, step).toEqual(old);
  }
});

test("a run killed while it ends a killed run is ended by the third", slow, async () => {
  const next = await laterContents();
  const steps = await stepsToLater();
  const middle = steps.indexOf("settle batch/terragrunt.hcl");
  expect(middle).toBeGreaterThan(0);
  for (let killAt = 0; ; killAt++) {
    const folder = await earlierFolder();
    await runWriter(writer.program, { files: later, folder, killAt: middle });
    const { signal } = await runWriter(writer.program, { files: later, folder, killAt });
    await writeOutput(later, folder);
    expect(contents(folder), `killed again before step ${killAt}`).toEqual(next);
    if (signal === null) {
      expect(killAt).toBeGreaterThan(8);
      break;
    }
  }
});

test("a step that fails leaves the output of the last run, whichever step it is", slow, async () => {
  const old = contents(await earlierFolder());
  const next = await laterContents();
  const steps = await stepsToLater();
  for (const [failAt, step] of steps.entries()) {
    const folder = await earlierFolder();
    let count = 0;
    const onStep = () => {
      if (count++ === failAt) throw new Error(`no ${step}`);
    };
    await expect(writeOutput(later, folder, { onStep }), step).rejects.toThrow(`no ${step}`);
    // Up to here a failure means that nothing has changed; behind it all that matters is done.
    const isTidying = failAt >= steps.indexOf("delete journal");
    if (!isTidying) expect(contents(folder), step).toEqual(old);
    await writeOutput(later, folder);
    expect(contents(folder), step).toEqual(next);
    expect(leftovers(folder), step).toEqual([]);
  }
});

test("a run killed while it undoes a failed change is completed by the next", slow, async () => {
  const next = await laterContents();
  const old = contents(await earlierFolder());
  const failAt = (await stepsToLater()).indexOf("settle lambda.hcl");
  expect(failAt).toBeGreaterThan(0);
  for (let killAt = failAt + 1; ; killAt++) {
    const folder = await earlierFolder();
    const { signal } = await runWriter(writer.program, { files: later, folder, failAt, killAt });
    if (signal === null) {
      expect(contents(folder)).toEqual(old);
      expect(killAt).toBeGreaterThan(failAt + 10);
      break;
    }
    await writeOutput(later, folder);
    expect(contents(folder), `killed before step ${killAt}`).toEqual(next);
  }
});

test("when even taking back fails, the fault says that the next run goes on with it", async () => {
  const folder = await earlierFolder();
  const next = await laterContents();
  const onStep = (step: string) => {
    if (step === "settle run.sh" || step === "take back batch.hcl") throw new Error(`no ${step}`);
  };
  const thrown = await writeOutput(later, folder, { onStep }).catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(Fault);
  expect(thrown).toMatchObject({ message: `${folder} is half-way between two runs: no settle run.sh` });
  expect(driftOf(await compareOutput(later, folder))).toMatchObject([{ rule: "drift/interrupted" }]);
  await writeOutput(later, folder);
  expect(contents(folder)).toEqual(next);
});

describe("after an interrupted run", () => {
  async function interruptedAt(step: string): Promise<string> {
    const folder = await earlierFolder();
    const killAt = (await stepsToLater()).indexOf(step);
    await runWriter(writer.program, { files: later, folder, killAt });
    return folder;
  }

  test("a file that was edited since is not overwritten, but reported as hand-edited", async () => {
    const folder = await interruptedAt("settle batch.hcl");
    put(folder, "batch.hcl", "mine\n");
    expect(await refusalsOf(() => writeOutput(later, folder))).toEqual([
      `write/hand-edited ${join(folder, "batch.hcl")}`,
    ]);
    expect(textOf(folder, "batch.hcl")).toBe("mine\n");
    expect(leftovers(folder)).toEqual([]);
    expect(await writeOutput(later, folder, { force: true })).toMatchObject({ updated: ["batch.hcl"] });
  });

  test("nothing is written through a link that has replaced a folder since", async () => {
    const folder = await interruptedAt("settle batch.hcl");
    put(join(folder, ".."), "outside/terragrunt.hcl", "old unit\n");
    rmSync(join(folder, "batch"), { recursive: true });
    symlinkSync("../outside", join(folder, "batch"));
    expect(await refusalsOf(() => writeOutput(later, folder))).toEqual([`write/symlink ${join(folder, "batch")}`]);
    expect(textOf(folder, "../outside/terragrunt.hcl")).toBe("old unit\n");
  });

  test("a plan says that it has to be ended first", async () => {
    const folder = await interruptedAt("settle batch.hcl");
    const { refused } = planChanges(await compareOutput(later, folder), { force: true });
    expect(refused).toMatchObject([{ rule: "write/interrupted", file: join(folder, ".gen-batch-config.tmp") }]);
  });
});

test("a file that changes during the run stops it, and is not overwritten", async () => {
  const folder = await earlierFolder();
  const { "batch.hcl": _, ...old } = contents(folder);
  const onStep = (step: string) => {
    if (step === "settle run.sh") put(folder, "batch/terragrunt.hcl", "mine\n");
    if (step === "commit") put(folder, "batch.hcl", "mine\n");
  };
  expect(await refusalsOf(() => writeOutput(later, folder, { onStep }))).toEqual([
    `write/hand-edited ${join(folder, "batch.hcl")}`,
  ]);
  expect(contents(folder)).toEqual({ ...old, "batch.hcl": "644 mine\n", "batch/terragrunt.hcl": "644 mine\n" });
});

describe("a journal that comes with a clone", () => {
  const step = { path: "batch.hcl", before: null, after: sha256("x") };
  const cases: Record<string, string> = {
    "that is not JSON": "x",
    "of a later version": '{"version":2,"steps":[],"folders":[]}',
    "that climbs out": journalText({
      steps: [{ ...step, path: "../victim", before: sha256("victim\n"), after: null }],
      folders: [],
    }),
    "that removes a folder outside": journalText({ steps: [], folders: ["../empty"] }),
    "without hashes": '{"version":1,"steps":[{"path":"a","before":"b","after":"c"}],"folders":[]}',
  };
  test.each(Object.entries(cases))("%s is refused", async (_, text) => {
    const above = scratch();
    const folder = join(above, "out");
    put(above, "victim", "victim\n");
    mkdirSync(join(above, "empty"));
    for (const name of ["journal.json", "undo.json"]) {
      rmSync(folder, { recursive: true, force: true });
      put(folder, `.gen-batch-config.tmp/${name}`, text);
      const before = contents(above);
      const journal = join(folder, ".gen-batch-config.tmp", name);
      expect(await refusalsOf(() => writeOutput(later, folder, { force: true }))).toEqual([`write/journal ${journal}`]);
      expect(contents(above)).toEqual(before);
    }
  });

  test("moves no link into the output, and deletes nothing whose content it does not name", async () => {
    const folder = scratch();
    put(folder, "main.tf", "main\n");
    put(
      folder,
      ".gen-batch-config.tmp/journal.json",
      journalText({ steps: [step, { path: "main.tf", before: sha256("other"), after: null }], folders: [] }),
    );
    symlinkSync("/etc/passwd", join(folder, ".gen-batch-config.tmp/new-0"));
    await writeOutput([], folder);
    expect(contents(folder)).toEqual({ "main.tf": "644 main\n" });
  });

  test("that is a link itself is refused", async () => {
    const folder = scratch();
    put(folder, "real.json", journalText({ steps: [], folders: [] }));
    mkdirSync(join(folder, ".gen-batch-config.tmp"));
    symlinkSync("../real.json", join(folder, ".gen-batch-config.tmp/journal.json"));
    const journal = join(folder, ".gen-batch-config.tmp/journal.json");
    expect(await refusalsOf(() => writeOutput([], folder))).toEqual([`write/not-a-file ${journal}`]);
  });
});

test("the manifest comes last, so until then its hashes are those of the last run", async () => {
  const settled = (await stepsToLater()).filter((step) => step.startsWith("settle "));
  expect(settled.length).toBeGreaterThan(5);
  expect(settled.indexOf("settle .gen-batch-config.json")).toBe(settled.length - 1);
});

test("a staging folder without a journal is thrown away by the next run, also when nothing else is to be done", async () => {
  const folder = await earlierFolder();
  put(folder, ".gen-batch-config.tmp/new-0", "half");
  expect(driftOf(await compareOutput(earlier, folder))).toEqual([]);
  expect(await writeOutput(earlier, folder)).toMatchObject({ updated: [], recovered: [] });
  expect(existsSync(join(folder, ".gen-batch-config.tmp"))).toBe(false);
});
