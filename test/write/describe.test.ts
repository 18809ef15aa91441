import { rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { compareOutput } from "../../src/write/compare.ts";
import { describeDrift, describeResult } from "../../src/write/describe.ts";
import { driftOf, drifts } from "../../src/write/drift.ts";
import { planChanges } from "../../src/write/plan.ts";
import { refusals } from "../../src/write/refusals.ts";
import { resultOf } from "../../src/write/result.ts";
import { writeOutput } from "../../src/write/writeOutput.ts";
import { file, put, scratch } from "./scratch.ts";

const earlier = [
  file("stale.hcl", "1\n"),
  file("edited.hcl", "1\n"),
  file("orphan.hcl", "1\n"),
  file("left.hcl", "1\n"),
];
const later = [
  file("stale.hcl", "2\n"),
  file("edited.hcl", "2\n"),
  file("batch/missing.hcl", "2\n"),
  file("root.hcl", "2\n", { ownership: "create-only" }),
];

/** A folder with one of everything; what is described names it "out". */
async function mixedFolder(): Promise<string> {
  const folder = scratch();
  await writeOutput(earlier, folder);
  put(folder, "edited.hcl", "mine\n");
  put(folder, "left.hcl", "mine\n");
  put(folder, "root.hcl", "mine\n");
  return folder;
}

const named = (lines: readonly string[], folder: string) => lines.map((line) => line.replaceAll(folder, "out"));

test("a result lists what changed, warns of what was left, and ends with a sentence", async () => {
  const folder = await mixedFolder();
  put(folder, "edited.hcl", "1\n");
  expect(named(describeResult(await writeOutput(later, folder)), folder)).toEqual([
    "created  out/batch/missing.hcl",
    "updated  out/edited.hcl",
    "updated  out/stale.hcl",
    "deleted  out/orphan.hcl",
    "left     out/left.hcl  (no longer generated, edited by hand)",
    "out: 1 created, 2 updated, 1 deleted, 1 kept as yours, 1 left in place.",
  ]);
});

test("a result in which nothing changed is one sentence", async () => {
  const folder = scratch();
  await writeOutput([file("a", "1")], folder);
  const result = await writeOutput([file("a", "1")], folder);
  expect(named(describeResult(result), folder)).toEqual(["out is up to date (1 file); nothing was changed."]);
  const recovered = { ...result, recovered: ["a", "b"] };
  expect(named(describeResult(recovered), folder)).toEqual([
    "An earlier run was interrupted; it was completed or undone first (2 files).",
    "out is up to date (1 file); nothing else was changed.",
  ]);
});

test("the manifest is listed only when nothing else changed", async () => {
  const folder = scratch();
  put(folder, "a", "1");
  expect(named(describeResult(await writeOutput([file("a", "1")], folder)), folder)).toEqual([
    "created  out/.gen-batch-config.json",
    "out: 1 unchanged.",
  ]);
  rmSync(join(folder, "a"));
  expect(named(describeResult(await writeOutput([], folder)), folder)).toEqual([
    "updated  out/.gen-batch-config.json",
    "out: no files.",
  ]);
});

test("a dry run says what would be done", async () => {
  const folder = await mixedFolder();
  const plan = planChanges(await compareOutput(later, folder), { force: true });
  expect(named(describeResult(resultOf(folder, plan), { dryRun: true }), folder)).toEqual([
    "create  out/batch/missing.hcl",
    "update  out/edited.hcl",
    "update  out/stale.hcl",
    "delete  out/left.hcl",
    "delete  out/orphan.hcl",
    "out: 1 to create, 2 to update, 2 to delete, 1 kept as yours. This was a dry run; nothing was written.",
  ]);
});

test("a plan and the run that follows it come to the same", async () => {
  const folder = await mixedFolder();
  const plan = planChanges(await compareOutput(later, folder), { force: true });
  expect(await writeOutput(later, folder, { force: true })).toEqual(resultOf(folder, plan));
});

test("drift lists every file with its word, and what to do for each word", async () => {
  const folder = await mixedFolder();
  put(folder, "theirs.hcl", "theirs\n");
  symlinkSync("theirs.hcl", join(folder, "link.hcl"));
  const files = [...later, file("theirs.hcl", "2\n"), file("link.hcl", "2\n")];
  expect(named(describeDrift(await compareOutput(files, folder)), folder)).toEqual([
    "missing        out/batch/missing.hcl",
    "hand-edited    out/edited.hcl",
    "orphan-edited  out/left.hcl",
    "orphan         out/orphan.hcl",
    "stale          out/stale.hcl",
    "foreign        out/theirs.hcl",
    "symlink        out/link.hcl",
    "out does not match the config: 1 missing, 1 hand-edited, 1 orphan-edited, 1 orphan, 1 stale, 1 foreign, 1 symlink, 1 up to date.",
    "  missing: run gen-batch-config again and commit the result",
    "  hand-edited: move the change into the config and run again; --diff shows it, --force discards it",
    "  orphan-edited: delete it, or let --force delete it",
    "  orphan: run gen-batch-config again: it deletes the file",
    "  stale: run gen-batch-config again and commit the result",
    "  foreign: move it away and run again, or overwrite it with --force",
    "  symlink: replace the link with its target, or choose another folder with --out",
  ]);
});

test("no drift is one sentence", async () => {
  const folder = scratch();
  await writeOutput(earlier, folder);
  expect(named(describeDrift(await compareOutput(earlier, folder)), folder)).toEqual(["out is up to date (4 files)."]);
});

test("every drift has a place, and a path as the user typed it", async () => {
  const folder = await mixedFolder();
  for (const problem of driftOf(await compareOutput(later, folder))) {
    expect(problem).toMatchObject({ severity: "error", position: { line: 1, column: 1 }, pointer: "" });
    expect(problem.file.startsWith(folder)).toBe(true);
  }
});

test("every refusal and every drift says what was found, what was expected and what to do", () => {
  for (const { found, expected, hint } of [...Object.values(refusals), ...Object.values(drifts)]) {
    for (const text of [found, expected, hint]) expect(text).toMatch(/^\S.*[^.\s]$/);
  }
});
