import { WorkerFault } from "../../../../workers/model/fault.ts";
import { Conflict, type ObjectStore } from "../../../../workers/model/objectStore.ts";
import type { Life } from "./life.ts";

/** Objects that outlive the processes that write them. */
export class MemoryBucket {
  readonly objects = new Map<string, { readonly bytes: Uint8Array; readonly etag: string }>();
  /** Called before an object is written. */
  onPut: (uri: string, bytes: Uint8Array) => void = () => {};
  #versions = 0;

  set(uri: string, bytes: Uint8Array | string): string {
    const etag = `"${++this.#versions}"`;
    this.objects.set(uri, { bytes: Buffer.from(bytes as string), etag });
    return etag;
  }

  json(uri: string): Record<string, unknown> {
    return JSON.parse(this.text(uri));
  }

  text(uri: string): string {
    return Buffer.from(this.objects.get(uri)?.bytes ?? []).toString();
  }

  uris(beginning: string): string[] {
    return [...this.objects.keys()].filter((uri) => uri.startsWith(beginning)).sort();
  }
}

/** The bucket as one process sees it. Pieces of a stream are `pieceBytes` long. */
export function storeOf(bucket: MemoryBucket, life: Life, { pieceBytes = 1 << 16 } = {}): ObjectStore {
  return {
    async open(uri, expected) {
      await life.step();
      const object = bucket.objects.get(uri);
      if (object === undefined) throw new WorkerFault("input-missing", `${uri} does not exist`);
      if (expected !== undefined && expected.etag !== object.etag) {
        throw new WorkerFault("input-missing", `${uri} has ETag ${object.etag}; expected ${expected.etag}`);
      }
      return {
        version: { uri, size: object.bytes.length, etag: object.etag },
        async readInto(start, target) {
          await life.step();
          target.set(object.bytes.subarray(start, start + target.length));
        },
        async *stream(start, end, signal) {
          for (let at = start; at < end; at += pieceBytes) {
            await life.step();
            signal?.throwIfAborted();
            const piece = Uint8Array.from(object.bytes.subarray(at, Math.min(end, at + pieceBytes)));
            yield piece;
            // Who keeps a piece beyond its time sees this.
            piece.fill(0x21);
          }
        },
        close: async () => {},
      };
    },
    async get(uri) {
      await life.step();
      return bucket.objects.get(uri);
    },
    async put(uri, bytes, { ifMatch, ifAbsent } = {}) {
      bucket.onPut(uri, bytes);
      await life.step();
      const present = bucket.objects.get(uri);
      if ((ifAbsent && present !== undefined) || (ifMatch !== undefined && ifMatch !== present?.etag)) {
        throw new Conflict(uri);
      }
      const etag = bucket.set(uri, bytes);
      // The answer may be lost as well as the question.
      await life.step();
      return { etag };
    },
    createWriter() {
      throw new Error("not needed here");
    },
    destroy() {},
  };
}
