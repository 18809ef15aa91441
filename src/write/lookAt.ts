import { createHash } from "node:crypto";
import { constants, type Stats } from "node:fs";
import { lstat, open } from "node:fs/promises";
import { platform } from "node:os";
import { mapAtMost } from "./atMost.ts";
import { ifMissing, orFault } from "./faults.ts";
import { located, type Output, shown } from "./output.ts";
import { foldersAbove } from "./portablePath.ts";

/** What is at a path below the output folder; `at` is the part of the path that blocks it. */
export type OnDisk =
  | { readonly kind: "nothing" }
  | { readonly kind: "file"; readonly sha256: string; readonly executable: boolean }
  | { readonly kind: "symlink" | "not-a-file" | "not-a-folder"; readonly at: string };

/**
 * Looks at each path without following a symbolic link anywhere below the output folder. Changes nothing.
 * Node cannot open a file relative to an open folder, so a link that is created between this check and the next call is
 * followed; each step therefore checks again right before it. Anyone who can win that race may write to the folder anyway.
 */
export async function lookAt(output: Output, paths: readonly string[]): Promise<Map<string, OnDisk>> {
  const folders = new Map<string, Promise<FolderOnDisk>>();
  const found = await mapAtMost(parallelReads, paths, (path) =>
    orFault("read", shown(output, path), () => lookAtFile(output, path, folders)),
  );
  return new Map(paths.map((path, index) => [path, found[index] as OnDisk]));
}

/** Enough to hide the latency of a network file system, far below any limit of open files. */
const parallelReads = 16;

export async function lookAtOne(output: Output, path: string): Promise<OnDisk> {
  return (await lookAt(output, [path])).get(path) as OnDisk;
}

export function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

/** The stats of a path that is not followed itself; undefined for nothing. */
export async function statOf(path: string): Promise<Stats | undefined> {
  return lstat(path).catch(ifMissing);
}

type FolderOnDisk = { readonly kind: "folder" } | Exclude<OnDisk, { kind: "file" }>;

async function lookAtFile(output: Output, path: string, folders: Map<string, Promise<FolderOnDisk>>): Promise<OnDisk> {
  const folder = await lookAtFolder(output, foldersAbove(path)[0], folders);
  if (folder.kind !== "folder") return folder;
  const stats = await statOf(located(output, path));
  if (stats === undefined) return { kind: "nothing" };
  if (stats.isSymbolicLink()) return { kind: "symlink", at: path };
  if (!stats.isFile()) return { kind: "not-a-file", at: path };
  const sha256 = await hashFile(located(output, path));
  if (sha256 === undefined) return { kind: "nothing" };
  return { kind: "file", sha256, executable: !hasModes || (stats.mode & 0o111) !== 0 };
}

/** Windows has no executable bit, so there every file counts as correct. */
const hasModes = platform() !== "win32";

/** Each folder is looked at once, whatever the number of files in it. */
function lookAtFolder(
  output: Output,
  folder: string | undefined,
  folders: Map<string, Promise<FolderOnDisk>>,
): Promise<FolderOnDisk> {
  if (folder === undefined) return Promise.resolve({ kind: "folder" });
  const known = folders.get(folder);
  if (known !== undefined) return known;
  const looking = lookAtNewFolder(output, folder, folders);
  folders.set(folder, looking);
  return looking;
}

async function lookAtNewFolder(
  output: Output,
  folder: string,
  folders: Map<string, Promise<FolderOnDisk>>,
): Promise<FolderOnDisk> {
  const above = await lookAtFolder(output, foldersAbove(folder)[0], folders);
  if (above.kind !== "folder") return above;
  const stats = await statOf(located(output, folder));
  if (stats === undefined) return { kind: "nothing" };
  if (stats.isSymbolicLink()) return { kind: "symlink", at: folder };
  return stats.isDirectory() ? { kind: "folder" } : { kind: "not-a-folder", at: folder };
}

/** In pieces, because a foreign file may be larger than memory. Undefined when it has just vanished. */
async function hashFile(path: string): Promise<string | undefined> {
  // O_NOFOLLOW does not exist on Windows.
  const handle = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0)).catch(ifMissing);
  if (handle === undefined) return undefined;
  try {
    const hash = createHash("sha256");
    const buffer = new Uint8Array(64 * 1024);
    for (;;) {
      const { bytesRead } = await handle.read(buffer);
      if (bytesRead === 0) return hash.digest("hex");
      hash.update(buffer.subarray(0, bytesRead));
    }
  } finally {
    await handle.close();
  }
}
