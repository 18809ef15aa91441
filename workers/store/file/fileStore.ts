import { fileURLToPath } from "node:url";
import type { ObjectStore } from "../../model/objectStore.ts";
import { fileFault } from "./fileFault.ts";
import { openFile } from "./fileReader.ts";
import { fileWriter } from "./fileWriter.ts";
import { getFile, putFile } from "./smallFile.ts";

/**
 * Files of this machine, by `file:///path`. Folders come into being with the first file in them, as in S3.
 *
 * There are two kinds of ETags. That of `open` and of a writer is made of size, time and inode, because it has to be known
 * without reading the file. That of `get` and `put` is the SHA-256 of the bytes, because a small file that is written
 * twice within one tick of the clock must not look unchanged to a conditional `put`. One is never equal to the other.
 */
export function createFileStore(): ObjectStore {
  return {
    open: (uri, expected) => orFault(uri, "read", (path) => openFile(uri, path, expected)),
    get: (uri) => orFault(uri, "read", getFile),
    put: (uri, bytes, options) => orFault(uri, "write", (path) => putFile(uri, path, bytes, options)),
    createWriter(uri) {
      const writer = fileWriter(uri, fileURLToPath(uri));
      return {
        write: (bytes) => orFault(uri, "write", () => writer.write(bytes)),
        close: () => orFault(uri, "write", () => writer.close()),
        abort: () => orFault(uri, "write", () => writer.abort()),
      };
    },
    destroy() {},
  };
}

async function orFault<Result>(
  uri: string,
  doing: "read" | "write",
  work: (path: string) => Promise<Result>,
): Promise<Result> {
  try {
    return await work(fileURLToPath(uri));
  } catch (error) {
    throw fileFault(error, uri, doing);
  }
}
