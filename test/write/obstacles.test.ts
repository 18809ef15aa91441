import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Fault } from "../../src/model/problem.ts";
import { compareOutput } from "../../src/write/compare.ts";
import { driftOf } from "../../src/write/drift.ts";
import { writeOutput } from "../../src/write/writeOutput.ts";
import { contents, file, put, refusalsOf, scratch, textOf } from "./scratch.ts";

const unit = [file("batch/terragrunt.hcl", "new\n")];

/** `out`, in which an earlier run wrote a unit, beside `outside`, which holds a file of the same name and text. */
async function outAndOutside(): Promise<{ above: string; out: string }> {
  const above = scratch();
  await writeOutput([file("batch/terragrunt.hcl", "old\n")], join(above, "out"));
  put(above, "outside/terragrunt.hcl", "old\n");
  return { above, out: join(above, "out") };
}

/** Whatever stands in the way is refused, by a run that writes and one that compares, with and without force. */
async function expectRefused(files: typeof unit, above: string, refused: string): Promise<void> {
  const before = contents(above);
  for (const force of [false, true]) {
    expect(await refusalsOf(() => writeOutput(files, join(above, "out"), { force, lockWaitMs: 0 }))).toEqual([refused]);
    expect(contents(above)).toEqual(before);
  }
}

describe("a symbolic link", () => {
  test("in the place of a file is refused", async () => {
    const { above, out } = await outAndOutside();
    rmSync(join(out, "batch/terragrunt.hcl"));
    symlinkSync("../../outside/terragrunt.hcl", join(out, "batch/terragrunt.hcl"));
    await expectRefused(unit, above, `write/symlink ${join(out, "batch/terragrunt.hcl")}`);
    expect(driftOf(await compareOutput(unit, out))).toMatchObject([{ rule: "write/symlink" }]);
  });

  test("that points to nothing, in the place of a file, is refused", async () => {
    const { above, out } = await outAndOutside();
    symlinkSync(join(above, "outside", "created"), join(out, "new.hcl"));
    await expectRefused([file("new.hcl", "x")], above, `write/symlink ${join(out, "new.hcl")}`);
    expect(existsSync(join(above, "outside", "created"))).toBe(false);
  });

  test("in the place of a folder is refused, once for all files in it", async () => {
    const { above, out } = await outAndOutside();
    rmSync(join(out, "batch"), { recursive: true });
    symlinkSync("../outside", join(out, "batch"));
    const files = [...unit, file("batch/deep/er/a.hcl", "a"), file("batch/b.hcl", "b")];
    await expectRefused(files, above, `write/symlink ${join(out, "batch")}`);
  });

  test("to a folder within the output folder is refused as well", async () => {
    const { above, out } = await outAndOutside();
    symlinkSync("batch", join(out, "link"));
    await expectRefused([...unit, file("link/a.hcl", "a")], above, `write/symlink ${join(out, "link")}`);
  });

  test("on the way to an orphan: what is behind it is not deleted, not even with force", async () => {
    const { above, out } = await outAndOutside();
    rmSync(join(out, "batch"), { recursive: true });
    symlinkSync("../outside", join(out, "batch"));
    expect(await writeOutput([], out)).toMatchObject({ deleted: [], orphaned: ["batch/terragrunt.hcl"] });
    expect(await writeOutput([], out, { force: true })).toMatchObject({
      deleted: [],
      orphaned: ["batch/terragrunt.hcl"],
    });
    expect(textOf(above, "outside/terragrunt.hcl")).toBe("old\n");
    expect(driftOf(await compareOutput([], out))).toEqual([]);
  });

  test("in the place of an orphan is left", async () => {
    const { above, out } = await outAndOutside();
    rmSync(join(out, "batch/terragrunt.hcl"));
    symlinkSync("../../outside/terragrunt.hcl", join(out, "batch/terragrunt.hcl"));
    await writeOutput([], out, { force: true });
    expect(textOf(above, "outside/terragrunt.hcl")).toBe("old\n");
    expect(contents(out)["batch/terragrunt.hcl"]).toBe("link to ../../outside/terragrunt.hcl");
  });

  test("in the place of the manifest is refused", async () => {
    const { above, out } = await outAndOutside();
    rmSync(join(out, ".gen-batch-config.json"));
    symlinkSync("../outside/terragrunt.hcl", join(out, ".gen-batch-config.json"));
    await expectRefused(unit, above, `write/symlink ${join(out, ".gen-batch-config.json")}`);
  });

  test("in the place of the staging folder is refused", async () => {
    const { above, out } = await outAndOutside();
    symlinkSync("../outside", join(out, ".gen-batch-config.tmp"));
    await expectRefused(unit, above, `write/symlink ${join(out, ".gen-batch-config.tmp")}`);
  });

  test("in the place of the lock is refused, and not followed", async () => {
    const { above, out } = await outAndOutside();
    symlinkSync("../outside/lock", join(out, ".gen-batch-config.lock"));
    await expectRefused(unit, above, `write/locked ${join(out, ".gen-batch-config.lock")}`);
    expect(existsSync(join(above, "outside/lock"))).toBe(false);
  });

  test("that is the output folder itself is followed", async () => {
    const { above, out } = await outAndOutside();
    symlinkSync("out", join(above, "link"));
    await writeOutput(unit, join(above, "link"));
    expect(textOf(out, "batch/terragrunt.hcl")).toBe("new\n");
  });

  test("that is the output folder itself and points to nothing is refused", async () => {
    const above = scratch();
    symlinkSync("nowhere", join(above, "out"));
    await expectRefused(unit, above, `write/not-a-folder ${join(above, "out")}`);
  });
});

test("a link to nothing above the output folder is a fault that says where to look", async () => {
  const above = scratch();
  symlinkSync("nowhere", join(above, "link"));
  const thrown = await writeOutput(unit, join(above, "link", "out")).catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(Fault);
  expect(thrown).toMatchObject({
    message: `cannot write ${join(above, "link", "out")}: it, or a folder above it, does not exist (ENOENT)`,
    hint: "look for a dangling symbolic link in the path (ls -l)",
  });
});

describe("another thing in the way is refused:", () => {
  test("a folder in the place of a file", async () => {
    const above = scratch();
    mkdirSync(join(above, "out/batch/terragrunt.hcl"), { recursive: true });
    await expectRefused(unit, above, `write/not-a-file ${join(above, "out/batch/terragrunt.hcl")}`);
  });

  test("a folder in the place of a create-only file", async () => {
    const above = scratch();
    mkdirSync(join(above, "out/root.hcl"), { recursive: true });
    const files = [file("root.hcl", "x", { ownership: "create-only" })];
    await expectRefused(files, above, `write/not-a-file ${join(above, "out/root.hcl")}`);
  });

  test("a file in the place of a folder", async () => {
    const above = scratch();
    put(above, "out/batch", "file\n");
    await expectRefused(unit, above, `write/not-a-folder ${join(above, "out/batch")}`);
  });

  test("a pipe in the place of a file, which is not opened", async () => {
    const above = scratch();
    mkdirSync(join(above, "out"));
    execFileSync("mkfifo", [join(above, "out/batch.hcl")]);
    await expectRefused([file("batch.hcl", "x")], above, `write/not-a-file ${join(above, "out/batch.hcl")}`);
  });

  test("a file in the place of the output folder", async () => {
    const above = scratch();
    put(above, "out", "file\n");
    await expectRefused(unit, above, `write/not-a-folder ${join(above, "out")}`);
  });

  test("a file above the output folder", async () => {
    const above = scratch();
    put(above, "file", "file\n");
    const out = join(above, "file", "deep", "out");
    expect(await refusalsOf(() => writeOutput(unit, out))).toEqual([`write/not-a-folder ${out}`]);
  });

  test("a file in the place of the staging folder", async () => {
    const above = scratch();
    put(above, "out/.gen-batch-config.tmp", "file\n");
    await expectRefused(unit, above, `write/not-a-folder ${join(above, "out/.gen-batch-config.tmp")}`);
  });
});

describe("a rendered path", () => {
  const cases = ["../a", "a/../../b", "/a", "a\\b", "a\0b", "a\nb", "", ".", "a/./b", "C:a", ".gen-batch-config.json"];
  test.each(cases)("%j is refused before anything is looked at", async (path) => {
    const above = scratch();
    const refused = await refusalsOf(() => writeOutput([file(path, "x")], join(above, "out"), { force: true }));
    expect(refused).toEqual([`write/outside ${join(above, "out", path)}`]);
    expect(contents(above)).toEqual({});
  });

  test("that two templates produce is a fault of the templates", async () => {
    await expect(writeOutput([file("a", "1"), file("a", "2")], scratch())).rejects.toThrow(Fault);
  });

  test("that is both a file and a folder is a fault of the templates", async () => {
    await expect(writeOutput([file("a", "1"), file("a/b/c", "2")], scratch())).rejects.toThrow(Fault);
  });

  test("may contain spaces, quotes, emoji and a leading dash or dot", async () => {
    const folder = scratch();
    const files = ["a b", "'\"$(x)`", "😀/é", "-rf", ".hidden", "..a"].map((path) => file(path, path));
    await writeOutput(files, folder);
    expect((await writeOutput(files, folder)).unchanged).toHaveLength(6);
  });

  test("that is too long for the file system is a fault that says so", async () => {
    const above = scratch();
    const thrown = await writeOutput([file("x".repeat(300), "x")], join(above, "out")).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(Fault);
    expect((thrown as Fault).message).toContain("the name is too long for this file system (ENAMETOOLONG)");
    expect((thrown as Fault).hint).toContain("shorten");
    expect(contents(above)).toEqual({});
  });
});

test("an output folder whose name can be none is refused", async () => {
  expect(await refusalsOf(() => writeOutput(unit, "a\0b"))).toEqual(["write/not-a-folder a\0b"]);
});
