import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import workerContract from "../../../schemas/worker-contract.json" with { type: "json" };
import { isObject } from "../../model/json.ts";
import { Fault, WrongUsage } from "../../model/problem.ts";
import { makeFolder } from "../../shared/makeFolder.ts";
import { grouped } from "../../shared/text.ts";
import { RecordSizes } from "./recordSizes.ts";

/** The running processes, for the lock. */
export interface RunProcesses {
  readonly pid: number;
  readonly isRunning: (pid: number) => boolean;
}

/** Identifies a validation: the same identity needs no second one. */
export interface Identity {
  readonly input: string;
  readonly inputVersion: string;
  readonly schema: string;
  readonly schemaVersion: string;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** Whether the id of a chunk in chunks.json is safe as part of a file name. */
export function isChunkId(value: unknown): value is string {
  return typeof value === "string" && /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(value);
}

/** The folder of a run. Only one process at a time may work in it. */
export class RunFolder {
  readonly path: string;
  /** The notes of the last run here; undefined in a folder without a validation. */
  #noted: Noted | undefined;

  readonly #pid: number;
  readonly #workers = new Set<number>();

  /** Bytes of the records of each finished chunk. */
  readonly #sizes: RecordSizes;

  private constructor(path: string, noted: Noted | undefined, pid: number, sizes: RecordSizes) {
    this.path = path;
    this.#noted = noted;
    this.#pid = pid;
    this.#sizes = sizes;
  }

  /** Throws WrongUsage for a folder that contains something else, or the run of another file. */
  static async open(path: string, input: string, processes: RunProcesses): Promise<RunFolder> {
    await refuseForeign(path);
    await makeSubfolders(path);
    await takeLock(path, processes);
    try {
      const noted = await readNoted(path);
      if (noted !== undefined && noted.identity.input !== input) {
        const hint = "choose another --output, or delete this one";
        throw new WrongUsage(`${path} contains the run of another file, ${noted.identity.input}`, hint);
      }
      return new RunFolder(path, noted, processes.pid, await RecordSizes.read(join(path, sizesName)));
    } catch (error) {
      await rm(join(path, lockName), { force: true });
      throw error;
    }
  }

  async close(): Promise<void> {
    await rm(join(this.path, lockName), { force: true });
  }

  /**
   * Notes which workers are running. They outlive a killed run, and two that write to one file would overwrite each other's
   * records. Synchronous, because a worker starts immediately.
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

  /** Whether exactly this was validated and accepted here before. */
  async hasValidated(identity: Identity): Promise<boolean> {
    if (this.#noted?.isValidated === false) return false;
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
   * Notes that a validation starts; from here on the folder belongs to a run. Results of an input that has changed since are
   * removed first: if the new input is refused, they would be mistaken for its own.
   */
  async beginValidation(identity: Identity): Promise<void> {
    const isOther = this.#noted !== undefined && this.#noted.identity.inputVersion !== identity.inputVersion;
    if (isOther) {
      await this.#removeRecords();
      for (const name of validatedFiles) await rm(join(this.path, name), { force: true });
    }
    await this.#note({ format, identity, work: isOther ? "" : (this.#noted?.work ?? ""), isValidated: false });
  }

  /** Notes what was validated. Removes the records of other work, which would be mixed with the new ones. */
  async noteValidated(identity: Identity): Promise<void> {
    const work = await this.#work();
    if (this.#noted !== undefined && this.#noted.work !== work) await this.#removeRecords();
    await this.#note({ format, identity, work, isValidated: true });
  }

  async #removeRecords(): Promise<void> {
    for (const name of await recordFiles(this.path)) await rm(join(this.path, "records", name), { force: true });
    await this.#sizes.clear();
  }

  async #note(noted: Noted): Promise<void> {
    await writeFile(join(this.path, `${notedName}.new`), `${JSON.stringify(noted, null, 2)}\n`);
    await rename(join(this.path, `${notedName}.new`), join(this.path, notedName));
    this.#noted = noted;
  }

  /** Notes the size of the records of a finished chunk. */
  async noteDelivered(chunkId: string): Promise<void> {
    if (!isChunkId(chunkId)) return;
    const size = await sizeOf(this.recordsOf(chunkId));
    if (size !== undefined) await this.#sizes.note(chunkId, size);
  }

  /**
   * A chunk whose records were deleted or changed since is delivered again, whatever its checkpoint says. Returns a
   * description of the difference when their size has changed.
   */
  async forgetLostRecords(chunkId: string): Promise<string | undefined> {
    const path = this.recordsOf(chunkId);
    const [found, written] = [await sizeOf(path), this.#sizes.get(chunkId)];
    if (found !== undefined && (written === undefined || written === found)) return undefined;
    await this.#forgetCheckpoints(chunkId, path);
    await this.#sizes.forget(chunkId);
    if (found === undefined) return undefined;
    // The processor would append to what is left.
    await rm(path, { force: true });
    return `${path} has ${grouped(found)} bytes, but ${grouped(written ?? 0)} were written`;
  }

  async #forgetCheckpoints(chunkId: string, path: string): Promise<void> {
    const folder = join(this.path, "checkpoints");
    const names = (await readdir(folder).catch(() => [])).filter((name) => name.startsWith(`${chunkId}.`));
    for (const name of names) {
      const checkpoint = await readJson(join(folder, name));
      // Checkpoints of an earlier version have "file:" before the URL.
      const isOfFile = isObject(checkpoint) && String(checkpoint.destination).endsWith(pathToFileURL(path).href);
      if (isOfFile) await rm(join(folder, name), { force: true });
    }
  }

  /** Distinguishes validations that would send different messages. */
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
const sizesName = "records.sizes";

/** The files that the validator writes, folders excluded. */
const validatedFiles: readonly string[] = workerContract.workers
  .filter(({ job }) => job === "validation")
  .flatMap(({ outputs }) => outputs.map(({ path }) => path));

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
  /** The last accepted validation, to which the records here belong; "" before the first. */
  readonly work: string;
  /** False during a validation, and after one that was not accepted. */
  readonly isValidated?: boolean;
}

/** Undefined where there are no notes. Throws WrongUsage for notes that are not ours. */
async function readNoted(path: string): Promise<Noted | undefined> {
  const file = join(path, notedName);
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    // A file in place of the folder is reported when the folder is created.
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
    throw new Fault(`cannot read ${file} (${error.code})`, { cause: error });
  });
  if (text === undefined) return undefined;
  const value = asJson(text);
  if (isNoted(value)) return value;
  if (value === undefined || (isObject(value) && value.format === format)) {
    throw new WrongUsage(
      `${file}, which an earlier run wrote, is damaged`,
      `delete ${path} to run the file again from the start, or choose another --output`,
    );
  }
  throw new WrongUsage(
    `${file} is not the file of a run, and would be overwritten`,
    "choose another --output, or move it away",
  );
}

function isNoted(value: unknown): value is Noted {
  return isObject(value) && value.format === format && isObject(value.identity) && typeof value.work === "string";
}

/** Throws WrongUsage, before anything is written, for a folder with foreign files that a run would overwrite. */
async function refuseForeign(path: string): Promise<void> {
  if ((await readNoted(path)) !== undefined) return;
  if ((await recordFiles(path)).length > 0) {
    throw new WrongUsage(`${path} contains records below records/ that no run has written`, "choose another --output");
  }
  for (const name of [...validatedFiles, sizesName]) {
    const file = join(path, name);
    if ((await sizeOf(file)) === undefined) continue;
    throw new WrongUsage(
      `${file} was not written by a run, and would be overwritten`,
      "choose another --output, or move it away",
    );
  }
}

/** Undefined when there is nothing at the path. */
async function sizeOf(path: string): Promise<number | undefined> {
  return stat(path).then(
    ({ size }) => size,
    () => undefined,
  );
}

async function readJson(path: string): Promise<unknown> {
  return asJson(await readFile(path, "utf8").catch(() => ""));
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function recordFiles(path: string): Promise<readonly string[]> {
  const names = await readdir(join(path, "records")).catch(() => []);
  return names.filter((name) => /^chunk-\d+\.jsonl$/.test(name));
}

async function makeSubfolders(path: string): Promise<void> {
  try {
    for (const name of ["records", "logs"]) await makeFolder(join(path, name));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST" || code === "ENOTDIR") {
      throw new WrongUsage(`--output is ${path}, but it or a folder above it is a file`, "choose a folder");
    }
    throw new Fault(`cannot create the folder ${path} (${code})`, { hint: "choose another --output", cause: error });
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
    // The first process of a container always has the same number.
    const holder = (await readLock(file)).find((pid) => pid !== processes.pid && processes.isRunning(pid));
    if (holder !== undefined) {
      throw new WrongUsage(
        `another run, or one of its workers, is using ${path} (process ${holder})`,
        `wait for it, or choose another --output; if that process is not part of a run, delete ${file}`,
      );
    }
    // Left behind by a killed run.
    await rm(file, { force: true });
  }
  throw new WrongUsage(`another run has just started in ${path}`, "wait for it, or choose another --output");
}
