import { existsSync, mkdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const beatSeconds = 2;
/** A holder whose event loop was busy for this long is not taken for one that is gone. */
const lostAfterSeconds = 60;

/** Does something that no other process may do at the same time, of those that name the same path. */
export async function locked<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  const file = `${path}.lock`;
  mkdirSync(dirname(file), { recursive: true });
  while (!take(file)) {
    if (isLeftBehind(file)) discard(file);
    else await sleep(500);
  }
  const beat = setInterval(() => touch(file), beatSeconds * 1000);
  try {
    return await work();
  } finally {
    clearInterval(beat);
    rmSync(file, { force: true });
  }
}

function take(file: string): boolean {
  try {
    writeFileSync(file, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

function touch(file: string): void {
  // Another has discarded it if this process was held up for too long.
  if (!existsSync(file)) return;
  const now = new Date();
  utimesSync(file, now, now);
}

/**
 * Its holder has ended without giving it back. Judged by its age, since another process may have the number of the
 * holder by now: in a container the numbers start anew each time, and the lock may be in a volume that stays.
 */
function isLeftBehind(file: string): boolean {
  const touched = statSync(file, { throwIfNoEntry: false })?.mtimeMs;
  return touched !== undefined && touched < Date.now() - lostAfterSeconds * 1000;
}

/** Of several that do this at once, one can move the file. */
function discard(file: string): void {
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  rmSync(aside, { force: true });
}
