import { type BigIntStats, constants } from "node:fs";
import { type FileHandle, open, stat } from "node:fs/promises";
import { WorkerFault } from "../../model/fault.ts";
import type { ObjectReader, ObjectVersion } from "../../model/objectStore.ts";
import { readAhead } from "../readAhead.ts";
import { changedFault, checkRange } from "../version.ts";
import { fileFault, orFileFault } from "./fileFault.ts";

const mebibyte = 1024 * 1024;

// Pieces of 64 KiB, as read by streams, limit the speed to 1 GB/s; more than 1 MiB gains nothing.
const partBytes = mebibyte;
const parts = 4;

// The signal is checked between two system calls.
const maxReadBytes = 16 * mebibyte;

/**
 * Opens a regular file. The descriptor stays with the opened file, even when another file replaces it; a change of
 * its bytes or size while it is read is detected at the end of each read, and thrown as input-missing.
 */
export async function openFile(
  uri: string,
  path: string,
  expected: { readonly etag: string } | undefined,
): Promise<ObjectReader> {
  // Checked before it is opened: opening a named pipe waits for a writer.
  refuseIrregular(uri, await stat(path));
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = await handle.stat({ bigint: true });
    refuseIrregular(uri, stats);
    const version = fileVersion(uri, stats);
    if (expected !== undefined && expected.etag !== version.etag) throw changedFault(uri, expected.etag, version.etag);
    return new FileReader(handle, version);
  } catch (error) {
    await handle.close();
    throw error;
  }
}

function refuseIrregular(uri: string, stats: { isFile(): boolean; isDirectory(): boolean }): void {
  if (stats.isFile()) return;
  const what = stats.isDirectory() ? "a folder" : "a pipe or a device";
  throw new WorkerFault("input-missing", `${uri} is ${what}, not a regular file`, {
    hint: stats.isDirectory()
      ? "Choose a file in it."
      : "The input is read in several positions and more than once, so write the data to a regular file first.",
  });
}

class FileReader implements ObjectReader {
  readonly version: ObjectVersion;
  readonly #handle: FileHandle;

  constructor(handle: FileHandle, version: ObjectVersion) {
    this.#handle = handle;
    this.version = version;
  }

  async readInto(start: number, target: Uint8Array, signal?: AbortSignal): Promise<void> {
    checkRange(this.version, start, start + target.length);
    await orFileFault(this.version.uri, "read", async () => {
      await this.#fill(start, target, signal);
      await this.#checkUnchanged();
    });
  }

  stream(start: number, end: number, signal?: AbortSignal): AsyncIterable<Uint8Array> {
    checkRange(this.version, start, end);
    return this.#checkedStream(start, end, signal);
  }

  close(): Promise<void> {
    return this.#handle.close();
  }

  async *#checkedStream(start: number, end: number, signal: AbortSignal | undefined) {
    const plan = { start, end, partBytes, parts, pieceBytes: partBytes, signal };
    try {
      yield* readAhead((from, target, groupSignal) => this.#fill(from, target, groupSignal), plan);
      await this.#checkUnchanged();
    } catch (error) {
      throw fileFault(error, this.version.uri, "read");
    }
  }

  async #fill(start: number, target: Uint8Array, signal: AbortSignal | undefined): Promise<void> {
    for (let filled = 0; filled < target.length; ) {
      signal?.throwIfAborted();
      const wanted = Math.min(maxReadBytes, target.length - filled);
      const { bytesRead } = await this.#handle.read(target, filled, wanted, start + filled);
      if (bytesRead === 0) throw this.#changed(await this.#presentEtag());
      filled += bytesRead;
    }
  }

  async #checkUnchanged(): Promise<void> {
    const etag = await this.#presentEtag();
    if (etag !== this.version.etag) throw this.#changed(etag);
  }

  async #presentEtag(): Promise<string> {
    return fileVersion(this.version.uri, await this.#handle.stat({ bigint: true })).etag;
  }

  #changed(present: string): WorkerFault {
    return changedFault(this.version.uri, this.version.etag, present);
  }
}

/**
 * The version of a file: its size, the time of its last change in nanoseconds, and its inode, known without reading
 * the file. Two changes within one tick of the file system's clock that keep the size look like one.
 */
export function fileVersion(uri: string, { size, mtimeNs, ino }: BigIntStats): ObjectVersion {
  return { uri, size: Number(size), etag: `"${size.toString(16)}-${mtimeNs.toString(16)}-${ino.toString(16)}"` };
}
