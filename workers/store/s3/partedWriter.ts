import type { ObjectVersion, ObjectWriter } from "../../model/objectStore.ts";
import { partPlan } from "./partPlan.ts";

/** How an object is written in parts. Every function comes back when it is done, or throws after its own retries. */
export interface Upload {
  /** Writes an object that fits in one part. */
  whole(bytes: Uint8Array): Promise<{ readonly etag: string }>;
  begin(): Promise<string>;
  part(id: string, number: number, bytes: Uint8Array, signal: AbortSignal): Promise<{ readonly etag: string }>;
  complete(id: string, etags: readonly string[], size: number): Promise<{ readonly etag: string }>;
  abandon(id: string): Promise<void>;
}

/**
 * Collects bytes in parts and uploads some of them at a time. `write` waits while the most are under way, so that no
 * more is in memory than those and the part that is being filled. After a failure every call fails in the same way.
 */
export function partedWriter(uri: string, upload: Upload): ObjectWriter {
  const controller = new AbortController();
  const underWay = new Set<Promise<void>>();
  const free: Uint8Array[] = [];
  const etags: string[] = [];
  let filling: Uint8Array | undefined;
  let filled = 0;
  let size = 0;
  let begun: Promise<string> | undefined;
  let failure: { readonly error: unknown } | undefined;
  let isOver = false;

  async function write(bytes: Uint8Array): Promise<void> {
    check();
    for (let offset = 0; offset < bytes.length; ) {
      const { bytes: partBytes } = partPlan(etags.length);
      filling ??= takeMemory(partBytes);
      const taken = bytes.subarray(offset, offset + partBytes - filled);
      filling.set(taken, filled);
      filled += taken.length;
      size += taken.length;
      offset += taken.length;
      if (filled === partBytes) await uploadPart();
    }
  }

  /** Begins the upload of the part that was filled, as soon as there is room for it among those under way. */
  async function uploadPart(): Promise<void> {
    const { atATime } = partPlan(etags.length);
    begun ??= upload.begin();
    const id = await begun.catch(fail);
    while (underWay.size >= atATime) await Promise.race(underWay);
    check();
    if (filling === undefined) return;
    const memory = filling;
    const index = etags.push("") - 1;
    const work = upload.part(id, index + 1, memory.subarray(0, filled), controller.signal).then(
      ({ etag }) => {
        etags[index] = etag;
        free.push(memory);
      },
      (error: unknown) => {
        failure ??= { error };
      },
    );
    const tracked = work.finally(() => underWay.delete(tracked));
    underWay.add(tracked);
    filling = undefined;
    filled = 0;
  }

  async function close(): Promise<ObjectVersion> {
    check();
    if (begun === undefined) {
      const { etag } = await upload.whole((filling ?? new Uint8Array(0)).subarray(0, filled)).catch(fail);
      return over({ uri, size, etag });
    }
    if (filled > 0) await uploadPart();
    await Promise.all(underWay);
    check();
    const { etag } = await upload.complete(await begun, etags, size).catch(fail);
    return over({ uri, size, etag });
  }

  async function abort(): Promise<void> {
    if (isOver) return;
    isOver = true;
    controller.abort(new Error("the writer was aborted"));
    // A part that arrives after the upload was abandoned would be kept, and paid for.
    await Promise.all(underWay);
    free.length = 0;
    filling = undefined;
    const id = await begun?.catch(() => undefined);
    if (id !== undefined) await upload.abandon(id);
  }

  /** Memory that is too small for the parts of by now is left to the garbage collector. */
  function takeMemory(partBytes: number): Uint8Array {
    for (let memory = free.pop(); memory !== undefined; memory = free.pop()) {
      if (memory.length === partBytes) return memory;
    }
    return Buffer.allocUnsafeSlow(partBytes);
  }

  function over(version: ObjectVersion): ObjectVersion {
    isOver = true;
    free.length = 0;
    filling = undefined;
    return version;
  }

  function check(): void {
    if (isOver) throw new Error(`${uri}: the writer was closed or aborted already`);
    if (failure !== undefined) throw failure.error;
  }

  function fail(error: unknown): never {
    failure ??= { error };
    throw error;
  }

  return { write, close, abort };
}
