import type { BigIntStats } from "node:fs";
import type { ObjectVersion } from "../../model/objectStore.ts";

/**
 * The version of a file as its size, the time of its last change in nanoseconds, and its inode: known without reading
 * the file. Two changes within one tick of the file system's clock that keep the size look like one.
 */
export function fileVersion(uri: string, { size, mtimeNs, ino }: BigIntStats): ObjectVersion {
  return { uri, size: Number(size), etag: `"${size.toString(16)}-${mtimeNs.toString(16)}-${ino.toString(16)}"` };
}
