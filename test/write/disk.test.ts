import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { getuid } from "node:process";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { Fault } from "../../src/model/problem.ts";
import { writeOutput } from "../../src/write/writeOutput.ts";
import { bundleWriter, runWriter } from "./runWriter.ts";
import { contents, file, put, scratch } from "./scratch.ts";

const earlier = [file("a.hcl", "old\n"), file("b/c.json", "old\n"), file("d.hcl", "old\n")];
const later = [file("a.hcl", "new\n"), file("b/c.json", "new\n"), file("d.hcl", "new\n"), file("e/f.hcl", "new\n")];

let writer: Awaited<ReturnType<typeof bundleWriter>>;
beforeAll(async () => {
  writer = await bundleWriter();
});
afterAll(() => writer.remove());

/** Root may write everywhere, so what a permission stops has to be tried as somebody else. */
const isRoot = getuid?.() === 0;
const nobody = isRoot ? { uid: 65534 } : {};

/** A folder in the state of `earlier` that belongs to the user who will run the writer. */
async function earlierFolder(): Promise<string> {
  const folder = join(scratch(), "out");
  await writeOutput(earlier, folder);
  if (isRoot) for (const path of [dirname(folder), folder, join(folder, "b")]) chownSync(path, 65534, 65534);
  return folder;
}

test("an output folder that cannot be written to is a fault that names it, and stays as it is", async () => {
  const folder = await earlierFolder();
  const old = contents(folder);
  chmodSync(folder, 0o555);
  const { answer } = await runWriter(writer.program, { files: later, folder }, nobody);
  chmodSync(folder, 0o755);
  expect(answer).toEqual({
    fault: `cannot lock ${join(folder, ".gen-batch-config.lock")}: permission denied (EACCES)`,
    hint: "grant yourself access, or choose another folder with --out",
  });
  expect(contents(folder)).toEqual(old);
});

test("one folder that cannot be written to, in the midst of others, leaves all of them as they are", async () => {
  const folder = await earlierFolder();
  const old = contents(folder);
  chmodSync(join(folder, "b"), 0o555);
  const { answer } = await runWriter(writer.program, { files: later, folder }, nobody);
  chmodSync(join(folder, "b"), 0o755);
  expect(answer).toMatchObject({ fault: `cannot write ${join(folder, "b/c.json")}: permission denied (EACCES)` });
  expect(contents(folder)).toEqual(old);
});

test("a file that cannot be read is a fault that names it", async () => {
  const folder = await earlierFolder();
  chmodSync(join(folder, "a.hcl"), 0o000);
  const { answer } = await runWriter(writer.program, { files: later, folder }, nobody);
  expect(answer).toMatchObject({ fault: `cannot read ${join(folder, "a.hcl")}: permission denied (EACCES)` });
});

test("an output folder that cannot be made is a fault that names it", async () => {
  const above = scratch();
  if (isRoot) chmodSync(above, 0o755);
  else chmodSync(above, 0o555);
  const folder = join(above, "deep", "out");
  const { answer } = await runWriter(writer.program, { files: later, folder }, nobody);
  chmodSync(above, 0o755);
  expect(answer).toMatchObject({ fault: `cannot write ${folder}: permission denied (EACCES)` });
  expect(contents(above)).toEqual({});
});

test("modes do not depend on the umask", async () => {
  const folder = await earlierFolder();
  const files = [file("a.hcl", "new\n"), file("run.sh", "#!\n", { executable: true })];
  await runWriter(writer.program, { files, folder }, { umask: "077" });
  const { ".gen-batch-config.json": _, ...found } = contents(folder);
  expect(found).toEqual({ "a.hcl": "644 new\n", "run.sh": "755 #!\n" });
});

/** Mounts, and unmounts when the test ends; gives the reason when this machine does not let us. */
function mount(...options: readonly string[]): string | undefined {
  const target = options.at(-1) ?? "";
  try {
    execFileSync("mount", options, { stdio: "pipe" });
  } catch (error) {
    return `this test needs to mount something, and may not: ${(error as Error).message.trim()}`;
  }
  onTestFinished(() => void execFileSync("umount", [target]));
  return undefined;
}

/** In CI a test that cannot run is a failure; elsewhere it is skipped, and says why. */
function skipUnless(reason: string | undefined, skip: (note: string) => void): void {
  if (reason === undefined) return;
  if (process.env.CI === "true") throw new Error(reason);
  skip(reason);
}

test("a full disk is a fault that says so, and leaves the output as it is", async ({ skip }) => {
  const disk = join(scratch(), "disk");
  mkdirSync(disk);
  skipUnless(mount("-t", "tmpfs", "-o", "size=128k", "tmpfs", disk), skip);
  const folder = join(disk, "out");
  await writeOutput(earlier, folder);
  const old = contents(folder);
  const large = [...later, file("large.json", "x".repeat(200 * 1024))];
  const thrown = await writeOutput(large, folder).catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(Fault);
  expect((thrown as Fault).message).toMatch(/^cannot write \S+\/out\/\S+: the disk is full \(ENOSPC\)$/);
  expect((thrown as Fault).hint).toBe("free some space and run again");
  expect(contents(folder)).toEqual(old);
  expect(await writeOutput(later, folder)).toMatchObject({ recovered: [], updated: ["a.hcl", "b/c.json", "d.hcl"] });
});

test("a disk without the least space is a fault, and leaves nothing behind", async ({ skip }) => {
  const disk = join(scratch(), "disk");
  mkdirSync(disk);
  skipUnless(mount("-t", "tmpfs", "-o", "size=128k,nr_inodes=12", "tmpfs", disk), skip);
  for (let free = 0; ; free++) {
    rmSync(join(disk, "out"), { recursive: true, force: true });
    rmSync(join(disk, "filler"), { recursive: true, force: true });
    const folder = join(disk, "out");
    mkdirSync(folder);
    fillUpTo(free, join(disk, "filler"));
    const ended = await writeOutput(earlier.slice(0, 2), folder).then(
      () => "done",
      (error: unknown) => error,
    );
    if (ended === "done") {
      expect(free).toBeGreaterThan(3);
      break;
    }
    expect(ended, `with ${free} free inodes`).toBeInstanceOf(Fault);
    expect((ended as Fault).message).toContain("ENOSPC");
    expect(contents(folder), `with ${free} free inodes`).toEqual({});
  }
});

/** Takes all inodes of a tiny disk but a few. */
function fillUpTo(free: number, folder: string): void {
  mkdirSync(folder);
  let made = 0;
  try {
    for (; ; made++) writeFileSync(join(folder, `${made}`), "");
  } catch {
    for (let index = 0; index < free; index++) rmSync(join(folder, `${made - 1 - index}`));
  }
}

test("a file system that is read-only is a fault that says so", async ({ skip }) => {
  const disk = join(scratch(), "disk");
  mkdirSync(disk);
  skipUnless(mount("-t", "tmpfs", "-o", "size=128k", "tmpfs", disk), skip);
  await writeOutput(earlier, join(disk, "out"));
  execFileSync("mount", ["-o", "remount,ro", disk]);
  await expect(writeOutput(later, join(disk, "out"))).rejects.toThrow("the file system is read-only (EROFS)");
  expect(await writeOutput(earlier, join(disk, "out"))).toMatchObject({ unchanged: ["a.hcl", "b/c.json", "d.hcl"] });
});

test("a file that cannot be replaced, after others were, puts all of them back", async ({ skip }) => {
  const folder = join(scratch(), "out");
  await writeOutput(earlier, folder);
  const old = contents(folder);
  put(folder, "../bound", "old\n");
  skipUnless(mount("--bind", join(folder, "../bound"), join(folder, "d.hcl")), skip);
  const thrown = await writeOutput(later, folder).catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(Fault);
  expect(thrown).toMatchObject({
    message: `cannot write ${join(folder, "d.hcl")}: it is in use or a mount point (EBUSY)`,
    hint: "close the program that uses it, or unmount it",
  });
  expect(contents(folder)).toEqual(old);
});
