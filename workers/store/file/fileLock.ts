import { createHash, randomUUID } from "node:crypto";
import { open, readFile, rm, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { codeOf } from "../../../src/shared/codeOf.ts";
import { WorkerFault } from "../../model/fault.ts";

/** A lock is held for milliseconds, so one of this age is stale, whatever it contains. */
const maxAgeMs = 30_000;
const maxWaitMs = 2 * maxAgeMs;
const pollMs = 10;

/**
 * Does the work while nothing else does so for the same file, in this process or another one.
 *
 * The lock is a file that only one process can create. A lock left by a killed process is removed: when that
 * process ran on this machine and is gone, or when the lock is far older than the work can take.
 */
export async function withFileLock<Result>(uri: string, path: string, work: () => Promise<Result>): Promise<Result> {
  const lock = join(dirname(path), `.${shortName(basename(path))}.lock`);
  const token = randomUUID();
  await acquire(uri, lock, token);
  held.add(token);
  try {
    return await work();
  } finally {
    held.delete(token);
    // A holder that exceeded the maximum age has lost its lock, and must not remove another's.
    if ((await read(lock))?.token === token) await rm(lock, { force: true });
  }
}

/** The name itself or, if it would become too long, a practically unique replacement. */
function shortName(name: string): string {
  return Buffer.byteLength(name) <= 200 ? name : createHash("sha256").update(name).digest("hex");
}

/**
 * What this process holds. A lock with its process id and a different token belongs to an earlier process with the same
 * id.
 */
const held = new Set<string>();

async function acquire(uri: string, lock: string, token: string): Promise<void> {
  for (let waitedMs = 0; waitedMs < maxWaitMs; ) {
    // Registered before the file exists: another put of this process may read it immediately.
    held.add(token);
    if (await create(lock, token)) return;
    held.delete(token);
    if (await removeStale(lock)) continue;
    const pauseMs = pollMs * (0.5 + Math.random());
    await sleep(pauseMs);
    waitedMs += pauseMs;
  }
  throw new WorkerFault("try-again", `${uri}: other processes have kept it locked for ${maxWaitMs / 1000} s`, {
    hint: `If no other process is writing it, delete ${JSON.stringify(lock)}.`,
  });
}

async function create(lock: string, token: string): Promise<boolean> {
  try {
    const handle = await open(lock, "wx");
    await handle.writeFile(JSON.stringify({ host: hostname(), pid: process.pid, token })).finally(() => handle.close());
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
}

/**
 * Removes a lock that is not held any more. Of several processes that find the same one, only the holder of a second
 * lock does so, and after checking again: the slower must not remove the new lock of the faster.
 */
async function removeStale(lock: string): Promise<boolean> {
  if (!(await isStale(lock))) return false;
  const second = `${lock}.removal`;
  if (!(await create(second, randomUUID()))) {
    if (await isOld(second)) await rm(second, { force: true });
    return false;
  }
  try {
    if (await isStale(lock)) await rm(lock, { force: true });
    return true;
  } finally {
    await rm(second, { force: true });
  }
}

async function isStale(lock: string): Promise<boolean> {
  const holder = await read(lock);
  // If empty, it is just being written, or its writer was killed while writing: its age decides.
  if (holder !== undefined && holder.host === hostname() && !isAlive(holder)) return true;
  return isOld(lock);
}

function isAlive({ pid, token }: Holder): boolean {
  if (pid === process.pid) return held.has(token);
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, as another user.
    return codeOf(error) !== "ESRCH";
  }
}

async function isOld(lock: string): Promise<boolean> {
  const stats = await stat(lock).catch(() => undefined);
  return stats !== undefined && Date.now() - stats.mtimeMs > maxAgeMs;
}

interface Holder {
  readonly host: string;
  readonly pid: number;
  readonly token: string;
}

async function read(lock: string): Promise<Holder | undefined> {
  try {
    const holder: unknown = JSON.parse(await readFile(lock, "utf8"));
    return isHolder(holder) ? holder : undefined;
  } catch {
    return undefined;
  }
}

function isHolder(value: unknown): value is Holder {
  if (typeof value !== "object" || value === null) return false;
  const { host, pid, token } = value as Partial<Record<keyof Holder, unknown>>;
  // A process id of 0 or below would refer to a process group.
  return typeof host === "string" && typeof token === "string" && Number.isSafeInteger(pid) && (pid as number) > 0;
}
