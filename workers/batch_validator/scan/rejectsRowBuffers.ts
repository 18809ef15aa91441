/**
 * A multiple of 8, for RejectsRowFormatter.take. Not a power of two: with one, which exactly fills the largest pages of
 * the file cache, writing took Linux up to three times as long on a busy disk.
 */
const bufferBytes = 1_000_000;

/** Collects rows in buffers that are reused once they are written: a new buffer would have to be zeroed first. */
export class RejectsRowBuffers {
  readonly #spare: ArrayBuffer[] = [];
  #full: Uint8Array<ArrayBuffer>[] = [];
  #buffer = new Uint8Array(0);
  #length = 0;

  /** Bytes used in the last buffer. */
  get length(): number {
    return this.#length;
  }

  append(bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length; ) {
      if (this.#length === this.#buffer.length) this.#turnOver();
      const part = bytes.subarray(done, done + this.#buffer.length - this.#length);
      this.#buffer.set(part, this.#length);
      this.#length += part.length;
      done += part.length;
    }
  }

  /** What was collected. It belongs to the caller, who may return the buffers. */
  take(): readonly Uint8Array<ArrayBuffer>[] {
    if (this.#length > 0) this.#full.push(this.#buffer.subarray(0, this.#length));
    const pieces = this.#full;
    this.#full = [];
    this.#buffer = new Uint8Array(0);
    this.#length = 0;
    return pieces;
  }

  giveBack(buffers: readonly ArrayBuffer[]): void {
    this.#spare.push(...buffers);
  }

  #turnOver(): void {
    if (this.#length > 0) this.#full.push(this.#buffer);
    this.#buffer = new Uint8Array(this.#spare.pop() ?? new ArrayBuffer(bufferBytes));
    this.#length = 0;
  }
}
