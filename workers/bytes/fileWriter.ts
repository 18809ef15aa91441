import { stat } from "node:fs/promises";
import type { ObjectVersion, ObjectWriter } from "../model/objectStore.ts";
import { fileVersion } from "./fileVersion.ts";
import { createTemporaryFile, type TemporaryFile } from "./temporaryFile.ts";

/** Writes a file under another name, which becomes its own when it is closed. */
export function fileWriter(uri: string, path: string): ObjectWriter {
  let temporary: Promise<TemporaryFile> | undefined;
  let isOver = false;

  function file(): Promise<TemporaryFile> {
    if (isOver) throw new Error(`${uri}: the writer was closed or aborted already`);
    temporary ??= createTemporaryFile(path);
    return temporary;
  }

  return {
    async write(bytes) {
      const { handle } = await file();
      for (let written = 0; written < bytes.length; ) {
        written += (await handle.write(bytes, written, bytes.length - written)).bytesWritten;
      }
    },
    async close(): Promise<ObjectVersion> {
      const { moveIntoPlace } = await file();
      await moveIntoPlace();
      isOver = true;
      return fileVersion(uri, await stat(path, { bigint: true }));
    },
    async abort() {
      if (isOver) return;
      isOver = true;
      // Without a file there is nothing to remove; why there is none was told by write.
      await (await temporary?.catch(() => undefined))?.remove();
    },
  };
}
