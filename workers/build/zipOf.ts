import { zipSync } from "fflate";

/**
 * A zip file with these files. The same files give the same bytes on every machine: names are sorted, times fixed, and the
 * compression is JavaScript, while that of Node.js differs from version to version and from processor to processor.
 */
export function zipOf(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  // The first time that the format can say. A zip file holds local times, so the date is made from those.
  const mtime = new Date(1980, 0, 1);
  const sorted = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
  return zipSync(
    Object.fromEntries(sorted.map(([path, contents]) => [path, [contents, { os: unix, attrs: readable }] as const])),
    { level: 9, mtime },
  );
}

const unix = 3;
/** The upper half has the permissions: of a regular file that all may read, because Lambda runs code as a user of its own. */
const readable = 0o100644 << 16;
