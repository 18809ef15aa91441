import { open, readFile, readlink, symlink, unlink } from "node:fs/promises";
import { platform } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { InvalidInput, type Problem } from "../model/problem.ts";
import { makeFolder } from "../shared/makeFolder.ts";
import { hasCode, ifMissing, orFault } from "./faults.ts";
import { describeSelf, type Holder, isGone, type Processes, parseHolder } from "./holder.ts";
import { statOf } from "./lookAt.ts";
import { located, lockName, type Output, shown } from "./output.ts";
import { refusal } from "./refusals.ts";

export interface LockOptions {
  readonly processes?: Processes | undefined;
  /** How long to wait for another run. */
  readonly lockWaitMs?: number | undefined;
}

/**
 * Does the work while no other run writes to the folder.
 *
 * The lock is a dangling symbolic link whose target is a text that names its holder. A link is created atomically, while a
 * kill between the creation of a file and its first byte would leave it empty, and block all runs. It is never followed.
 * Where there are no links (FAT, Windows) the lock is a file.
 */
export async function withLock<Value>(
  output: Output,
  options: LockOptions,
  work: () => Promise<Value>,
): Promise<Value> {
  const self = await describeSelf(options.processes);
  await acquire(output, self, options);
  try {
    return await work();
  } finally {
    // A lock that cannot be removed now is taken over by the next run, because its holder has ended by then.
    await release(output, self).catch(() => {});
  }
}

/** True while a run writes to the folder, or after one was killed. */
export async function isLocked(output: Output): Promise<boolean> {
  return (await statOf(located(output, lockName))) !== undefined;
}

async function acquire(output: Output, self: Holder, { processes, lockWaitMs = 2000 }: LockOptions): Promise<void> {
  await orFault("lock", shown(output, lockName), async () => {
    const path = located(output, lockName);
    for (let waitedMs = 0; ; waitedMs += pollMs) {
      // The run that we waited for may have failed and removed its new folder.
      await makeFolder(output.root);
      if (await claim(path, JSON.stringify(self))) return;
      const text = await readClaim(path);
      const holder = text === undefined ? undefined : parseHolder(text);
      const isStale = holder !== undefined && (await isGone(holder, self, processes));
      if (isStale && (await removeStale(output, text, self))) continue;
      const problem = isStale ? takeoverProblem(output) : lockProblem(output, holder);
      if (waitedMs >= lockWaitMs) throw new InvalidInput([problem]);
      await sleep(pollMs);
    }
  });
}

const pollMs = 50;

async function release(output: Output, self: Holder): Promise<void> {
  const path = located(output, lockName);
  // Our lock may have been removed by hand, and another run may hold it now.
  if ((await readClaim(path)) === JSON.stringify(self)) await unlink(path);
}

/**
 * Removes the lock of a process that has ended. Two runs may find it at the same time, and the slower one must not remove
 * the lock that the faster one has created since: only the holder of a second lock removes it, after checking again. The
 * second lock is held for an instant; if a run is killed during that instant, it has to be deleted by hand.
 */
async function removeStale(output: Output, text: string | undefined, self: Holder): Promise<boolean> {
  const takeover = located(output, takeoverName);
  if (!(await claim(takeover, JSON.stringify(self)))) return false;
  try {
    const path = located(output, lockName);
    if ((await readClaim(path)) === text) await unlink(path).catch(ifMissing);
    return true;
  } finally {
    await unlink(takeover);
  }
}

const takeoverName = `${lockName}-takeover`;

/** Windows treats the target of a link as a path and rewrites it. */
const linksHoldText = platform() !== "win32";

async function claim(path: string, text: string): Promise<boolean> {
  if (!linksHoldText) return claimByFile(path, text);
  try {
    await symlink(text, path);
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    if (hasCode(error, "EPERM", "ENOSYS", "ENOTSUP", "EOPNOTSUPP")) return claimByFile(path, text);
    throw error;
  }
}

/** For file systems without symbolic links. */
export async function claimByFile(path: string, text: string): Promise<boolean> {
  const handle = await open(path, "wx").catch((error: unknown) => {
    if (hasCode(error, "EEXIST")) return undefined;
    throw error;
  });
  if (handle === undefined) return false;
  try {
    await handle.writeFile(text);
  } catch (error) {
    await unlink(path);
    throw error;
  } finally {
    await handle.close();
  }
  return true;
}

/** The text of a lock; undefined when there is none, "" for something that is not a lock of ours. */
async function readClaim(path: string): Promise<string | undefined> {
  const stats = await statOf(path);
  if (stats === undefined) return undefined;
  if (stats.isSymbolicLink()) return readlink(path).catch(ifMissing);
  return stats.isFile() && stats.size < 4096 ? readFile(path, "utf8").catch(ifMissing) : "";
}

function lockProblem(output: Output, holder: Holder | undefined): Problem {
  const file = shown(output, lockName);
  const found = holder ? `held by process ${holder.pid} on ${holder.host}` : "not a lock of gen-batch-config";
  return refusal("write/locked", file, {
    found,
    hint: `wait for that run to end; if it no longer runs, delete ${file}`,
  });
}

function takeoverProblem(output: Output): Problem {
  const file = shown(output, takeoverName);
  return refusal("write/locked", file, {
    found: "left by a run that was killed while it took over a lock",
    hint: `if no other run is in progress, delete ${file}`,
  });
}
