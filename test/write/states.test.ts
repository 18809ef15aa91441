import { chmodSync, mkdirSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { compareOutput } from "../../src/write/compare.ts";
import { driftOf } from "../../src/write/drift.ts";
import { writeOutput } from "../../src/write/writeOutput.ts";
import { changeTimes, contents, file, put, refusalsOf, scratch, textOf } from "./scratch.ts";

const rendered = [file("batch.hcl", "new\n")];

/** A folder in which an earlier run wrote `text` as batch.hcl. */
async function written(text: string): Promise<string> {
  const folder = scratch();
  await writeOutput([file("batch.hcl", text)], folder);
  return folder;
}

async function statesOf(files: Parameters<typeof compareOutput>[0], folder: string): Promise<Record<string, string>> {
  const { files: compared } = await compareOutput(files, folder);
  return Object.fromEntries(compared.map(({ path, state }) => [path, state]));
}

async function driftRules(files: Parameters<typeof compareOutput>[0], folder: string): Promise<string[]> {
  return driftOf(await compareOutput(files, folder)).map(({ rule }) => rule);
}

describe("a managed file", () => {
  test("that is not there is missing, and created with its folders", async () => {
    const folder = join(scratch(), "deep", "modules-out");
    const files = [file("a/b/c.json", "{}\n"), file("run.sh", "#!\n", { executable: true })];
    expect(await statesOf(files, folder)).toEqual({ "a/b/c.json": "missing", "run.sh": "missing" });
    const result = await writeOutput(files, folder);
    expect(result).toMatchObject({ created: ["a/b/c.json", "run.sh"], updated: [], manifest: "created" });
    expect(contents(folder)).toMatchObject({ "a/b/c.json": "644 {}\n", "run.sh": "755 #!\n" });
  });

  test("that is the render is the same, and neither it nor its folder is touched", async () => {
    const folder = await written("new\n");
    const times = changeTimes(folder);
    expect(await statesOf(rendered, folder)).toEqual({ "batch.hcl": "same" });
    expect(await driftRules(rendered, folder)).toEqual([]);
    expect(await writeOutput(rendered, folder)).toMatchObject({ unchanged: ["batch.hcl"], manifest: "unchanged" });
    expect(changeTimes(folder)).toEqual(times);
  });

  test("that is what the last run wrote is stale when the render changes, and updated", async () => {
    const folder = await written("old\n");
    expect(await statesOf(rendered, folder)).toEqual({ "batch.hcl": "stale" });
    expect(await driftRules(rendered, folder)).toEqual(["drift/stale"]);
    expect(await writeOutput(rendered, folder)).toMatchObject({ updated: ["batch.hcl"], manifest: "updated" });
    expect(textOf(folder, "batch.hcl")).toBe("new\n");
    expect(await driftRules(rendered, folder)).toEqual([]);
  });

  test("that was edited by hand is refused, and nothing else is written either", async () => {
    const folder = await written("old\n");
    put(folder, "batch.hcl", "mine\n");
    const before = contents(folder);
    const files = [...rendered, file("other.hcl", "other\n")];
    expect(await statesOf(files, folder)).toEqual({ "batch.hcl": "hand-edited", "other.hcl": "missing" });
    expect(await refusalsOf(() => writeOutput(files, folder))).toEqual([
      `write/hand-edited ${join(folder, "batch.hcl")}`,
    ]);
    expect(contents(folder)).toEqual(before);
  });

  test("that was edited by hand is overwritten with force", async () => {
    const folder = await written("old\n");
    put(folder, "batch.hcl", "mine\n");
    expect(await writeOutput(rendered, folder, { force: true })).toMatchObject({ updated: ["batch.hcl"] });
    expect(await driftRules(rendered, folder)).toEqual([]);
  });

  test("that was edited by hand into exactly the render is the same, and only the manifest is brought up to date", async () => {
    const folder = await written("old\n");
    put(folder, "batch.hcl", "new\n");
    expect(await statesOf(rendered, folder)).toEqual({ "batch.hcl": "same" });
    expect(await driftRules(rendered, folder)).toEqual(["drift/manifest"]);
    expect(await writeOutput(rendered, folder)).toMatchObject({ unchanged: ["batch.hcl"], manifest: "updated" });
  });

  test("that should be executable and is not is stale, and made executable", async () => {
    const folder = scratch();
    const script = [file("run.sh", "#!\n", { executable: true })];
    await writeOutput(script, folder);
    chmodSync(join(folder, "run.sh"), 0o644);
    expect(await driftRules(script, folder)).toEqual(["drift/stale"]);
    expect(await writeOutput(script, folder)).toMatchObject({ updated: ["run.sh"] });
    expect(contents(folder)["run.sh"]).toBe("755 #!\n");
  });
});

describe("a foreign file", () => {
  test("is foreign and refused", async () => {
    const folder = scratch();
    put(folder, "batch.hcl", "theirs\n");
    expect(await statesOf(rendered, folder)).toEqual({ "batch.hcl": "foreign" });
    expect(await refusalsOf(() => writeOutput(rendered, folder))).toEqual([
      `write/foreign-file ${join(folder, "batch.hcl")}`,
    ]);
    expect(contents(folder)).toEqual({ "batch.hcl": "644 theirs\n" });
  });

  test("is overwritten with force", async () => {
    const folder = scratch();
    put(folder, "batch.hcl", "theirs\n");
    expect(await writeOutput(rendered, folder, { force: true })).toMatchObject({ updated: ["batch.hcl"] });
    expect(textOf(folder, "batch.hcl")).toBe("new\n");
  });

  test("is taken over when it is the render, byte for byte", async () => {
    const folder = scratch();
    put(folder, "batch.hcl", "new\n");
    const time = changeTimes(folder)["batch.hcl"];
    expect(await writeOutput(rendered, folder)).toMatchObject({ unchanged: ["batch.hcl"], manifest: "created" });
    expect(changeTimes(folder)["batch.hcl"]).toBe(time);
    expect(await writeOutput([file("batch.hcl", "newer\n")], folder)).toMatchObject({ updated: ["batch.hcl"] });
  });

  test("beside ours is never touched, not even with force", async () => {
    const folder = await written("old\n");
    put(folder, "theirs/main.tf", "theirs\n");
    await writeOutput([file("theirs/ours.tf", "ours\n")], folder, { force: true });
    await writeOutput([], folder, { force: true });
    expect(contents(folder)).toMatchObject({ "theirs/main.tf": "644 theirs\n" });
    expect(readdirSync(join(folder, "theirs"))).toEqual(["main.tf"]);
  });
});

describe("a create-only file", () => {
  const root = (text: string) => [file("root.hcl", text, { ownership: "create-only" })];

  test("is created when it is missing, even after it was deleted", async () => {
    const folder = scratch();
    expect(await writeOutput(root("1\n"), folder)).toMatchObject({ created: ["root.hcl"] });
    rmSync(join(folder, "root.hcl"));
    expect(await driftRules(root("1\n"), folder)).toEqual(["drift/missing"]);
    expect(await writeOutput(root("1\n"), folder)).toMatchObject({ created: ["root.hcl"] });
  });

  test("is never changed again, wherever it came from, not even with force", async () => {
    const folder = scratch();
    await writeOutput(root("1\n"), folder);
    expect(await writeOutput(root("2\n"), folder, { force: true })).toMatchObject({ kept: ["root.hcl"], updated: [] });
    put(folder, "root.hcl", "mine\n");
    expect(await writeOutput(root("2\n"), folder, { force: true })).toMatchObject({ kept: ["root.hcl"] });
    expect(await driftRules(root("2\n"), folder)).toEqual([]);
    expect(textOf(folder, "root.hcl")).toBe("mine\n");
  });

  test("that was there before us is not listed as ours", async () => {
    const folder = scratch();
    put(folder, "root.hcl", "mine\n");
    expect(await writeOutput(root("1\n"), folder, { force: true })).toMatchObject({
      kept: ["root.hcl"],
      manifest: "unchanged",
    });
    expect(contents(folder)).toEqual({ "root.hcl": "644 mine\n" });
  });

  test("may be a link to a file of the user's", async () => {
    const folder = scratch();
    put(folder, "shared.hcl", "shared\n");
    mkdirSync(join(folder, "out"));
    symlinkSync("../shared.hcl", join(folder, "out", "root.hcl"));
    expect(await writeOutput(root("1\n"), join(folder, "out"), { force: true })).toMatchObject({ kept: ["root.hcl"] });
    expect(textOf(folder, "shared.hcl")).toBe("shared\n");
  });

  test("stays when it is no longer rendered, not even force deletes it, and it is not drift", async () => {
    const folder = scratch();
    await writeOutput([...rendered, ...root("1\n")], folder);
    expect(await writeOutput(rendered, folder, { force: true })).toMatchObject({ deleted: [], orphaned: [] });
    expect(textOf(folder, "root.hcl")).toBe("1\n");
    expect(await driftRules(rendered, folder)).toEqual([]);
  });

  test("that becomes managed is updated while it is unedited, and refused otherwise", async () => {
    const folder = scratch();
    await writeOutput(root("1\n"), folder);
    expect(await writeOutput([file("root.hcl", "2\n")], folder)).toMatchObject({ updated: ["root.hcl"] });
    await writeOutput(root("3\n"), folder);
    put(folder, "root.hcl", "mine\n");
    const managed = [file("root.hcl", "4\n")];
    expect(await refusalsOf(() => writeOutput(managed, folder))).toEqual([
      `write/hand-edited ${join(folder, "root.hcl")}`,
    ]);
  });
});

describe("an orphan", () => {
  const two = [...rendered, file("lambda/unit/terragrunt.hcl", "unit\n")];

  async function withOrphan(): Promise<string> {
    const folder = scratch();
    await writeOutput(two, folder);
    return folder;
  }

  test("is deleted with the folders that it leaves empty", async () => {
    const folder = await withOrphan();
    expect(await driftRules(rendered, folder)).toEqual(["drift/orphan"]);
    expect(await writeOutput(rendered, folder)).toMatchObject({ deleted: ["lambda/unit/terragrunt.hcl"] });
    expect(readdirSync(folder)).toEqual([".gen-batch-config.json", "batch.hcl"]);
  });

  test("leaves a folder that contains foreign files", async () => {
    const folder = await withOrphan();
    put(folder, "lambda/notes.txt", "notes\n");
    mkdirSync(join(folder, "empty"));
    await writeOutput(rendered, folder);
    expect(contents(folder)).toMatchObject({ "lambda/notes.txt": "644 notes\n", empty: "empty folder" });
    expect(readdirSync(join(folder, "lambda"))).toEqual(["notes.txt"]);
  });

  test("that was edited by hand is left in place and reported until force deletes it", async () => {
    const folder = await withOrphan();
    put(folder, "lambda/unit/terragrunt.hcl", "mine\n");
    for (const _ of ["first", "again"]) {
      expect(await writeOutput(rendered, folder)).toMatchObject({
        deleted: [],
        orphaned: ["lambda/unit/terragrunt.hcl"],
      });
      expect(await driftRules(rendered, folder)).toEqual(["drift/orphan-edited"]);
    }
    expect(textOf(folder, "lambda/unit/terragrunt.hcl")).toBe("mine\n");
    const forced = await writeOutput(rendered, folder, { force: true });
    expect(forced).toMatchObject({ deleted: ["lambda/unit/terragrunt.hcl"], orphaned: [] });
    expect(await driftRules(rendered, folder)).toEqual([]);
  });

  test("that was deleted is forgotten", async () => {
    const folder = await withOrphan();
    rmSync(join(folder, "lambda"), { recursive: true });
    expect(await driftRules(rendered, folder)).toEqual(["drift/manifest"]);
    expect(await writeOutput(rendered, folder)).toMatchObject({ deleted: [], orphaned: [], manifest: "updated" });
    expect(await driftRules(rendered, folder)).toEqual([]);
  });

  test("that comes back as a rendered file after an edit is hand-edited", async () => {
    const folder = await withOrphan();
    put(folder, "lambda/unit/terragrunt.hcl", "mine\n");
    await writeOutput(rendered, folder);
    const refused = await refusalsOf(() => writeOutput(two, folder));
    expect(refused).toEqual([`write/hand-edited ${join(folder, "lambda/unit/terragrunt.hcl")}`]);
  });
});

test("all refusals are reported at once", async () => {
  const folder = await written("old\n");
  put(folder, "batch.hcl", "mine\n");
  put(folder, "root.hcl", "theirs\n");
  mkdirSync(join(folder, "unit.hcl"));
  const files = [...rendered, file("root.hcl", "ours\n"), file("unit.hcl", "ours\n")];
  expect(await refusalsOf(() => writeOutput(files, folder))).toEqual([
    `write/hand-edited ${join(folder, "batch.hcl")}`,
    `write/foreign-file ${join(folder, "root.hcl")}`,
    `write/not-a-file ${join(folder, "unit.hcl")}`,
  ]);
});

test("the output of a run does not depend on the order of the files, nor on what the folder held before", async () => {
  const one = scratch();
  const other = scratch();
  const files = [file("b", "b"), file("a/c", "c"), file("a.d", "d"), file("Z", "z")];
  await writeOutput(files, one);
  await writeOutput([file("b", "old"), file("gone", "gone")], other);
  await writeOutput([...files].reverse(), other);
  expect(contents(other)).toEqual(contents(one));
});

test("a folder that is already right is not written to, so it may be read-only", async () => {
  const folder = await written("new\n");
  const steps: string[] = [];
  await writeOutput(rendered, folder, { onStep: (step) => void steps.push(step) });
  expect(steps).toEqual([]);
});
