import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { codeOf } from "./codeOf.ts";

/**
 * Makes a folder and those above it, and gives the outermost that was made; undefined when it was there.
 * Not with Node's own `recursive`: it reports a full disk as ENOENT, which would send the user looking for the wrong
 * thing, and never ends on a file system that answers ENOENT because it takes no folders, as /proc does.
 */
export async function makeFolder(path: string): Promise<string | undefined> {
  try {
    return (await makeOne(path)) ? path : undefined;
  } catch (error) {
    if (codeOf(error) !== "ENOENT" || dirname(path) === path) throw error;
  }
  const outermost = await makeFolder(dirname(path));
  const isMade = await makeOne(path);
  return outermost ?? (isMade ? path : undefined);
}

/** False when it exists, also when another process has made it just now. A file in its place is reported by its next use. */
async function makeOne(path: string): Promise<boolean> {
  try {
    await mkdir(path);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
}
