import { type FileHandle, stat } from "node:fs/promises";
import type { ObjectVersion, ObjectWriter } from "../../model/objectStore.ts";
import { fileVersion } from "./fileVersion.ts";
import { createTemporaryFile, type TemporaryFile } from "./temporaryFile.ts";

const syncBytes = 16 * 1024 * 1024;

/** Writes a file under another name, which becomes its own when it is closed. */
export function fileWriter(uri: string, path: string): ObjectWriter {
  let temporary: Promise<TemporaryFile> | undefined;
  let isOver = false;
  let unsyncedBytes = 0;
  let syncing: Promise<void> | undefined;

  function file(): Promise<TemporaryFile> {
    if (isOver) throw new Error(`${uri}: the writer was closed or aborted already`);
    temporary ??= createTemporaryFile(path);
    return temporary;
  }

  /** Brings what was written to the disk while the next bytes are made, so that closing need not wait for all of it. */
  function beginSync(handle: FileHandle): void {
    unsyncedBytes = 0;
    syncing = handle
      .datasync()
      // What is wrong with the disk comes up again when the file is closed.
      .catch(() => {})
      .finally(() => {
        syncing = undefined;
      });
  }

  return {
    async write(bytes) {
      const { handle } = await file();
      for (let written = 0; written < bytes.length; ) {
        written += (await handle.write(bytes, written, bytes.length - written)).bytesWritten;
      }
      unsyncedBytes += bytes.length;
      if (unsyncedBytes >= syncBytes && syncing === undefined) beginSync(handle);
    },
    async close(): Promise<ObjectVersion> {
      const { moveIntoPlace } = await file();
      await syncing;
      await moveIntoPlace();
      isOver = true;
      return fileVersion(uri, await stat(path, { bigint: true }));
    },
    async abort() {
      if (isOver) return;
      isOver = true;
      await syncing;
      // Without a file there is nothing to remove; why there is none was told by write.
      await (await temporary?.catch(() => undefined))?.remove();
    },
  };
}
