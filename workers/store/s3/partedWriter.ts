import type { ObjectVersion, ObjectWriter } from "../../model/objectStore.ts";

/** How an object is written in parts. Every function returns when it is done, or throws after its own retries. */
export interface Upload {
  /** Writes an object that fits in one part. */
  whole(bytes: Uint8Array): Promise<{ readonly etag: string }>;
  start(): Promise<string>;
  part(id: string, number: number, bytes: Uint8Array, signal: AbortSignal): Promise<{ readonly etag: string }>;
  complete(id: string, etags: readonly string[], size: number): Promise<{ readonly etag: string }>;
  abandon(id: string): Promise<void>;
}

/**
 * Collects bytes in parts and uploads some of them at a time. `write` waits while the maximum is in flight, so that no
 * more is in memory than those and the part that is being filled. After a failure every call fails in the same way.
 */
export class PartedWriter implements ObjectWriter {
  readonly #uri: string;
  readonly #upload: Upload;
  readonly #controller = new AbortController();
  readonly #underWay = new Set<Promise<void>>();
  /** Memory of uploaded parts, for reuse. */
  readonly #free: Uint8Array[] = [];
  /** ETags of the started parts; empty until a part is uploaded. */
  readonly #etags: string[] = [];
  #filling: Uint8Array | undefined;
  #filled = 0;
  #size = 0;
  #id: Promise<string> | undefined;
  #failure: { readonly error: unknown } | undefined;
  #isOver = false;

  constructor(uri: string, upload: Upload) {
    this.#uri = uri;
    this.#upload = upload;
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#check();
    for (let offset = 0; offset < bytes.length; ) {
      const { bytes: partBytes } = partPlan(this.#etags.length);
      this.#filling ??= this.#takeMemory(partBytes);
      const taken = bytes.subarray(offset, offset + partBytes - this.#filled);
      this.#filling.set(taken, this.#filled);
      this.#filled += taken.length;
      this.#size += taken.length;
      offset += taken.length;
      if (this.#filled === partBytes) await this.#uploadPart();
    }
  }

  async close(): Promise<ObjectVersion> {
    this.#check();
    if (this.#id === undefined) {
      const all = (this.#filling ?? new Uint8Array(0)).subarray(0, this.#filled);
      return this.#closed(await this.#orFail(this.#upload.whole(all)));
    }
    if (this.#filled > 0) await this.#uploadPart();
    await Promise.all(this.#underWay);
    this.#check();
    return this.#closed(await this.#orFail(this.#upload.complete(await this.#id, this.#etags, this.#size)));
  }

  async abort(): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#controller.abort(new Error("the writer was aborted"));
    // A part that arrives after the upload is aborted would be kept, and billed.
    await Promise.all(this.#underWay);
    this.#forgetMemory();
    const id = await this.#id?.catch(() => undefined);
    if (id !== undefined) await this.#upload.abandon(id);
  }

  /** Starts the upload of the filled part, as soon as fewer than the maximum are in flight. */
  async #uploadPart(): Promise<void> {
    const { atATime } = partPlan(this.#etags.length);
    this.#id ??= this.#upload.start();
    const id = await this.#orFail(this.#id);
    while (this.#underWay.size >= atATime) await Promise.race(this.#underWay);
    this.#check();
    if (this.#filling === undefined) return;
    const work = this.#send(id, this.#filling, this.#filled);
    const tracked = work.finally(() => this.#underWay.delete(tracked));
    this.#underWay.add(tracked);
    this.#filling = undefined;
    this.#filled = 0;
  }

  /** Never throws: a failure is thrown by the next call. */
  async #send(id: string, memory: Uint8Array, length: number): Promise<void> {
    const number = this.#etags.push("");
    try {
      const { etag } = await this.#upload.part(id, number, memory.subarray(0, length), this.#controller.signal);
      this.#etags[number - 1] = etag;
      this.#free.push(memory);
    } catch (error) {
      this.#failure ??= { error };
    }
  }

  /** The memory of smaller parts is left to the garbage collector. */
  #takeMemory(partBytes: number): Uint8Array {
    for (let memory = this.#free.pop(); memory !== undefined; memory = this.#free.pop()) {
      if (memory.length === partBytes) return memory;
    }
    return Buffer.allocUnsafeSlow(partBytes);
  }

  #forgetMemory(): void {
    this.#free.length = 0;
    this.#filling = undefined;
  }

  #closed({ etag }: { readonly etag: string }): ObjectVersion {
    this.#isOver = true;
    this.#forgetMemory();
    return { uri: this.#uri, size: this.#size, etag };
  }

  #check(): void {
    if (this.#isOver) throw new Error(`${this.#uri}: the writer was closed or aborted already`);
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  async #orFail<Result>(work: Promise<Result>): Promise<Result> {
    try {
      return await work;
    } catch (error) {
      this.#failure ??= { error };
      throw error;
    }
  }
}

const mebibyte = 1024 * 1024;
const minPartBytes = 8 * mebibyte;
const partsOfOneSize = 1000;

/** Maximum parts of an S3 object; a part may have up to 5 GiB. */
export const maxParts = 10_000;

export interface PartPlan {
  readonly bytes: number;
  /**
   * How many of them are uploaded together: fewer of the large ones, because each is in memory until it is uploaded.
   */
  readonly atATime: number;
}

/**
 * The size of the part with this index (from 0). The size of the object is not known beforehand, so the parts double
 * every thousand: 8 MiB up to 8 GB, 64 MiB at 100 GB, and the 10,000 parts suffice for 8 TB.
 */
export function partPlan(index: number): PartPlan {
  const bytes = minPartBytes * 2 ** Math.min(9, Math.floor(index / partsOfOneSize));
  return { bytes, atATime: bytes <= 2 * minPartBytes ? 3 : 1 };
}
