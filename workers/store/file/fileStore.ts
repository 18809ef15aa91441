import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { codeOf } from "../../../src/shared/codeOf.ts";
import {
  Conflict,
  type ObjectReader,
  type ObjectStore,
  type ObjectWriter,
  type PutOptions,
} from "../../model/objectStore.ts";
import { orFileFault } from "./fileFault.ts";
import { withFileLock } from "./fileLock.ts";
import { openFile } from "./fileReader.ts";
import { FileWriter, TemporaryFile } from "./fileWriter.ts";

/**
 * Local files, by `file:///path`. Folders are created with the first file in them, as in S3.
 *
 * There are two kinds of ETags. That of `open` and of a writer consists of size, time and inode, because it must be
 * known without reading the file. That of `get` and `put` is the SHA-256 of the bytes, because a small file that is
 * written twice within one tick of the clock must not look unchanged to a conditional `put`. One is never equal to the
 * other.
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

/** The whole file, and the SHA-256 of its bytes in quotes; undefined when there is none. */
async function getFile(path: string): Promise<{ readonly bytes: Uint8Array; readonly etag: string } | undefined> {
  try {
    const bytes = await readFile(path);
    return { bytes, etag: contentTag(bytes) };
  } catch (error) {
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return undefined;
    throw error;
  }
}

/**
 * Replaces the file atomically. Every `put` holds the lock of the file, even an unconditional one: otherwise it could
 * happen between the check and the write of a conditional one, and be lost.
 */
async function putFile(
  uri: string,
  path: string,
  bytes: Uint8Array,
  { ifMatch, ifAbsent }: PutOptions = {},
): Promise<{ readonly etag: string }> {
  const temporary = await TemporaryFile.create(path);
  try {
    await temporary.handle.writeFile(bytes);
    await withFileLock(uri, path, async () => {
      if (ifMatch !== undefined || ifAbsent === true) {
        const present = (await getFile(path))?.etag;
        if (ifAbsent === true && present !== undefined) throw new Conflict(uri);
        if (ifMatch !== undefined && present !== ifMatch) throw new Conflict(uri);
      }
      await temporary.moveIntoPlace();
    });
  } catch (error) {
    await temporary.remove();
    throw error;
  }
  return { etag: contentTag(bytes) };
}

function contentTag(bytes: Uint8Array): string {
  return `"${createHash("sha256").update(bytes).digest("hex")}"`;
}
