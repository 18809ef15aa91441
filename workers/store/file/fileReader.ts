import { constants } from "node:fs";
import { type FileHandle, open, stat } from "node:fs/promises";
import { WorkerFault } from "../../model/fault.ts";
import type { ObjectReader, ObjectVersion } from "../../model/objectStore.ts";
import { checkRange } from "../checkRange.ts";
import { readAhead } from "../readAhead.ts";
import { changedFault } from "../version.ts";
import { fileFault } from "./fileFault.ts";
import { fileVersion } from "./fileVersion.ts";

const mebibyte = 1024 * 1024;

// Pieces of 64 KiB, which streams read, cap at 1 GB/s; beyond 1 MiB nothing is gained.
const partBytes = mebibyte;
const parts = 4;

// Between two calls of the system the signal is heeded.
const longestReadBytes = 16 * mebibyte;

/**
 * Opens a regular file. The descriptor stays with the file that was opened, also when another one takes its name; that
 * its own bytes or size change while it is read is found out at the end of each read, and thrown as input-missing.
 */
export async function openFile(
  uri: string,
  path: string,
  expected: { readonly etag: string } | undefined,
): Promise<ObjectReader> {
  // Looked at before it is opened: to open a named pipe waits until somebody writes into it.
  refuseIrregular(uri, await stat(path));
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = await handle.stat({ bigint: true });
    refuseIrregular(uri, stats);
    const version = fileVersion(uri, stats);
    if (expected !== undefined && expected.etag !== version.etag) throw changedFault(uri, expected.etag, version.etag);
    return reader(handle, version);
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
      ? "Name a file in it."
      : "It is read in several places and more than once, so write what comes through it to a file first.",
  });
}

function reader(handle: FileHandle, version: ObjectVersion): ObjectReader {
  const { uri } = version;

  async function fill(start: number, target: Uint8Array, signal: AbortSignal | undefined): Promise<void> {
    for (let filled = 0; filled < target.length; ) {
      signal?.throwIfAborted();
      const wanted = Math.min(longestReadBytes, target.length - filled);
      const { bytesRead } = await handle.read(target, filled, wanted, start + filled);
      if (bytesRead === 0) throw await changed();
      filled += bytesRead;
    }
  }

  async function checkUnchanged(): Promise<void> {
    const { etag } = fileVersion(uri, await handle.stat({ bigint: true }));
    if (etag !== version.etag) throw changedFault(uri, version.etag, etag);
  }

  /** For a file that ended too early: its version tells why, unless it has grown again by now. */
  async function changed(): Promise<WorkerFault> {
    return changedFault(uri, version.etag, fileVersion(uri, await handle.stat({ bigint: true })).etag);
  }

  async function* checkedStream(start: number, end: number, signal: AbortSignal | undefined) {
    try {
      yield* readAhead(fill, { start, end, partBytes, parts, pieceBytes: partBytes, signal });
      await checkUnchanged();
    } catch (error) {
      throw fileFault(error, uri, "read");
    }
  }

  return {
    version,
    async readInto(start, target, signal) {
      checkRange(version, start, start + target.length);
      try {
        await fill(start, target, signal);
        await checkUnchanged();
      } catch (error) {
        throw fileFault(error, uri, "read");
      }
    },
    stream(start, end, signal) {
      checkRange(version, start, end);
      return checkedStream(start, end, signal);
    },
    close: () => handle.close(),
  };
}
