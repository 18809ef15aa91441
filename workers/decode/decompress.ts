import zlib from "node:zlib";
import { codeOf } from "../../src/shared/codeOf.ts";
import { oneLine } from "../../src/shared/text.ts";
import { WorkerFault } from "../model/fault.ts";
import type { Compression } from "./detectEncoding.ts";
import { type ZlibStream, zlibEngine } from "./zlibEngine.ts";

/** Decompressed pieces, made as they are asked for: what expands a thousandfold takes no more memory than what does not. */
export function decompress(
  pieces: AsyncIterable<Uint8Array>,
  compression: Compression,
  uri: string,
): AsyncIterable<Uint8Array> {
  if (compression === "none") return pieces;
  return inflate(pieces, compression === "gzip" ? gzip : zstd, uri);
}

interface Format {
  readonly name: string;
  create(uri: string): ZlibStream;
  /**
   * What may come where the stream stops in the middle of a step: "zeros" that fill up a block (for gzip it reads
   * further members by itself), or "more" of the same (for zstd it stops after the first frame, and drops the rest).
   */
  readonly afterwards: "zeros" | "more";
}

const outputBytes = { chunkSize: 256 * 1024 };

const gzip: Format = { name: "gzip", create: () => zlib.createGunzip(outputBytes), afterwards: "zeros" };

const zstd: Format = {
  name: "zstd",
  create(uri) {
    // Missing from the types of the oldest Node that this runs on, because it is missing from that Node.
    const { createZstdDecompress } = zlib as { createZstdDecompress?: (options: typeof outputBytes) => ZlibStream };
    if (createZstdDecompress !== undefined) return createZstdDecompress(outputBytes);
    const found = `${oneLine(uri)} is compressed with zstd, which Node ${process.versions.node} cannot read`;
    throw new WorkerFault("configuration", found, {
      hint: "Run it on Node 24 (at least 22.15), as the images do, or compress the file with gzip.",
    });
  },
  afterwards: "more",
};

// Small, because nothing tells the position of a fault more precisely than the step that it is in.
const stepBytes = 64 * 1024;

async function* inflate(
  pieces: AsyncIterable<Uint8Array>,
  format: Format,
  uri: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  let position = 0;
  let stepEnd = 0;
  let engine: ReturnType<typeof zlibEngine> | undefined;
  let hasStopped = false;
  try {
    for await (const piece of pieces) {
      for (let offset = 0; offset < piece.length; ) {
        const step = piece.subarray(offset, offset + stepBytes);
        let taken = step.length;
        stepEnd = position + step.length;
        if (hasStopped && format.afterwards === "zeros") {
          const other = step.findIndex((byte) => byte !== 0);
          if (other >= 0) throw refused("holds something else after its end", position + other);
        } else {
          const isNew = engine === undefined || hasStopped;
          if (hasStopped) engine?.destroy();
          if (engine === undefined || hasStopped) engine = zlibEngine(format.create(uri));
          taken = yield* engine.write(step);
          if (isNew && taken === 0) throw refused("cannot be decompressed", position);
          hasStopped = taken < step.length;
        }
        position += taken;
        offset += taken;
      }
    }
    if (engine !== undefined && !hasStopped) yield* engine.end();
  } catch (error) {
    const code = codeOf(error) ?? "";
    if (code === "Z_BUF_ERROR") throw refused("is cut off: the data has not come to its end", position, error);
    if (!/^(Z_|ZSTD_)/.test(code)) throw error;
    const { message } = error as Error;
    // The first member was recognised by its header, so it is one behind it that has another.
    const what = message === "incorrect header check" ? "holds something else after its end" : "is damaged";
    // zlib does not tell how far it has come in the step.
    const place = `between compressed bytes ${position} and ${stepEnd}`;
    throw refusedAt(`${what} (${oneLine(message)})`, place, error);
  } finally {
    engine?.destroy();
  }

  function refused(what: string, at: number, cause?: unknown): WorkerFault {
    return refusedAt(what, `near compressed byte ${at}`, cause);
  }

  function refusedAt(what: string, place: string, cause: unknown): WorkerFault {
    return new WorkerFault("data-refused", `${oneLine(uri)}, compressed with ${format.name}, ${what}, ${place}`, {
      hint: "Compress and upload the file again, and compare its size with that at its source.",
      cause,
    });
  }
}
