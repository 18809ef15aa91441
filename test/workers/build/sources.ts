import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { repositoryRoot } from "../../../workers/build/bundleWorkers.ts";

/** A folder with these files that finds this repository's packages. It is gone after the test. */
export function sources(files: Readonly<Record<string, string>>): string {
  const folder = emptyFolder();
  symlinkSync(join(repositoryRoot, "node_modules"), join(folder, "node_modules"));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

/** A folder that is gone after the test. */
export function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "gen-batch-config-bundle-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}
