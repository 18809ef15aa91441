import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { mkdir, open, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { isObject } from "../model/json.ts";
import { Fault, WrongUsage } from "../model/problem.ts";

/** What is known of running processes, for the lock. */
export interface RunProcesses {
  readonly pid: number;
  readonly isRunning: (pid: number) => boolean;
}

/** What was validated: the same identity needs no second validation. */
export interface Identity {
  readonly input: string;
  readonly inputVersion: string;
  readonly schema: string;
  readonly schemaVersion: string;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** Name of an entry of chunks.json that may be part of a file name. */
export function isChunkId(value: unknown): value is string {
  return typeof value === "string" && /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(value);
}

/** The folder of one run, which one process at a time may work in. */
export class RunFolder {
  readonly path: string;
  /** What the last run noted here; undefined in a folder that no run has validated in. */
  #noted: Noted | undefined;

  readonly #pid: number;
  readonly #workers = new Set<number>();

  private constructor(path: string, noted: Noted | undefined, pid: number) {
    this.path = path;
    this.#noted = noted;
    this.#pid = pid;
  }

  /** Throws WrongUsage for a folder that holds something else, or the run of another file. */
  static async open(path: string, input: string, processes: RunProcesses): Promise<RunFolder> {
    await makeFolder(path);
    await takeLock(path, processes);
    try {
      const noted = await readNoted(path);
      if (noted === undefined && (await recordFiles(path)).length > 0) {
        throw new WrongUsage(`${path} has records of something else below records/`, "choose another --output");
      }
      if (noted !== undefined && noted.identity.input !== input) {
        const hint = "choose another --output, or delete this one";
        throw new WrongUsage(`${path} holds the run of another file, ${noted.identity.input}`, hint);
      }
      return new RunFolder(path, noted, processes.pid);
    } catch (error) {
      await rm(join(path, lockName), { force: true });
      throw error;
    }
  }

  async close(): Promise<void> {
    await rm(join(this.path, lockName), { force: true });
  }

  /**
   * Notes which workers are under way. They outlive a run that is killed, and two that write into one file would write over each
   * other's records. At once, because a worker begins at once.
   */
  noteWorker(pid: number, isRunning: boolean): void {
    if (isRunning) this.#workers.add(pid);
    else this.#workers.delete(pid);
    writeFileSync(join(this.path, lockName), lockText({ pid: this.#pid, workers: [...this.#workers] }));
  }

  recordsOf(chunkId: string): string {
    return join(this.path, "records", `${chunkId}.jsonl`);
  }

  logOf(job: string): string {
    return join(this.path, "logs", `${job}.log`);
  }

  /** Whether exactly this was validated here, and accepted, before. */
  async hasValidated(identity: Identity): Promise<boolean> {
    if (this.#noted === undefined || JSON.stringify(this.#noted.identity) !== JSON.stringify(identity)) return false;
    const manifest = await readJson(join(this.path, "manifest.json"));
    return (
      isObject(manifest) &&
      manifest.format === "gen-batch-config/manifest/1" &&
      isObject(manifest.source) &&
      manifest.source.etag === identity.inputVersion &&
      this.#noted.work === (await this.#work())
    );
  }

  /**
   * Notes what was validated. Records of other work go: those of a file that has changed since, for they would be mixed
   * with the new ones.
   */
  async noteValidated(identity: Identity): Promise<void> {
    const work = await this.#work();
    if (this.#noted !== undefined && this.#noted.work !== work) {
      for (const name of await recordFiles(this.path)) await rm(join(this.path, "records", name), { force: true });
    }
    const noted: Noted = { format, identity, work };
    await writeFile(join(this.path, `${notedName}.new`), `${JSON.stringify(noted, null, 2)}\n`);
    await rename(join(this.path, `${notedName}.new`), join(this.path, notedName));
    this.#noted = noted;
  }

  /** A chunk whose records somebody has deleted since is delivered again, whatever its checkpoint says. */
  async forgetLostRecords(chunkId: string): Promise<void> {
    const path = this.recordsOf(chunkId);
    const handle = await open(path).catch(() => undefined);
    if (handle !== undefined) return handle.close();
    const folder = join(this.path, "checkpoints");
    const names = (await readdir(folder).catch(() => [])).filter((name) => name.startsWith(`${chunkId}.`));
    for (const name of names) {
      const checkpoint = await readJson(join(folder, name));
      // Checkpoints of an earlier version have "file:" before the URL.
      const isOfFile = isObject(checkpoint) && String(checkpoint.destination).endsWith(pathToFileURL(path).href);
      if (isOfFile) await rm(join(folder, name), { force: true });
    }
  }

  /** Tells two validations apart that would give other messages. */
  async #work(): Promise<string> {
    const hash = createHash("sha256");
    for (const name of ["manifest.json", "chunks.json", "rejected.bin"]) {
      hash.update(await readFile(join(this.path, name)).catch(() => new Uint8Array()));
    }
    return hash.digest("hex");
  }
}

const format = "gen-batch-config/run/1";
const notedName = "run.json";
const lockName = "run.lock";

interface Lock {
  readonly pid: number;
  readonly workers: readonly number[];
}

function lockText(lock: Lock): string {
  return `${JSON.stringify(lock)}\n`;
}

/** The processes that hold the lock. */
async function readLock(file: string): Promise<readonly number[]> {
  const lock = await readJson(file);
  if (!isObject(lock)) return [];
  const pids = [lock.pid, ...(Array.isArray(lock.workers) ? lock.workers : [])];
  return pids.filter((pid): pid is number => Number.isSafeInteger(pid) && Number(pid) > 0);
}

interface Noted {
  readonly format: typeof format;
  readonly identity: Identity;
  readonly work: string;
}

async function readNoted(path: string): Promise<Noted | undefined> {
  const value = await readJson(join(path, notedName));
  const isOurs =
    isObject(value) && value.format === format && isObject(value.identity) && typeof value.work === "string";
  return isOurs ? (value as unknown as Noted) : undefined;
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch {
    return undefined;
  }
}

async function recordFiles(path: string): Promise<readonly string[]> {
  const names = await readdir(join(path, "records")).catch(() => []);
  return names.filter((name) => /^chunk-\d+\.jsonl$/.test(name));
}

async function makeFolder(path: string): Promise<void> {
  try {
    for (const name of ["records", "logs"]) await mkdir(join(path, name), { recursive: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST" || code === "ENOTDIR") {
      throw new WrongUsage(`--output is ${path}, and a file stands in its place or above it`, "name a folder");
    }
    throw new Fault(`cannot make the folder ${path} (${code})`, { hint: "choose another --output", cause: error });
  }
}

async function takeLock(path: string, processes: RunProcesses): Promise<void> {
  const file = join(path, lockName);
  for (let tries = 0; tries < 2; tries += 1) {
    try {
      return await writeFile(file, lockText({ pid: processes.pid, workers: [] }), { flag: "wx" });
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== "EEXIST") throw new Fault(`cannot write ${file} (${code})`, { cause: error });
    }
    // The first process of a container has the same number every time.
    const holder = (await readLock(file)).find((pid) => pid !== processes.pid && processes.isRunning(pid));
    if (holder !== undefined) {
      throw new WrongUsage(
        `another run, or a worker of it, works in ${path} (process ${holder})`,
        `wait for it, or choose another --output; if that is no process of a run, delete ${file}`,
      );
    }
    // Left behind by a run that was killed.
    await rm(file, { force: true });
  }
  throw new WrongUsage(`another run has just begun in ${path}`, "wait for it, or choose another --output");
}
