import { stat } from "node:fs/promises";
import { Fault, InvalidInput } from "../model/problem.ts";
import type { RenderedFile } from "../model/renderedFile.ts";
import { hasCode, ifMissing, orFault } from "./faults.ts";
import { type UnfinishedRun, unfinishedRun } from "./journal.ts";
import { lookAt, type OnDisk, sha256, statOf } from "./lookAt.ts";
import { type Manifest, type ManifestEntry, readManifest } from "./manifest.ts";
import { type Output, outputAt, shown } from "./output.ts";
import { byPath, foldersAbove, pathFlaw } from "./portablePath.ts";
import { refusal } from "./refusals.ts";

/**
 * How a file on disk relates to the newly rendered file (the render) and to what the last run wrote (the manifest).
 *
 * - `same`: it equals the render. If the manifest does not list it, it is adopted as it is.
 * - `missing`: it does not exist and will be created.
 * - `stale`: it is what the last run wrote, and the render has changed; it will be updated.
 * - `hand-edited`: it is neither what the last run wrote nor the render; refused without `force`.
 * - `foreign`: it is not the render and the manifest does not list it; refused without `force`.
 * - `kept`: create-only, and it exists in any form; never changed again, not even with `force`.
 * - `orphan`: a former render. Deleted when it is unchanged, else left in place without `force`.
 * - `blocked`: a symbolic link, a folder or something else is at its path or above it; always refused.
 */
export type FileState = "same" | "missing" | "stale" | "hand-edited" | "foreign" | "kept" | "orphan" | "blocked";

export interface ComparedFile {
  readonly path: string;
  readonly state: FileState;
  readonly disk: OnDisk;
  /** Absent for an orphan. */
  readonly rendered?: HashedFile;
  /** Its entry in the manifest. */
  readonly recorded?: ManifestEntry;
}

/** True for a create-only file that would be rendered differently now than when it was written. */
export function hasMoved({ state, rendered, recorded }: ComparedFile): boolean {
  return state === "kept" && rendered !== undefined && recorded !== undefined && rendered.sha256 !== recorded.sha256;
}

export interface HashedFile extends RenderedFile {
  readonly sha256: string;
}

/** Everything that a run would find, as plain data: the basis of generate, --check, --diff and --dry-run. */
export interface Comparison {
  /** As the user typed it. */
  readonly folder: string;
  /** Sorted by path. */
  readonly files: readonly ComparedFile[];
  /** What the last run wrote; undefined when there is no manifest. */
  readonly manifest: Manifest | undefined;
  /** The state that an interrupted run left behind; "committed" and "turning-back" mean that the files are a mix of two runs. */
  readonly unfinished: UnfinishedRun;
}

/** Compares rendered files with the output folder. Only reads, so it may run while another run writes. */
export async function compareOutput(files: readonly RenderedFile[], folder: string): Promise<Comparison> {
  const output = outputAt(folder);
  refusePaths(files, output);
  return orFault("read", folder, async () => {
    await refuseNonFolder(output);
    const unfinished = await unfinishedRun(output);
    const manifest = await readManifest(output);
    const compared = await compareFiles(files, manifest?.entries ?? [], output);
    return { folder, files: compared, manifest, unfinished };
  });
}

/** Rendered paths can contain text of the user, so they are checked like any other path. */
function refusePaths(files: readonly RenderedFile[], output: Output): void {
  const problems = files.flatMap(({ path }) => {
    const found = pathFlaw(path);
    return found === undefined ? [] : [refusal("write/outside", shown(output, path), { found })];
  });
  if (problems.length > 0) throw new InvalidInput(problems);
  const paths = new Set<string>();
  for (const { path, template } of files) {
    if (paths.has(path)) throw new Fault(`two templates produce ${path}; the second is ${template}`);
    paths.add(path);
  }
  for (const path of paths) {
    const clash = foldersAbove(path).find((above) => paths.has(above));
    if (clash !== undefined) throw new Fault(`${clash} is rendered as a file, and as the folder of ${path}`);
  }
}

/** The output folder itself may be a symbolic link: the user chose it, so its target is meant. */
async function refuseNonFolder(output: Output): Promise<void> {
  const stats = await stat(output.root).catch(ifNotFolder);
  const isDangling = stats === undefined && (await statOf(output.root))?.isSymbolicLink();
  if (stats === "not-a-folder" || isDangling || stats?.isDirectory() === false) {
    throw new InvalidInput([refusal("write/not-a-folder", output.folder)]);
  }
}

/** A parent of the output folder is a file, or the path is invalid (it contains a NUL). */
function ifNotFolder(error: unknown): "not-a-folder" | undefined {
  return hasCode(error, "ENOTDIR", "ERR_INVALID_ARG_VALUE") ? "not-a-folder" : ifMissing(error);
}

async function compareFiles(
  files: readonly RenderedFile[],
  manifest: readonly ManifestEntry[],
  output: Output,
): Promise<readonly ComparedFile[]> {
  const rendered = new Map(files.map((file) => [file.path, { ...file, sha256: sha256(file.text) }]));
  const recorded = new Map(manifest.map((entry) => [entry.path, entry]));
  // A create-only file that is no longer rendered belongs to the user; we forget it.
  const orphans = manifest.filter(({ path, ownership }) => !rendered.has(path) && ownership === "managed");
  const paths = [...rendered.keys(), ...orphans.map(({ path }) => path)];
  const compared: ComparedFile[] = [];
  for (const [path, disk] of await lookAt(output, paths)) {
    const sources = { ...optional("rendered", rendered.get(path)), ...optional("recorded", recorded.get(path)) };
    const state = stateOf(path, disk, sources);
    if (state !== "gone") compared.push({ path, state, disk, ...sources });
  }
  return compared.sort(byPath);
}

function stateOf(
  path: string,
  disk: OnDisk,
  { rendered, recorded }: Pick<ComparedFile, "rendered" | "recorded">,
): FileState | "gone" {
  if (rendered === undefined) return disk.kind === "nothing" ? "gone" : "orphan";
  if (disk.kind === "nothing") return "missing";
  if (rendered.ownership === "create-only" && standsAt(path, disk)) return "kept";
  if (disk.kind !== "file") return "blocked";
  if (disk.sha256 === rendered.sha256) return rendered.executable && !disk.executable ? "stale" : "same";
  if (recorded === undefined) return "foreign";
  return disk.sha256 === recorded.sha256 ? "stale" : "hand-edited";
}

/** Users may replace a create-only file with a link to their own; a link among the folders above it is refused. */
function standsAt(path: string, disk: OnDisk): boolean {
  return disk.kind === "file" || (disk.kind === "symlink" && disk.at === path);
}

/** An optional member that is left out when there is no value, as `exactOptionalPropertyTypes` requires. */
function optional<Key extends string, Value>(key: Key, value: Value | undefined): { [K in Key]?: Value } {
  return value === undefined ? {} : ({ [key]: value } as { [K in Key]?: Value });
}
