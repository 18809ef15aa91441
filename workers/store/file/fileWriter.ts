import { randomUUID } from "node:crypto";
import { type FileHandle, open, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { makeFolder } from "../../../src/shared/makeFolder.ts";
import type { ObjectVersion, ObjectWriter } from "../../model/objectStore.ts";
import { orFileFault } from "./fileFault.ts";
import { fileVersion } from "./fileReader.ts";

const syncBytes = 16 * 1024 * 1024;

/** Writes a file under a temporary name, and renames it when it is closed. */
export class FileWriter implements ObjectWriter {
  readonly #uri: string;
  readonly #path: string;
  #temporary: Promise<TemporaryFile> | undefined;
  #isOver = false;
  #unsyncedBytes = 0;
  #syncing: Promise<void> | undefined;

  constructor(uri: string, path: string) {
    this.#uri = uri;
    this.#path = path;
  }

  write(bytes: Uint8Array): Promise<void> {
    return orFileFault(this.#uri, "write", async () => {
      const { handle } = await this.#file();
      for (let written = 0; written < bytes.length; ) {
        written += (await handle.write(bytes, written, bytes.length - written)).bytesWritten;
      }
      this.#unsyncedBytes += bytes.length;
      if (this.#unsyncedBytes >= syncBytes && this.#syncing === undefined) this.#startSync(handle);
    });
  }

  close(): Promise<ObjectVersion> {
    return orFileFault(this.#uri, "write", async () => {
      const file = await this.#file();
      await this.#syncing;
      await file.moveIntoPlace();
      this.#isOver = true;
      return fileVersion(this.#uri, await stat(this.#path, { bigint: true }));
    });
  }

  abort(): Promise<void> {
    return orFileFault(this.#uri, "write", async () => {
      if (this.#isOver) return;
      this.#isOver = true;
      await this.#syncing;
      // Without a file there is nothing to remove; write has already thrown the reason.
      await (await this.#temporary?.catch(() => undefined))?.remove();
    });
  }

  #file(): Promise<TemporaryFile> {
    if (this.#isOver) throw new Error(`${this.#uri}: the writer was closed or aborted already`);
    this.#temporary ??= TemporaryFile.create(this.#path);
    return this.#temporary;
  }

  /** Syncs written data to the disk while the next bytes are produced, so that closing does not wait for all of it. */
  #startSync(handle: FileHandle): void {
    this.#unsyncedBytes = 0;
    this.#syncing = handle
      .datasync()
      // A problem with the disk is reported again when the file is closed.
      .catch(() => {})
      .finally(() => {
        this.#syncing = undefined;
      });
  }
}

/** A temporary file beside the final one. */
export class TemporaryFile {
  readonly handle: FileHandle;
  readonly #path: string;
  readonly #finalPath: string;

  private constructor(handle: FileHandle, path: string, finalPath: string) {
    this.handle = handle;
    this.#path = path;
    this.#finalPath = finalPath;
  }

  static async create(finalPath: string): Promise<TemporaryFile> {
    const folder = dirname(finalPath);
    await makeFolder(folder);
    // Truncated, so that a name of the maximum length has room for the suffix.
    const path = join(folder, `.${basename(finalPath).slice(0, 40)}.${randomUUID()}.part`);
    return new TemporaryFile(await open(path, "wx", 0o666), path, finalPath);
  }

  /** Syncs the bytes before renaming the file, so that a crash never leaves an empty file under the final name. */
  async moveIntoPlace(): Promise<void> {
    try {
      await this.handle.sync();
      await this.handle.close();
      await rename(this.#path, this.#finalPath);
    } catch (error) {
      await this.remove();
      throw error;
    }
    await syncFolder(dirname(this.#finalPath));
  }

  async remove(): Promise<void> {
    await this.handle.close().catch(() => {});
    await rm(this.#path, { force: true });
  }
}

/**
 * Where a folder cannot be opened or synced (Windows, some network file systems), the name is as durable as possible.
 */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r").catch(() => undefined);
  await handle?.sync().catch(() => {});
  await handle?.close();
}
