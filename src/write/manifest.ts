import { readFile } from "node:fs/promises";
import { isObject } from "../model/json.ts";
import { InvalidInput } from "../model/problem.ts";
import type { Ownership } from "../model/renderedFile.ts";
import { ifMissing } from "./faults.ts";
import { sha256, statOf } from "./lookAt.ts";
import { located, manifestName, type Output, shown } from "./output.ts";
import { byPath, pathFlaw } from "./portablePath.ts";
import { refusal } from "./refusals.ts";

/** A file that we wrote: enough to detect later that it was changed. */
export interface ManifestEntry {
  readonly path: string;
  readonly template: string;
  readonly sha256: string;
  readonly ownership: Ownership;
}

/** What the last run wrote. */
export interface Manifest {
  readonly entries: readonly ManifestEntry[];
  /** Of the manifest's own bytes. */
  readonly sha256: string;
}

/** Undefined when there is no manifest. Refuses an invalid one. */
export async function readManifest(output: Output): Promise<Manifest | undefined> {
  const path = located(output, manifestName);
  const stats = await statOf(path);
  if (stats === undefined) return undefined;
  const file = shown(output, manifestName);
  if (stats.isSymbolicLink()) throw new InvalidInput([refusal("write/symlink", file)]);
  if (!stats.isFile()) throw new InvalidInput([refusal("write/not-a-file", file)]);
  if (stats.size > maxBytes) throw new InvalidInput([refusal("write/manifest", file, { found: "larger than 16 MiB" })]);
  const text = await readFile(path, "utf8").catch(ifMissing);
  if (text === undefined) return undefined;
  const { entries, flaws } = parseManifest(text);
  if (flaws.length > 0) throw new InvalidInput(flaws.map((found) => refusal("write/manifest", file, { found })));
  return { entries, sha256: sha256(text) };
}

/** A manifest of a hundred thousand files is smaller. */
const maxBytes = 16 * 1024 * 1024;

/** The text of a manifest: sorted, and without anything that differs between two runs on the same input. */
export function manifestText(entries: readonly ManifestEntry[]): string {
  const files = [...entries]
    .sort(byPath)
    .map(({ path, template, sha256, ownership }) => ({ path, template, sha256, ownership }));
  return `${JSON.stringify({ $comment: comment, version: 1, files }, null, 2)}\n`;
}

const comment =
  "Written by gen-batch-config: the files it generated here, with their hashes. Commit it with them; do not edit it.";

/** Reads a manifest and lists everything that is wrong with it. Unknown members are ignored. */
export function parseManifest(text: string): { entries: readonly ManifestEntry[]; flaws: readonly string[] } {
  const value = parseJson(text);
  if (!isObject(value)) return { entries: [], flaws: ["not a JSON object"] };
  if (value.version !== 1) return { entries: [], flaws: ["not of version 1, the only supported one"] };
  if (!Array.isArray(value.files)) return { entries: [], flaws: ['without a list of "files"'] };
  const known = new Set<string>();
  const entries: ManifestEntry[] = [];
  const flaws: string[] = [];
  for (const [index, item] of value.files.entries()) {
    const entry = parseEntry(item);
    if (typeof entry === "string") flaws.push(`not valid at files/${index}: ${entry}`);
    else if (known.has(entry.path)) flaws.push(`not valid at files/${index}: ${entry.path} for the second time`);
    else {
      known.add(entry.path);
      entries.push(entry);
    }
  }
  return { entries, flaws: flaws.slice(0, maxFlaws) };
}

/** A file that is not a manifest at all need not be described in a thousand lines. */
const maxFlaws = 20;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The entry, or what is wrong with it. */
function parseEntry(item: unknown): ManifestEntry | string {
  if (!isObject(item)) return "not an object";
  const { path, template, sha256, ownership } = item;
  if (typeof path !== "string") return "no path";
  const flaw = pathFlaw(path);
  if (flaw !== undefined) return `${flaw} (${JSON.stringify(path.slice(0, 200))})`;
  if (typeof template !== "string") return "no template";
  if (typeof sha256 !== "string" || !/^[0-9a-f]{64}$/.test(sha256)) return "no sha256";
  if (ownership !== "managed" && ownership !== "create-only") return "no ownership";
  return { path, template, sha256, ownership };
}
