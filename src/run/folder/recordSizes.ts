import { appendFile, readFile, rm } from "node:fs/promises";

/**
 * The number of bytes of the records of each finished chunk, in a file of JSON lines: the id of a chunk and its bytes. The
 * last line about a chunk counts: rewriting the whole file for each of many chunks would take quadratic time.
 */
export class RecordSizes {
  readonly #path: string;
  readonly #sizes: Map<string, number>;

  private constructor(path: string, sizes: Map<string, number>) {
    this.#path = path;
    this.#sizes = sizes;
  }

  static async read(path: string): Promise<RecordSizes> {
    const text = await readFile(path, "utf8").catch(() => "");
    const sizes = new Map<string, number>();
    for (const line of text.split("\n")) {
      const [chunkId, size] = entryOf(line);
      if (size === noSize) sizes.delete(chunkId);
      else sizes.set(chunkId, size);
    }
    return new RecordSizes(path, sizes);
  }

  /** Undefined for a chunk that is not recorded as done. */
  get(chunkId: string): number | undefined {
    return this.#sizes.get(chunkId);
  }

  async note(chunkId: string, size: number): Promise<void> {
    if (this.#sizes.get(chunkId) === size) return;
    await this.#append(chunkId, size);
    this.#sizes.set(chunkId, size);
  }

  async forget(chunkId: string): Promise<void> {
    if (this.#sizes.delete(chunkId)) await this.#append(chunkId, noSize);
  }

  async clear(): Promise<void> {
    this.#sizes.clear();
    await rm(this.#path, { force: true });
  }

  async #append(chunkId: string, size: number): Promise<void> {
    // The previous line may have been cut off when a run was killed.
    await appendFile(this.#path, `\n${JSON.stringify([chunkId, size])}\n`);
  }
}

const noSize = -1;

/** An invalid line is about no chunk. */
function entryOf(line: string): readonly [chunkId: string, size: number] {
  const [, chunkId = "", size = String(noSize)] = /^\["([A-Za-z0-9._-]+)",(-?\d{1,15})\]$/.exec(line) ?? [];
  return [chunkId, Number(size)];
}
