import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeFolder } from "../../src/shared/makeFolder.ts";

test("makes what is missing above, also for two at once, and is content with what is there", async () => {
  const folder = mkdtempSync(join(tmpdir(), "make-folder-"));
  try {
    const wanted = join(folder, "a", "b", "c");
    await Promise.all([makeFolder(wanted), makeFolder(wanted), makeFolder(join(folder, "a", "x"))]);
    await makeFolder(wanted);
    expect(statSync(wanted).isDirectory()).toBe(true);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("ends where a file system does not support new folders", async () => {
  // Where there is no /proc the folder above is missing, which ends as well.
  const path = existsSync("/proc/self") ? "/proc/none/of/these" : "/dev/null/none";
  await expect(makeFolder(path)).rejects.toThrow(/ENOENT|ENOTDIR|EACCES/);
});
