import { createHash } from "node:crypto";
import type { Log } from "../model/log.ts";
import type { Chunk } from "../model/manifest.ts";
import type { ObjectStore } from "../model/objectStore.ts";
import { beside } from "../offsets/beside.ts";
import { type Checkpoint, checkpointFormat } from "../offsets/checkpoint.ts";
import { CheckpointFile, type StoredCheckpoint, TakenOver } from "../offsets/checkpointFile.ts";
import type { IndexRange } from "../offsets/ledger.ts";
import type { Mark } from "../offsets/marks.ts";

/** How far a chunk has come. */
export interface Standing {
  readonly mark: Mark;
  /** Done, and not below the mark. */
  readonly doneBeyond: readonly IndexRange[];
  readonly delivered: number;
  readonly refused: number;
  readonly done: boolean;
}

export interface ChunkCheckpointOptions {
  readonly chunk: Chunk;
  /** SHA-256 of the work. */
  readonly work: string;
  readonly destination: string;
  /** Undefined where messages are not kept (a terminal), so that nothing may be taken for done. */
  readonly file: CheckpointFile | undefined;
  readonly log: Log;
}

/** The checkpoint file of one chunk and one destination, beside the manifest. */
export function checkpointFile(
  { store, manifest, attempt }: { store: ObjectStore; manifest: string; attempt: string },
  chunkId: string,
  destination: string,
): CheckpointFile {
  const hash = createHash("sha256").update(destination).digest("hex").slice(0, 16);
  return new CheckpointFile(store, beside(manifest, `checkpoints/${chunkId}.${hash}.json`), attempt);
}

/** Translates between how far a chunk has come and the checkpoint that says so. */
export class ChunkCheckpoint {
  readonly #options: ChunkCheckpointOptions;

  constructor(options: ChunkCheckpointOptions) {
    this.#options = options;
  }

  get uri(): string | undefined {
    return this.#options.file?.uri;
  }

  /** How far earlier attempts have come. A checkpoint of other work counts for nothing. */
  async read(): Promise<Standing> {
    const stored = (await this.#options.file?.read()) ?? { kind: "none" };
    const checkpoint = this.#ofThisWork(stored);
    return checkpoint === undefined ? startOf(this.#options.chunk) : standingOf(checkpoint);
  }

  /** Reads, and makes this attempt the owner, unless the chunk is done. */
  async takeOver(): Promise<Standing> {
    for (let tries = 1; ; tries += 1) {
      const standing = await this.read();
      if (standing.done) return standing;
      try {
        await this.write(standing);
        return standing;
      } catch (error) {
        // An older attempt has written between our reading and writing. It loses: we begin where it is by now.
        if (!(error instanceof TakenOver) || tries === mostTries) throw error;
      }
    }
  }

  /** Throws TakenOver when another attempt owns the checkpoint by now. */
  async write({ mark, doneBeyond, delivered, refused, done }: Standing): Promise<void> {
    const { file, chunk, work, destination } = this.#options;
    await file?.write({
      format: checkpointFormat,
      chunkId: chunk.chunkId,
      startIndex: chunk.startIndex,
      endIndex: chunk.endIndex,
      work,
      destination,
      nextIndex: mark.index,
      nextByte: mark.byte,
      nextLine: mark.line,
      crc32: hexadecimal(mark.crc32),
      doneBeyond,
      delivered,
      refused,
      done,
    });
  }

  #ofThisWork(stored: StoredCheckpoint): Checkpoint | undefined {
    if (stored.kind === "none") return undefined;
    const { log, chunk, work, destination } = this.#options;
    if (stored.kind === "damaged") {
      log.warn("checkpoint-ignored", { checkpoint: this.uri, reason: "it is damaged; the chunk starts anew" });
      return undefined;
    }
    const { checkpoint } = stored;
    const isOurs =
      checkpoint.chunkId === chunk.chunkId &&
      checkpoint.startIndex === chunk.startIndex &&
      checkpoint.endIndex === chunk.endIndex &&
      checkpoint.work === work &&
      checkpoint.destination === destination &&
      checkpoint.nextByte >= chunk.startByte &&
      checkpoint.nextByte <= chunk.endByte;
    if (isOurs) return checkpoint;
    const reason = "the file, its schema or its chunks are others now, or the destination is; the chunk starts anew";
    log.warn("checkpoint-ignored", { checkpoint: this.uri, reason });
    return undefined;
  }
}

const mostTries = 5;

/** Nothing is done yet. */
export function startOf({ startIndex, startByte, startLine }: Chunk): Standing {
  const mark = { index: startIndex, byte: startByte, line: startLine, crc32: 0 };
  return { mark, doneBeyond: [], delivered: 0, refused: 0, done: false };
}

function standingOf(checkpoint: Checkpoint): Standing {
  const { nextIndex, nextByte, nextLine, crc32, doneBeyond, delivered, refused, done } = checkpoint;
  const mark = { index: nextIndex, byte: nextByte, line: nextLine, crc32: Number.parseInt(crc32, 16) };
  return { mark, doneBeyond, delivered, refused, done };
}

export function hexadecimal(crc32: number): string {
  return crc32.toString(16).padStart(8, "0");
}
