import type { MessageWriter } from "../messages/messageWriter.ts";
import type { CsvRecord } from "../model/csvRecord.ts";
import { WorkerFault } from "../model/fault.ts";
import type { ObjectReader } from "../model/objectStore.ts";
import type { RecordSink, SinkLimits } from "../model/recordSink.ts";
import { TakenOver } from "../offsets/checkpointFile.ts";
import { DoneRanges, OffsetLedger } from "../offsets/ledger.ts";
import { type Mark, Marks } from "../offsets/marks.ts";
import { beside } from "../offsets/names.ts";
import { RejectedIndexes } from "../offsets/rejectedIndexes.ts";
import { type Attempt, defaultDrainMs, orStopped } from "./attempt.ts";
import { type ChunkCheckpoint, type ChunkState, hexadecimal, startOf } from "./chunkCheckpoint.ts";
import { Duties } from "./duties.ts";
import { firstOnes } from "./firstOnes.ts";
import { MessageSender } from "./messageSender.ts";
import { inParts, RecordReader } from "./recordReader.ts";
import { verifyChunk } from "./verifyChunk.ts";
import { bareEtag, type Work } from "./work.ts";

export interface RunParts extends Attempt {
  readonly data: ObjectReader;
  readonly sink: RecordSink;
  readonly limits: SinkLimits;
  readonly writer: MessageWriter;
  readonly checkpoint: ChunkCheckpoint;
  readonly checkpointSeconds: number;
}

/** Delivers the rest of the work, from where earlier attempts stopped. */
export class Run {
  readonly #parts: RunParts;
  readonly #work: Work;
  readonly #start: ChunkState;
  /** The first record to send: those before it are done, or precede the range. */
  readonly #firstIndex: number;
  readonly #ledger: OffsetLedger;
  readonly #marks: Marks;
  readonly #rejected: RejectedIndexes;
  readonly #doneBefore: DoneRanges;
  readonly #sender: MessageSender;
  readonly #reader: RecordReader;
  readonly #duties: Duties;
  readonly #logSkipped: (fields: Readonly<Record<string, unknown>>) => void;
  #skipped = 0;
  /** How a record to be sent differs from what the manifest says. */
  #disagreement: string | undefined;
  /** What was sent cannot be relied on: the next attempt sends the whole chunk again. */
  #mustStartOver = false;
  #saved: ChunkState;

  constructor(work: Work, start: ChunkState, parts: RunParts) {
    const { startIndex, endIndex, validated } = work;
    this.#parts = parts;
    this.#work = work;
    this.#start = start;
    this.#saved = start;
    this.#firstIndex = Math.max(startIndex, start.mark.index);
    this.#ledger = new OffsetLedger(this.#firstIndex, start.doneBeyond);
    this.#marks = new Marks(start.mark);
    this.#rejected = new RejectedIndexes(validated?.rejectedIndexes ?? new Uint8Array(0), startIndex, endIndex);
    this.#doneBefore = new DoneRanges(start.doneBeyond);
    this.#logSkipped = firstOnes(parts.log, "skipped");
    this.#duties = new Duties(
      [
        { everyMs: parts.checkpointSeconds * 1000, work: () => this.#save() },
        { everyMs: progressMs, work: () => this.#logProgress() },
      ],
      parts,
    );
    this.#sender = this.#createSender();
    this.#reader = this.#createReader();
  }

  /** Resolves when every record is delivered, rejected and recorded, or skipped; and the checkpoint says so. */
  async deliver(): Promise<ChunkState> {
    try {
      await this.#read();
      await this.#verify();
      const end = Math.max(this.#firstIndex, Math.min(this.#work.endIndex, this.#reader.index));
      await this.#sender.finish(end);
      this.#verifyLedger(end);
      await this.#save({ done: true });
    } catch (error) {
      throw await this.#stop(error);
    }
    this.#refuseMissing();
    return this.#saved;
  }

  /** What this attempt has done so far. */
  get counts(): { records: number; bytes: number; delivered: number; skipped: number; refused: number } {
    return {
      records: Math.max(0, Math.min(this.#reader.index, this.#work.endIndex) - this.#firstIndex),
      bytes: this.#reader.byte - this.#start.mark.byte,
      delivered: this.#sender.delivered - this.#start.delivered,
      skipped: this.#skipped,
      refused: this.#sender.refused - this.#start.refused,
    };
  }

  #createSender(): MessageSender {
    const { chunkId, validated, data } = this.#work;
    const { attempt } = this.#parts;
    const prefix = validated && beside(validated.manifestUri, `undeliverable/${chunkId}-${attempt}-`);
    return new MessageSender(
      {
        ...this.#parts,
        undeliverable: { ...this.#parts, prefix, etag: bareEtag(data.etag) },
        ledger: this.#ledger,
        wait: (event) => this.#duties.during(event),
      },
      { firstIndex: this.#firstIndex, delivered: this.#start.delivered, refused: this.#start.refused },
    );
  }

  #createReader(): RecordReader {
    const { dialect, maxRecordBytes, columns } = this.#work;
    return new RecordReader({
      dialect,
      maxRecordBytes,
      columnCount: columns.length,
      start: this.#start.mark,
      onRecord: (record, index) => this.#take(record, index),
      onMark: (mark: Mark) => this.#marks.add(mark),
      recordsPerMark: this.#parts.recordsPerMark,
    });
  }

  async #read(): Promise<void> {
    const { data, signal, onProgress } = this.#parts;
    const { start, startIndex, endByte } = this.#work;
    const startByte = this.#start.mark.byte;
    signal.throwIfAborted();
    if (startByte < endByte) {
      for await (const piece of data.stream(startByte, endByte, signal)) {
        for (const part of inParts(piece)) {
          this.#reader.push(part);
          await this.#sender.sendReady();
          await this.#duties.pass();
          if (this.#isRangeRead()) return;
        }
        onProgress?.(this.#ledger.next - startIndex, (this.#reader.byte - start.byte) / (endByte - start.byte));
      }
    }
    this.#reader.end();
  }

  /** A chunk is read to its end for its CRC; a range ends with its last record. */
  #isRangeRead(): boolean {
    return this.#work.validated === undefined && this.#reader.index >= this.#work.endIndex;
  }

  /** False: neither this record nor the following ones are to be sent. */
  #take(record: CsvRecord, index: number): boolean {
    const { startIndex, endIndex, validated } = this.#work;
    if (index < startIndex) return true;
    if (index >= endIndex) {
      return validated === undefined ? false : this.#disagree(record, "more records than the chunk has");
    }
    if (this.#rejected.has(index)) {
      this.#skipped += 1;
      return true;
    }
    if (this.#doneBefore.has(index)) return true;
    const defect = this.#reader.defectOf(record);
    if (defect === undefined) {
      this.#sender.add(record, index);
      return true;
    }
    if (validated !== undefined) return this.#disagree(record, `a record with ${defect} that was not rejected`);
    this.#skip(record, index, defect);
    return true;
  }

  /** Records that the validator would reject. */
  #skip({ line, byte }: CsvRecord, index: number, reason: string): void {
    this.#skipped += 1;
    this.#logSkipped({ index, line, byte, reason });
  }

  #disagree({ line, byte }: CsvRecord, found: string): false {
    this.#disagreement = `${found} (line ${line}, byte ${byte})`;
    return false;
  }

  /** Before the last batch goes out. */
  async #verify(): Promise<void> {
    const { validated } = this.#work;
    if (validated === undefined) return;
    const { index, crc32 } = this.#reader;
    this.#mustStartOver = true;
    const read = { index, crc32: hexadecimal(crc32), disagreement: this.#disagreement };
    await verifyChunk(this.#work, validated, read, this.#parts);
    this.#mustStartOver = false;
  }

  #verifyLedger(end: number): void {
    if (this.#ledger.next === end) return;
    throw new WorkerFault("bug", `the destination did not report on record ${this.#ledger.next} (the end is ${end})`);
  }

  /** Ends cleanly, and returns the fault that says why. */
  async #stop(reason: unknown): Promise<unknown> {
    const { signal, log, checkpoint, drainMs = defaultDrainMs } = this.#parts;
    // Messages acknowledged before the checkpoint is written are not sent again.
    const abandoned = await this.#sender.drain(drainMs);
    if (abandoned > 0) log.warn("batches-abandoned", { batches: abandoned, afterMs: drainMs });
    if (reason instanceof TakenOver) return reason;
    try {
      await this.#save();
    } catch (error) {
      if (error instanceof TakenOver) return error;
      log.warn("checkpoint-not-saved", { checkpoint: checkpoint.uri, reason: String(error) });
    }
    const { chunkId, startIndex, endIndex } = this.#work;
    const { delivered, mark } = this.#saved;
    return orStopped(reason, signal, {
      message: `chunk ${chunkId} was stopped with ${delivered} of ${endIndex - startIndex} records delivered`,
      hint:
        checkpoint.uri === undefined
          ? "The next attempt sends them again: there is no checkpoint."
          : `Nothing to do: the next attempt continues at record ${mark.index}.`,
    });
  }

  async #save({ done = false }: { readonly done?: boolean } = {}): Promise<void> {
    await this.#sender.keepRefused();
    const state = this.#mustStartOver ? startOf(this.#work) : this.#state(done);
    if (!done && !this.#mustStartOver && isSame(state, this.#saved)) return;
    await this.#parts.checkpoint.write(state);
    this.#saved = state;
  }

  /** Read in one step, because counts and ranges belong together. */
  #state(done: boolean): ChunkState {
    const { next, rangesBeyond } = this.#ledger;
    const mark = this.#marks.lastUpTo(next);
    const sinceMark = mark.index < next ? [[mark.index, next] as const] : [];
    return {
      mark,
      doneBeyond: [...sinceMark, ...rangesBeyond],
      delivered: this.#sender.delivered,
      refused: this.#sender.refused,
      done,
    };
  }

  /** For a range: the chunks of a validated file lie within the file. */
  #refuseMissing(): void {
    const { data, endIndex } = this.#work;
    const { index } = this.#reader;
    if (index >= endIndex) return;
    throw new WorkerFault(
      "input-missing",
      `${data.uri} has ${index} records; expected at least ${endIndex} (--end-index)`,
      {
        hint: "The existing records were delivered. Check whether the file was replaced, or the end index belongs to another file.",
      },
    );
  }

  #logProgress(): void {
    const { startIndex, endIndex } = this.#work;
    this.#parts.log.info("progress", {
      done: this.#ledger.next - startIndex,
      of: endIndex - startIndex,
      ...this.counts,
    });
  }
}

/** Between two log lines about the progress. */
const progressMs = 30_000;

function isSame(a: ChunkState, b: ChunkState): boolean {
  // Both counts grow with every range that is done, so they reveal any change.
  return a.delivered === b.delivered && a.refused === b.refused && a.mark.index === b.mark.index;
}
