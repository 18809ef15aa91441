import { chmod, mkdir, readdir, readFile, rm, writeFile as write } from "node:fs/promises";
import { dirname, join } from "node:path";

export interface FolderFile {
  readonly contents: Uint8Array;
  readonly isExecutable?: boolean;
}

/** Makes a folder hold these files and nothing else. Files that are right already are left alone. */
export async function writeFolder(folder: string, files: ReadonlyMap<string, FolderFile>): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [path, file] of files) await writeFile(join(folder, path), file);
  // What is old goes last, so that a program that starts in between finds all its parts.
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isDirectory() && !files.has(path.slice(folder.length + 1))) await rm(path);
  }
}

/** Leaves a file alone that is right already. */
export async function writeFile(target: string, { contents, isExecutable = false }: FolderFile): Promise<void> {
  const old = await readFile(target).catch(() => undefined);
  if (!old?.equals(contents)) {
    await mkdir(dirname(target), { recursive: true });
    await write(target, contents);
  }
  // Whatever the umask is: in an image, another user than the owner reads them.
  await chmod(target, isExecutable ? 0o755 : 0o644);
}
