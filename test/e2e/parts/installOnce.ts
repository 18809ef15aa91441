import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const markerName = ".installed";

/**
 * Fills a folder of the cache, once: `install` runs when the folder is missing, was left half done or was filled for other inputs.
 * Test files run beside each other in processes of their own, so a lock lets one install and the others wait for it.
 */
export async function installOnce(
  folder: string,
  inputs: readonly string[],
  install: () => Promise<void>,
): Promise<void> {
  const fingerprint = createHash("sha256").update(JSON.stringify(inputs)).digest("hex");
  if (isFilled(folder, fingerprint)) return;
  const unlock = await lock(`${folder}.lock`);
  try {
    if (isFilled(folder, fingerprint)) return;
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    await install();
    writeFileSync(join(folder, markerName), fingerprint);
  } finally {
    unlock();
  }
}

function isFilled(folder: string, fingerprint: string): boolean {
  return readIfThere(join(folder, markerName)) === fingerprint;
}

async function lock(path: string): Promise<() => void> {
  mkdirSync(dirname(path), { recursive: true });
  while (!take(path)) {
    if (isLeftBehind(path)) rmSync(path, { force: true });
    else await sleep(500);
  }
  return () => rmSync(path, { force: true });
}

function take(path: string): boolean {
  try {
    writeFileSync(path, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** Whoever took the lock has ended without giving it back. A lock still empty is one that is being written just now, unless it is old. */
function isLeftBehind(path: string): boolean {
  const holder = readIfThere(path);
  if (holder === undefined) return false;
  if (holder === "") return (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()) < Date.now() - 10_000;
  try {
    process.kill(Number(holder), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
