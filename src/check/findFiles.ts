import type { Dirent } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { Fault, WrongUsage } from "../model/problem.ts";
import { documentNames, type UnitName, unitNames } from "../model/units.ts";
import { recognise } from "./recognise.ts";

export interface FoundFiles {
  /** Documents and scripts, grouped by the module that they belong to. */
  readonly modules: readonly (readonly string[])[];
  readonly configs: readonly string[];
}

/**
 * Finds what can be checked below the given paths. A file that is named is checked whatever it is called; in a folder only
 * files are included that have the name of one of the documents, or are in a folder `…-json` and look like a document.
 * The .hcl file of a unit is included with the documents that it reads, so that missing ones are noticed.
 */
export async function findFiles(paths: readonly string[]): Promise<FoundFiles> {
  const files = new Set<string>();
  const configs = new Set<string>();
  for (const path of paths) {
    if ((await statOf(path)).isDirectory()) await walk(path, files);
    else if (/\.ya?ml$/.test(path)) configs.add(path);
    else for (const found of [path, ...(await readBy(path))]) files.add(found);
  }
  const modules = new Map<string, string[]>();
  for (const path of [...files].sort()) {
    if (isConfig(path)) {
      configs.add(path);
      continue;
    }
    const module = moduleFolder(path);
    const known = modules.get(module);
    if (known) known.push(path);
    else modules.set(module, [path]);
  }
  return { modules: [...modules.values()], configs: [...configs].sort() };
}

async function statOf(path: string) {
  try {
    return await stat(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT") throw new WrongUsage(`${path} does not exist`);
    throw new Fault(`cannot read ${path} (${code})`, { cause: error });
  }
}

const skipped = new Set(["node_modules", ".git", ".terraform", ".terragrunt-cache", ".terraform-state"]);

async function walk(folder: string, files: Set<string>): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries) {
    const path = folder === "." ? entry.name : join(folder, entry.name);
    // A link may lead out of the tree or form a cycle.
    if (entry.isSymbolicLink()) continue;
    if (entry.isDirectory()) {
      if (!skipped.has(entry.name)) await walk(path, files);
    } else if (isCandidate(path) || (await bindsDocuments(path, entries))) {
      files.add(path);
    }
  }
}

/** The .hcl file of a unit. An unrelated one has no documents next to it, and reads none. */
async function bindsDocuments(path: string, entries: readonly Dirent[]): Promise<boolean> {
  const unit = unitBoundBy(path);
  if (unit === undefined) return false;
  return hasDocuments(unit, entries) || (await readFile(path, "utf8")).includes(`/${unit}-json/`);
}

function unitBoundBy(path: string): UnitName | undefined {
  const name = basename(path);
  return unitNames.find((unit) => name === `${unit}.hcl`);
}

/** The documents that the .hcl file of a unit reads, as far as they exist: without them it says nothing. */
async function readBy(path: string): Promise<readonly string[]> {
  const unit = unitBoundBy(path);
  if (unit === undefined) return [];
  const entries = await readdir(dirname(path), { withFileTypes: true });
  if (!hasDocuments(unit, entries)) return [];
  const found = new Set<string>();
  await walk(join(dirname(path), `${unit}-json`), found);
  return [...found];
}

function hasDocuments(unit: UnitName, entries: readonly Dirent[]): boolean {
  return entries.some((entry) => entry.name === `${unit}-json` && entry.isDirectory());
}

function isCandidate(path: string): boolean {
  const name = basename(path);
  if (isConfig(path) || name === "batch_user_data.sh") return true;
  if (!name.endsWith(".json")) return false;
  if (documentNames.some((document) => name === `${document}.json`)) return true;
  return /-json$/.test(basename(dirname(path))) && recognise(path) !== undefined;
}

function isConfig(path: string): boolean {
  return /(^|[\\/])gen-batch-config[^\\/]*\.ya?ml$/.test(path) || /(^|[\\/])gen-batch-config\.json$/.test(path);
}

/** `modules/batch-json/x.json` and `modules/batch_user_data.sh` belong to the same module. */
export function moduleFolder(path: string): string {
  // Absolute, because a path such as "x.json" does not name the folder that it is in.
  const folder = dirname(resolve(path));
  return /-json$/.test(basename(folder)) ? dirname(folder) : folder;
}
