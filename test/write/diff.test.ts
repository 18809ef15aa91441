import { rmSync } from "node:fs";
import { join, relative } from "node:path";
import { expect, test } from "vitest";
import { compareOutput } from "../../src/write/compare.ts";
import { diffOutput } from "../../src/write/diff.ts";
import { writeOutput } from "../../src/write/writeOutput.ts";
import { file, put, scratch } from "./scratch.ts";

test("the diff goes from the disk to the render, for every file that would change and no other", async () => {
  const folder = scratch();
  const earlier = [
    file("gone.hcl", "gone\n"),
    file("edited.hcl", "1\n2\n3\n4\n5\n6\n7\n8\n9\n"),
    file("stale.hcl", "old\n"),
    file("same.hcl", "same\n"),
    file("root.hcl", "root\n", { ownership: "create-only" }),
  ];
  await writeOutput(earlier, folder);
  put(folder, "edited.hcl", "1\n2\n3\n4\nmine\n6\n7\n8\n9\n");
  put(folder, "root.hcl", "mine\n");
  put(folder, "theirs.hcl", "theirs");
  const later = [
    ...earlier.slice(1, 2),
    file("stale.hcl", "new\n"),
    file("same.hcl", "same\n"),
    file("root.hcl", "newer root\n", { ownership: "create-only" }),
    file("theirs.hcl", "ours\n"),
    file("created.hcl", "created\n"),
  ];
  const diff = await diffOutput(await compareOutput(later, folder));
  expect(diff.replaceAll(folder, "out")).toBe(`--- /dev/null
+++ out/created.hcl\tgenerated
@@ -0,0 +1,1 @@
+created
--- out/edited.hcl\ton disk
+++ out/edited.hcl\tgenerated
@@ -2,7 +2,7 @@
 2
 3
 4
-mine
+5
 6
 7
 8
--- out/gone.hcl\ton disk
+++ /dev/null
@@ -1,1 +0,0 @@
-gone
--- out/stale.hcl\ton disk
+++ out/stale.hcl\tgenerated
@@ -1,1 +1,1 @@
-old
+new
--- out/theirs.hcl\ton disk
+++ out/theirs.hcl\tgenerated
@@ -1,1 +1,1 @@
-theirs
\\ No newline at end of file
+ours
`);
});

test("a diff can be limited to what was edited by hand", async () => {
  const folder = scratch();
  await writeOutput([file("a", "1\n"), file("b", "1\n")], folder);
  put(folder, "b", "mine\n");
  const comparison = await compareOutput([file("a", "2\n"), file("b", "2\n")], folder);
  const diff = await diffOutput(comparison, ["hand-edited"]);
  expect(diff.match(/^\+\+\+ .*/gm)).toEqual([`+++ ${join(folder, "b")}\tgenerated`]);
});

test("nothing to change results in no text", async () => {
  const folder = scratch();
  await writeOutput([file("a", "1\n")], folder);
  expect(await diffOutput(await compareOutput([file("a", "1\n")], folder))).toBe("");
});

test("paths are as the user typed them", async () => {
  const folder = relative(process.cwd(), join(scratch(), "out"));
  const diff = await diffOutput(await compareOutput([file("a/b", "1\n")], folder));
  expect(diff).toContain(`+++ ${join(folder, "a/b")}\tgenerated`);
});

test("a file that is not text, too large or too different is only named", async () => {
  const folder = scratch();
  put(folder, "binary", "\0\u0001");
  put(folder, "large", "x\n".repeat(1_000_000));
  const lines = (word: string) => Array.from({ length: 20_000 }, (_, index) => `${word} ${index}\n`).join("");
  put(folder, "different", lines("old"));
  const files = [file("binary", "1\n"), file("large", "1\n"), file("different", lines("new"))];
  const diff = await diffOutput(await compareOutput(files, folder));
  expect(diff.replaceAll(folder, "out")).toBe(
    "File out/binary differs (too large or not text).\n" +
      "File out/different differs (more than 4000 lines).\n" +
      "File out/large differs (too large or not text).\n",
  );
});

test("a file that only lacks its executable bit is named", async () => {
  const folder = scratch();
  put(folder, "run.sh", "#!\n");
  const comparison = await compareOutput([file("run.sh", "#!\n", { executable: true })], folder);
  expect(await diffOutput(comparison)).toBe(`File ${join(folder, "run.sh")} would become executable.\n`);
});

test("a file that vanishes after the comparison is a fault that names it", async () => {
  const folder = scratch();
  put(folder, "a", "1\n");
  const comparison = await compareOutput([file("a", "2\n")], folder);
  rmSync(join(folder, "a"));
  await expect(diffOutput(comparison)).rejects.toThrow(`cannot read ${join(folder, "a")}`);
});
