import { createHash } from "node:crypto";
import type { Log } from "../model/log.ts";
import type { ObjectStore } from "../model/objectStore.ts";
import { type Checkpoint, checkpointFormat } from "../offsets/checkpoint.ts";
import { CheckpointFile, type StoredCheckpoint, TakenOver } from "../offsets/checkpointFile.ts";
import type { IndexRange } from "../offsets/ledger.ts";
import type { Mark } from "../offsets/marks.ts";
import { beside } from "../offsets/names.ts";
import type { Work } from "./work.ts";

/** Progress of a chunk. */
export interface ChunkState {
  readonly mark: Mark;
  /** Done, and not below the mark. */
  readonly doneBeyond: readonly IndexRange[];
  readonly delivered: number;
  readonly refused: number;
  readonly done: boolean;
}

export interface ChunkCheckpointOptions {
  readonly work: Work;
  readonly destination: string;
  /** Messages persist at the destination. Those written to a terminal or a pipe have to be written again next time. */
  readonly isKept: boolean;
  readonly store: ObjectStore;
  /** Name of this attempt. */
  readonly attempt: string;
  readonly log: Log;
}

/**
 * Translates between the progress of a chunk and its checkpoint. A range has none: nothing guarantees that the file
 * will be the same at the next attempt.
 */
export class ChunkCheckpoint {
  readonly #options: ChunkCheckpointOptions;
  /** Beside the manifest, one for each destination. Undefined where nothing counts as done. */
  readonly #file: CheckpointFile | undefined;

  constructor(options: ChunkCheckpointOptions) {
    this.#options = options;
    const { work, destination, isKept, store, attempt } = options;
    if (work.validated === undefined || !isKept) return;
    const hash = createHash("sha256").update(destination).digest("hex").slice(0, 16);
    const uri = beside(work.validated.manifestUri, `checkpoints/${work.chunkId}.${hash}.json`);
    this.#file = new CheckpointFile(store, uri, attempt);
  }

  /** Undefined where there is none, so that the next attempt starts over. */
  get uri(): string | undefined {
    return this.#file?.uri;
  }

  /** Progress of earlier attempts. A checkpoint of different work is ignored. */
  async read(): Promise<ChunkState> {
    const stored = (await this.#file?.read()) ?? { kind: "none" };
    const checkpoint = this.#ofThisWork(stored);
    return checkpoint === undefined ? startOf(this.#options.work) : stateOf(checkpoint);
  }

  /** Reads the checkpoint and makes this attempt its owner, unless the chunk is done. */
  async takeOver(): Promise<ChunkState> {
    for (let tries = 1; ; tries += 1) {
      const state = await this.read();
      if (state.done) return state;
      try {
        await this.write(state);
        return state;
      } catch (error) {
        // An older attempt wrote between our read and our write. It loses: we start from its present progress.
        if (!(error instanceof TakenOver) || tries === maxTries) throw error;
      }
    }
  }

  /** Throws TakenOver when another attempt now owns the checkpoint. */
  async write({ mark, doneBeyond, delivered, refused, done }: ChunkState): Promise<void> {
    const { work, destination } = this.#options;
    await this.#file?.write({
      format: checkpointFormat,
      chunkId: work.chunkId,
      startIndex: work.startIndex,
      endIndex: work.endIndex,
      work: identityOf(work),
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
    const { log, work, destination } = this.#options;
    if (stored.kind === "damaged") {
      log.warn("checkpoint-ignored", { checkpoint: this.uri, reason: "it is damaged; the chunk starts over" });
      return undefined;
    }
    const { checkpoint } = stored;
    const isOurs =
      checkpoint.chunkId === work.chunkId &&
      checkpoint.startIndex === work.startIndex &&
      checkpoint.endIndex === work.endIndex &&
      checkpoint.work === identityOf(work) &&
      checkpoint.destination === destination &&
      checkpoint.nextByte >= work.start.byte &&
      checkpoint.nextByte <= work.endByte;
    if (isOurs) return checkpoint;
    const reason = "the file, its schema, its chunks or the destination changed; the chunk starts over";
    log.warn("checkpoint-ignored", { checkpoint: this.uri, reason });
    return undefined;
  }
}

const maxTries = 5;

/** The state in which nothing is done yet. */
export function startOf({ start }: Work): ChunkState {
  return { mark: start, doneBeyond: [], delivered: 0, refused: 0, done: false };
}

function identityOf({ validated }: Work): string {
  return validated?.identity ?? "";
}

function stateOf(checkpoint: Checkpoint): ChunkState {
  const { nextIndex, nextByte, nextLine, crc32, doneBeyond, delivered, refused, done } = checkpoint;
  const mark = { index: nextIndex, byte: nextByte, line: nextLine, crc32: Number.parseInt(crc32, 16) };
  return { mark, doneBeyond, delivered, refused, done };
}

export function hexadecimal(crc32: number): string {
  return crc32.toString(16).padStart(8, "0");
}
