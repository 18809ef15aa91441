import { readFile } from "node:fs/promises";
import { isObject } from "../model/json.ts";
import { InvalidInput } from "../model/problem.ts";
import { statOf } from "./lookAt.ts";
import { located, manifestName, type Output, shown, stagingName } from "./output.ts";
import { pathFlaw } from "./portablePath.ts";
import { refusal } from "./refusals.ts";

/*
 * How a run changes the output folder, so that it may be killed at any moment:
 *
 * 1. It puts everything that it will need into `.gen-batch-config.tmp/`: new contents as `new-<step>`, copies of what they
 *    replace as `old-<step>`, and last, by a rename, `journal.json`. Until then nothing else has changed, and the next run
 *    deletes the folder. Once the journal exists, the change is committed.
 * 2. It performs the steps of the journal one by one, each a rename or an unlink, the manifest last. If the next run finds
 *    a journal, it performs the remaining steps.
 * 3. It deletes the journal, then the folder.
 *
 * If a step fails in 2 (a mount point, a file held open on Windows), `journal.json` is renamed to `undo.json`, which
 * needs no space on the disk, and the steps are undone. If the next run finds `undo.json`, it continues undoing.
 *
 * Each file is always complete. Between 1 and 3 a reader sees some files of the last run and some of this one: no file system
 * replaces several files at once, unless the output folder is a link. `compareOutput` reports that state.
 */

/** A file that changes, with the hash of its content before and after; null for no file. */
export interface Step {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
}

export interface Journal {
  readonly steps: readonly Step[];
  /** Folders that did not exist before. */
  readonly folders: readonly string[];
}

/** "staged": nothing was changed yet. "committed", "turning-back": the files are a mix of two runs. */
export type UnfinishedRun = "none" | "staged" | "committed" | "turning-back";

export async function unfinishedRun(output: Output): Promise<UnfinishedRun> {
  const stats = await statOf(located(output, stagingName));
  if (stats === undefined) return "none";
  const file = shown(output, stagingName);
  if (stats.isSymbolicLink()) throw new InvalidInput([refusal("write/symlink", file)]);
  if (!stats.isDirectory()) throw new InvalidInput([refusal("write/not-a-folder", file)]);
  if ((await statOf(staged(output, "journal.json"))) !== undefined) return "committed";
  return (await statOf(staged(output, "undo.json"))) === undefined ? "staged" : "turning-back";
}

/** The path of something in the staging folder. */
export function staged(output: Output, name: string): string {
  return located(output, `${stagingName}/${name}`);
}

export function journalText(journal: Journal): string {
  return `${JSON.stringify({ version: 1, ...journal })}\n`;
}

/** Reads the journal of an interrupted run. It may come from a clone, so it is trusted no more than a manifest. */
export async function readJournal(output: Output, name: "journal.json" | "undo.json"): Promise<Journal> {
  const path = staged(output, name);
  const file = shown(output, `${stagingName}/${name}`);
  const stats = await statOf(path);
  if (!stats?.isFile()) throw new InvalidInput([refusal("write/not-a-file", file)]);
  const journal = stats.size > maxBytes ? undefined : parseJournal(await readFile(path, "utf8"));
  if (journal === undefined) throw new InvalidInput([refusal("write/journal", file)]);
  return journal;
}

const maxBytes = 16 * 1024 * 1024;

function parseJournal(text: string): Journal | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(value) || value.version !== 1) return undefined;
  const { steps, folders } = value;
  if (!Array.isArray(steps) || !steps.every(isStep)) return undefined;
  if (!Array.isArray(folders) || !folders.every((path) => typeof path === "string" && !pathFlaw(path)))
    return undefined;
  return { steps, folders };
}

function isStep(item: unknown): item is Step {
  if (!isObject(item) || typeof item.path !== "string") return false;
  return (item.path === manifestName || !pathFlaw(item.path)) && isHash(item.before) && isHash(item.after);
}

function isHash(value: unknown): value is string | null {
  return value === null || (typeof value === "string" && /^[0-9a-f]{64}$/.test(value));
}
