import { chmod, mkdir, readdir, readFile, rm, writeFile as write } from "node:fs/promises";
import { dirname, join } from "node:path";
import { zipSync } from "fflate";

export interface FolderFile {
  readonly contents: Uint8Array;
  readonly isExecutable?: boolean;
}

/** Makes a folder contain exactly these files. Files that are already right are not touched. */
export async function writeFolder(folder: string, files: ReadonlyMap<string, FolderFile>): Promise<void> {
  await mkdir(folder, { recursive: true });
  // Entry files are written after their parts, and old files removed last: a program that starts in between finds them
  // all.
  const startedLast = [...files].sort(
    ([, a], [, b]) => Number(a.isExecutable ?? false) - Number(b.isExecutable ?? false),
  );
  for (const [path, file] of startedLast) await writeFile(join(folder, path), file);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isDirectory() && !files.has(path.slice(folder.length + 1))) await rm(path);
  }
}

/** Does not touch a file that is already right. */
export async function writeFile(target: string, { contents, isExecutable = false }: FolderFile): Promise<void> {
  const old = await readFile(target).catch(() => undefined);
  if (!old?.equals(contents)) {
    await mkdir(dirname(target), { recursive: true });
    await write(target, contents);
  }
  // Regardless of the umask: in an image, a user other than the owner reads them.
  await chmod(target, isExecutable ? 0o755 : 0o644);
}

/**
 * A zip file with these files. The same files result in the same bytes on every machine: names are sorted, times fixed,
 * and the compression is JavaScript, while that of Node.js differs from version to version and from processor to
 * processor.
 */
export function zipOf(files: ReadonlyMap<string, FolderFile>): Uint8Array {
  // The earliest time of the format. A zip file has local times, so the date is created from local parts.
  const mtime = new Date(1980, 0, 1);
  const sorted = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
  return zipSync(
    Object.fromEntries(
      sorted.map(([path, { contents }]) => [path, [contents, { os: unix, attrs: readable }] as const]),
    ),
    { level: 9, mtime },
  );
}

const unix = 3;
/**
 * The upper half contains the permissions: a regular file, readable by all, because Lambda runs code as a separate
 * user.
 */
const readable = 0o100644 << 16;
