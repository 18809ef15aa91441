import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { describe, expect, test } from "vitest";

/**
 * A case is a folder: `command` (one argument a line), `input/` (the folder it runs in), and what is expected: `expected.stdout`,
 * `expected.stderr`, `expected.exit` (0 when absent), `expected/` (files afterwards). Adding one needs no code.
 * UPDATE_CASES=1 writes what came out; look at the diff.
 */
const root = "test/cases";
const cli = resolve("dist/cli.js");
const update = process.env.UPDATE_CASES === "1";

for (const kind of folders(root)) {
  describe(kind, () => {
    for (const name of folders(join(root, kind))) test(name, () => runCase(join(root, kind, name)));
  });
}

function runCase(folder: string): void {
  const work = mkdtempSync(join(tmpdir(), "gen-batch-config-case-"));
  try {
    if (existsSync(join(folder, "input"))) cpSync(join(folder, "input"), work, { recursive: true });
    const args = readFileSync(join(folder, "command"), "utf8").split("\n").filter((line) => line !== "");
    const run = spawnSync(process.execPath, [cli, ...args], { cwd: work, encoding: "utf8", env: { PATH: process.env.PATH } });
    same(join(folder, "expected.stdout"), run.stdout, "");
    same(join(folder, "expected.stderr"), run.stderr, "");
    same(join(folder, "expected.exit"), `${run.status}\n`, "0\n");
    for (const path of filesBelow(join(folder, "expected"))) {
      same(join(folder, "expected", path), readFileSync(join(work, path), "utf8"), "");
    }
  } finally {
    rmSync(work, { recursive: true });
  }
}

function same(path: string, found: string, whenAbsent: string): void {
  if (update && (found !== whenAbsent || existsSync(path))) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, found);
  }
  expect(found, path).toBe(existsSync(path) ? readFileSync(path, "utf8") : whenAbsent);
}

function folders(path: string): string[] {
  return readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name).sort();
}

function filesBelow(path: string): string[] {
  if (!existsSync(path)) return [];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(path.length + 1))
    .sort();
}
