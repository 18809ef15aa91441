import type { ObjectWriter } from "../../model/objectStore.ts";
import { RejectedIndexesEncoder } from "../../offsets/rejectedIndexes.ts";

export interface RejectedSpan {
  readonly rejected: number;
  readonly rejectedStart: number;
  readonly rejectedEnd: number;
}

/** `rejected.bin`: which records of each chunk were rejected, so that the processor skips the same ones. */
export class RejectedBin {
  readonly #chunkSize: number;
  readonly #createWriter: () => ObjectWriter;
  readonly #spans = new Map<number, RejectedSpan>();
  #writer: ObjectWriter | undefined;
  #ready: Uint8Array[] = [];
  #chunk = -1;
  #encoder: RejectedIndexesEncoder | undefined;
  /** After the last index of the chunk. */
  #chunkEnd = 0;
  #inChunk = 0;
  #length = 0;
  count = 0;

  constructor(chunkSize: number, createWriter: () => ObjectWriter) {
    this.#chunkSize = chunkSize;
    this.#createWriter = createWriter;
  }

  /** Accepts indexes of records in ascending order, counted from `first`. */
  add(first: number, indexes: Uint32Array): void {
    for (const each of indexes) {
      const index = first + each;
      if (index >= this.#chunkEnd || this.#encoder === undefined) this.#beginChunk(Math.floor(index / this.#chunkSize));
      this.#encoder?.add(index);
      this.#inChunk += 1;
    }
    this.count += indexes.length;
  }

  async flush(): Promise<void> {
    if (this.#ready.length === 0) return;
    const ready = this.#ready;
    this.#ready = [];
    this.#writer ??= this.#createWriter();
    for (const bytes of ready) await this.#writer.write(bytes);
  }

  /** The file exists even when nothing was rejected, so that a reader can tell that from a lost file. */
  async close(): Promise<void> {
    this.#closeChunk();
    await this.flush();
    this.#writer ??= this.#createWriter();
    await this.#writer.close();
  }

  async abort(): Promise<void> {
    await this.#writer?.abort();
  }

  /** The result of a chunk by its number, once closed. */
  spanOf(chunk: number): RejectedSpan {
    return this.#spans.get(chunk) ?? { rejected: 0, rejectedStart: 0, rejectedEnd: 0 };
  }

  #beginChunk(chunk: number): void {
    this.#closeChunk();
    this.#chunk = chunk;
    this.#chunkEnd = (chunk + 1) * this.#chunkSize;
    this.#encoder = new RejectedIndexesEncoder(chunk * this.#chunkSize);
  }

  #closeChunk(): void {
    if (this.#encoder === undefined) return;
    const bytes = this.#encoder.bytes();
    const start = this.#length;
    this.#length += bytes.length;
    this.#spans.set(this.#chunk, { rejected: this.#inChunk, rejectedStart: start, rejectedEnd: this.#length });
    this.#ready.push(bytes);
    this.#encoder = undefined;
    this.#inChunk = 0;
  }
}
