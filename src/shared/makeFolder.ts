import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { codeOf } from "./codeOf.ts";

/**
 * Creates a folder and its parents, and returns the outermost that was created; undefined when the folder existed.
 * Node's own `recursive` is not used: it reports a full disk as ENOENT, which would mislead the user, and never returns on
 * a file system that answers ENOENT because it does not support new folders, as /proc does.
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

/** False when it exists, even if another process created it just now. A file at the path is reported by its next use. */
async function makeOne(path: string): Promise<boolean> {
  try {
    await mkdir(path);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
}
