import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { hasCode } from "./faults.ts";

/**
 * Makes a folder and those above it, and gives the outermost that was made; undefined when it was there.
 * Node's own `recursive` reports a full disk as ENOENT, which would send the user looking for the wrong thing.
 */
export async function makeFolder(path: string): Promise<string | undefined> {
  try {
    return (await makeOne(path)) ? path : undefined;
  } catch (error) {
    if (!hasCode(error, "ENOENT") || dirname(path) === path) throw error;
  }
  const outermost = await makeFolder(dirname(path));
  const isMade = await makeOne(path);
  return outermost ?? (isMade ? path : undefined);
}

async function makeOne(path: string): Promise<boolean> {
  try {
    await mkdir(path);
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    throw error;
  }
}
