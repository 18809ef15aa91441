import { fileURLToPath } from "node:url";
import type { ObjectReader, ObjectStore, ObjectWriter, PutOptions } from "../../model/objectStore.ts";
import { orFileFault } from "./fileFault.ts";
import { openFile } from "./fileReader.ts";
import { FileWriter } from "./fileWriter.ts";
import { getFile, putFile } from "./smallFile.ts";

/**
 * Files of this machine, by `file:///path`. Folders come into being with the first file in them, as in S3.
 *
 * There are two kinds of ETags. That of `open` and of a writer is made of size, time and inode, because it has to be known
 * without reading the file. That of `get` and `put` is the SHA-256 of the bytes, because a small file that is written
 * twice within one tick of the clock must not look unchanged to a conditional `put`. One is never equal to the other.
 */
export class FileStore implements ObjectStore {
  open(uri: string, expected?: { readonly etag: string }): Promise<ObjectReader> {
    return orFileFault(uri, "read", async () => openFile(uri, fileURLToPath(uri), expected));
  }

  get(uri: string): Promise<{ readonly bytes: Uint8Array; readonly etag: string } | undefined> {
    return orFileFault(uri, "read", async () => getFile(fileURLToPath(uri)));
  }

  put(uri: string, bytes: Uint8Array, options?: PutOptions): Promise<{ readonly etag: string }> {
    return orFileFault(uri, "write", async () => putFile(uri, fileURLToPath(uri), bytes, options));
  }

  createWriter(uri: string): ObjectWriter {
    return new FileWriter(uri, fileURLToPath(uri));
  }

  destroy(): void {}
}
