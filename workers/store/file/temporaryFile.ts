import { randomUUID } from "node:crypto";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { makeFolder } from "../../../src/shared/makeFolder.ts";

/** A file that stands beside the one that it is going to be. */
export interface TemporaryFile {
  readonly handle: FileHandle;
  /** Makes it the file, with its bytes on the disk before its name is: never a file that is there and empty after a crash. */
  moveIntoPlace(): Promise<void>;
  remove(): Promise<void>;
}

export async function createTemporaryFile(path: string): Promise<TemporaryFile> {
  const folder = dirname(path);
  await makeFolder(folder);
  // Cut, so that a name of the longest allowed length still has room for what is added.
  const temporary = join(folder, `.${basename(path).slice(0, 40)}.${randomUUID()}.part`);
  const handle = await open(temporary, "wx", 0o666);

  async function remove(): Promise<void> {
    await handle.close().catch(() => {});
    await rm(temporary, { force: true });
  }

  async function moveIntoPlace(): Promise<void> {
    try {
      await handle.sync();
      await handle.close();
      await rename(temporary, path);
    } catch (error) {
      await remove();
      throw error;
    }
    await syncFolder(folder);
  }

  return { handle, moveIntoPlace, remove };
}

/** Where a folder cannot be opened or synced (Windows, some network file systems), the name is as safe as it gets there. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r").catch(() => undefined);
  await handle?.sync().catch(() => {});
  await handle?.close();
}
