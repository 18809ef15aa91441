import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { codeOf } from "../../src/shared/codeOf.ts";
import { WorkerFault } from "../model/fault.ts";
import type { Delivery, MessageBatch, RecordSink, SinkLimits } from "../model/recordSink.ts";

export const lineSinkLimits: SinkLimits = {
  maxBatchesInFlight: 2,
  maxBatchMessages: 20_000,
  maxBatchBytes: 1024 * 1024,
};

/**
 * Appends messages to a file, one per line, in the order of the calls: for trying out. A batch is written as a whole or
 * not at all. It is acknowledged when the operating system has it, and on the disk when `close` returns.
 */
export class FileSink implements RecordSink {
  readonly #path: string;
  #file: FileHandle | undefined;
  /** Where the next batch is written. */
  #size = 0;
  #last: Promise<void> = Promise.resolve();

  constructor(path: string) {
    this.#path = path;
  }

  async connect(): Promise<void> {
    if (this.#file !== undefined) return;
    try {
      // Without the append flag: with it, a partial write could not be undone.
      this.#file = await open(this.#path, constants.O_RDWR | constants.O_CREAT, 0o644);
      this.#size = (await this.#file.stat()).size;
      await this.#endTornLine(this.#file);
    } catch (error) {
      throw faultOf(error, this.#path);
    }
  }

  /** A killed run may have left half a line. It is terminated, so that it does not corrupt the next one. */
  async #endTornLine(file: FileHandle): Promise<void> {
    if (this.#size === 0) return;
    const last = Buffer.alloc(1);
    await file.read(last, 0, 1, this.#size - 1);
    if (last.toString() !== "\n") await this.#append(file, Buffer.from("\n"));
  }

  send(batch: MessageBatch, delivery: Delivery): Promise<void> {
    const sending = this.#last.then(async () => {
      if (this.#file === undefined) throw new Error("send before connect");
      try {
        await this.#append(this.#file, linesOf(batch));
      } catch (error) {
        throw faultOf(error, this.#path);
      }
      if (batch.length > 0) delivery.acknowledge(0, batch.length);
    });
    // The next batch follows in any case; the caller that awaits this one gets its failure.
    this.#last = sending.catch(() => {});
    return sending;
  }

  async #append(file: FileHandle, bytes: Uint8Array): Promise<void> {
    try {
      for (let done = 0; done < bytes.length; ) {
        const { bytesWritten } = await file.write(bytes, done, bytes.length - done, this.#size + done);
        done += bytesWritten;
      }
    } catch (error) {
      await file.truncate(this.#size).catch(() => {});
      throw error;
    }
    this.#size += bytes.length;
  }

  async close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    if (file === undefined) return;
    await this.#last;
    try {
      await file.datasync();
    } catch (error) {
      // A pipe or a device cannot be synced to a disk.
      if (codeOf(error) !== "EINVAL") throw faultOf(error, this.#path);
    } finally {
      await file.close();
    }
  }
}

function faultOf(error: unknown, path: string): WorkerFault {
  const reason = error instanceof Error ? error.message : String(error);
  const message = `cannot write to the file ${JSON.stringify(path)} (${reason})`;
  switch (codeOf(error)) {
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return new WorkerFault("not-allowed", message, { hint: "Choose a file that this user may write.", cause: error });
    case "ENOSPC":
    case "EDQUOT":
    case "EIO":
      return new WorkerFault("try-again", message, {
        hint: "Free some disk space, or choose a file on another disk.",
        cause: error,
      });
    default:
      return new WorkerFault("configuration", message, {
        hint: "Choose a file in a folder that exists.",
        cause: error,
      });
  }
}

/** The values of a batch, one per line. The JSON contains no line ends, so a line is a value. Keys are omitted. */
export function linesOf({ length, bytes, keyStarts, valueStarts }: MessageBatch): Uint8Array {
  const lines = new Uint8Array(bytes.length + length);
  let at = 0;
  for (let i = 0; i < length; i++) {
    const start = valueStarts[i] as number;
    const end = keyStarts[i + 1] as number;
    lines.set(bytes.subarray(start, end), at);
    at += end - start;
    lines[at++] = lineFeed;
  }
  return lines.subarray(0, at);
}

const lineFeed = 0x0a;
