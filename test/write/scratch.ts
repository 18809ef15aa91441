import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { InvalidInput } from "../../src/model/problem.ts";
import type { RenderedFile } from "../../src/model/renderedFile.ts";

/** A folder of its own for one test, gone when the test ends. */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), "gen-batch-config-write-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A rendered file; everything but path and text has a default. */
export function file(path: string, text: string, rest: Partial<RenderedFile> = {}): RenderedFile {
  return { path, text, template: `${path}.hbs`, ownership: "managed", ...rest };
}

export function put(folder: string, path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

export function textOf(folder: string, path: string): string {
  return readFileSync(join(folder, path), "utf8");
}

/** Everything below a folder: the mode and text of each file, the target of each link, and each folder that is empty. */
export function contents(folder: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const path of pathsBelow(folder)) {
    const stats = lstatSync(join(folder, path));
    if (stats.isSymbolicLink()) found[path] = `link to ${readlinkSync(join(folder, path))}`;
    else if (stats.isFile()) found[path] = `${(stats.mode & 0o777).toString(8)} ${textOf(folder, path)}`;
    else if (!stats.isDirectory()) found[path] = "neither file nor folder";
    else if (readdirSync(join(folder, path)).length === 0) found[path] = "empty folder";
  }
  return found;
}

/** What `contents` gives for exactly these files, besides the manifest. */
export function contentsOf(files: readonly RenderedFile[]): Record<string, string> {
  const entries = files.map(({ path, text, executable }) => [path, `${executable ? 755 : 644} ${text}`] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** When each path below a folder, and the folder itself, was last changed, in nanoseconds. */
export function changeTimes(folder: string): Record<string, bigint> {
  const timeOf = (path: string) => lstatSync(join(folder, path), { bigint: true }).mtimeNs;
  return Object.fromEntries(["", ...pathsBelow(folder)].map((path) => [path, timeOf(path)]));
}

/** Runs something that must refuse, and gives rule and file of each problem. */
export async function refusalsOf(run: () => Promise<unknown>): Promise<string[]> {
  try {
    await run();
  } catch (error) {
    if (error instanceof InvalidInput) return error.problems.map(({ rule, file }) => `${rule} ${file}`);
    throw error;
  }
  throw new Error("it was not refused");
}

function pathsBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
}
