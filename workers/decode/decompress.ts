import zlib from "node:zlib";
import { codeOf } from "../../src/shared/codeOf.ts";
import { oneLine } from "../../src/shared/text.ts";
import { WorkerFault } from "../model/fault.ts";
import type { Compression } from "./firstBytes.ts";
import { ZlibEngine, type ZlibStream } from "./zlibEngine.ts";

/** Decompressed pieces, produced on demand: data that expands a thousandfold does not need more memory. */
export function decompress(
  pieces: AsyncIterable<Uint8Array>,
  compression: Compression,
  uri: string,
): AsyncIterable<Uint8Array> {
  if (compression === "none") return pieces;
  return new Inflation(compression === "gzip" ? gzip : zstd, uri).outputOf(pieces);
}

interface Format {
  readonly name: string;
  create(uri: string): ZlibStream;
  /**
   * What may follow where the stream stops in the middle of a step: "zeros" that pad a block (for gzip it reads
   * further members itself), or "more" of the same (for zstd it stops after the first frame, and drops the rest).
   */
  readonly afterwards: "zeros" | "more";
}

const outputBytes = { chunkSize: 256 * 1024 };

const gzip: Format = { name: "gzip", create: () => zlib.createGunzip(outputBytes), afterwards: "zeros" };

const zstd: Format = {
  name: "zstd",
  create(uri) {
    // Missing from the types of the oldest supported Node, because it is missing from that Node.
    const { createZstdDecompress } = zlib as { createZstdDecompress?: (options: typeof outputBytes) => ZlibStream };
    if (createZstdDecompress !== undefined) return createZstdDecompress(outputBytes);
    const found = `${oneLine(uri)} is compressed with zstd, which Node ${process.versions.node} cannot read`;
    throw new WorkerFault("configuration", found, {
      hint: "Run it on Node 24 (at least 22.15), as the images do, or compress the file with gzip.",
    });
  },
  afterwards: "more",
};

// Small, because the position of a fault is only known up to its step.
const stepBytes = 64 * 1024;

/** The compressed data, how far it has been read, and the engine that reads it. */
class Inflation {
  readonly #format: Format;
  readonly #uri: string;
  #engine: ZlibEngine | undefined;
  #position = 0;
  #stepEnd = 0;
  #hasStopped = false;

  constructor(format: Format, uri: string) {
    this.#format = format;
    this.#uri = uri;
  }

  async *outputOf(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      for await (const piece of pieces) {
        for (let offset = 0; offset < piece.length; ) {
          const step = piece.subarray(offset, offset + stepBytes);
          this.#stepEnd = this.#position + step.length;
          const taken = yield* this.#take(step);
          this.#position += taken;
          offset += taken;
        }
      }
      if (this.#engine !== undefined && !this.#hasStopped) yield* this.#engine.end();
    } catch (error) {
      throw this.#meaningOf(error);
    } finally {
      this.#engine?.destroy();
    }
  }

  /** @returns how much of the step was consumed. */
  async *#take(step: Uint8Array): AsyncGenerator<Uint8Array, number, undefined> {
    if (this.#hasStopped && this.#format.afterwards === "zeros") {
      const other = step.findIndex((byte) => byte !== 0);
      if (other >= 0) throw this.#refusedNear(somethingElse, this.#position + other);
      return step.length;
    }
    const isNew = this.#engine === undefined || this.#hasStopped;
    const engine = this.#engineForMore();
    const taken = yield* engine.write(step);
    if (isNew && taken === 0) throw this.#refusedNear("cannot be decompressed", this.#position);
    this.#hasStopped = taken < step.length;
    return taken;
  }

  #engineForMore(): ZlibEngine {
    if (this.#engine === undefined || this.#hasStopped) {
      this.#engine?.destroy();
      this.#engine = new ZlibEngine(this.#format.create(this.#uri));
    }
    return this.#engine;
  }

  #meaningOf(error: unknown): unknown {
    const code = codeOf(error) ?? "";
    if (code === "Z_BUF_ERROR") {
      return this.#refusedNear("is truncated", this.#position, error);
    }
    if (!/^(Z_|ZSTD_)/.test(code)) return error;
    const { message } = error as Error;
    // The first member was recognised by its header, so a later one has a different header.
    const what = message === "incorrect header check" ? somethingElse : "is damaged";
    // zlib does not report how far it got in the step.
    const place = `between compressed bytes ${this.#position} and ${this.#stepEnd}`;
    return this.#refused(`${what} (${oneLine(message)})`, place, error);
  }

  #refusedNear(what: string, at: number, cause?: unknown): WorkerFault {
    return this.#refused(what, `near compressed byte ${at}`, cause);
  }

  #refused(what: string, place: string, cause: unknown): WorkerFault {
    const compressed = `${oneLine(this.#uri)}, compressed with ${this.#format.name},`;
    return new WorkerFault("data-refused", `${compressed} ${what}, ${place}`, {
      hint: "Compress and upload the file again, and compare its size with the size at its source.",
      cause,
    });
  }
}

const somethingElse = "contains other data after its end";
