import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { codeOf } from "../../../src/shared/codeOf.ts";
import { Conflict, type PutOptions } from "../../model/objectStore.ts";
import { withFileLock } from "./fileLock.ts";
import { TemporaryFile } from "./fileWriter.ts";

/** The whole file, and the SHA-256 of its bytes in quotes; undefined when there is none. */
export async function getFile(
  path: string,
): Promise<{ readonly bytes: Uint8Array; readonly etag: string } | undefined> {
  try {
    const bytes = await readFile(path);
    return { bytes, etag: contentTag(bytes) };
  } catch (error) {
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return undefined;
    throw error;
  }
}

/**
 * Replaces the file in one step. Every `put` holds the lock of the file, also an unconditional one: else it could
 * fall between the look and the step of a conditional one, and be lost.
 */
export async function putFile(
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
