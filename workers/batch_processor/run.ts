import type { MessageWriter } from "../messages/messageWriter.ts";
import type { CsvRecord } from "../model/csvRecord.ts";
import { WorkerFault } from "../model/fault.ts";
import type { ObjectReader } from "../model/objectStore.ts";
import type { RecordSink, SinkLimits } from "../model/recordSink.ts";
import { TakenOver } from "../offsets/checkpointFile.ts";
import { DoneRanges } from "../offsets/doneRanges.ts";
import { OffsetLedger } from "../offsets/ledger.ts";
import { type Mark, Marks } from "../offsets/marks.ts";
import { RejectedIndexes } from "../offsets/rejectedIndexes.ts";
import type { ProcessorSettings } from "../settings/settings.ts";
import { bareEtag } from "./bareEtag.ts";
import { type ChunkCheckpoint, hexadecimal, type Standing, startOf } from "./chunkCheckpoint.ts";
import type { ChunkWork } from "./chunkWork.ts";
import { Duties } from "./duties.ts";
import { MessageSender } from "./messageSender.ts";
import { defaultDrainMs, type ProcessorParts } from "./parts.ts";
import { inParts, isWellFormed, RecordReader } from "./recordReader.ts";
import { refuseOtherColumns } from "./refuseOtherColumns.ts";
import { progressMs } from "./runReport.ts";
import { orStopped } from "./stopped.ts";
import { verifyChunk } from "./verifyChunk.ts";

export interface ChunkRunParts extends ProcessorParts {
  readonly data: ObjectReader;
  readonly sink: RecordSink;
  readonly limits: SinkLimits;
  readonly writer: MessageWriter;
  readonly checkpoint: ChunkCheckpoint;
  /** Where undeliverable messages are written: the beginning of the objects' names. */
  readonly undeliverablePrefix: string;
}

/** Delivers what is left of a chunk, from where earlier attempts have come to. */
export class ChunkRun {
  readonly #parts: ChunkRunParts;
  readonly #work: ChunkWork;
  readonly #start: Standing;
  readonly #ledger: OffsetLedger;
  readonly #marks: Marks;
  readonly #rejected: RejectedIndexes;
  readonly #doneBefore: DoneRanges;
  readonly #sender: MessageSender;
  readonly #reader: RecordReader;
  readonly #duties: Duties;
  #skipped = 0;
  /** What a record that is to be sent is like, when it is not like the manifest says. */
  #disagreement: string | undefined;
  /** What was sent is not to be relied on: the next attempt sends the whole chunk again. */
  #mustStartAnew = false;
  #saved: Standing;

  constructor(settings: ProcessorSettings, work: ChunkWork, start: Standing, parts: ChunkRunParts) {
    const { chunk, manifest } = work;
    this.#parts = parts;
    this.#work = work;
    this.#start = start;
    this.#saved = start;
    this.#ledger = new OffsetLedger(start.mark.index, start.doneBeyond);
    this.#marks = new Marks(start.mark);
    this.#rejected = new RejectedIndexes(work.rejected, chunk.startIndex, chunk.endIndex);
    this.#doneBefore = new DoneRanges(start.doneBeyond);
    this.#duties = new Duties(
      [
        { everyMs: settings.checkpointSeconds * 1000, work: () => this.#save() },
        { everyMs: progressMs, work: () => this.#logProgress() },
      ],
      parts,
    );
    this.#sender = new MessageSender(
      {
        ...parts,
        undeliverable: { ...parts, prefix: parts.undeliverablePrefix, etag: bareEtag(manifest.data.etag) },
        ledger: this.#ledger,
        wait: (event) => this.#duties.during(event),
      },
      { firstIndex: start.mark.index, delivered: start.delivered, refused: start.refused },
    );
    this.#reader = new RecordReader({
      dialect: manifest.dialect,
      maxRecordBytes: manifest.maxRecordBytes,
      columnCount: manifest.columns.length,
      start: start.mark,
      onRecord: (record, index) => this.#take(record, index),
      onMark: (mark: Mark) => this.#marks.add(mark),
      recordsPerMark: parts.recordsPerMark,
    });
  }

  /** Resolves when every record is delivered, refused and written down, or rejected; and the checkpoint says so. */
  async deliver(): Promise<Standing> {
    try {
      await this.#read();
      if (this.#disagreement !== undefined) await this.#verifyColumns();
      this.#verify();
      await this.#sender.finish(this.#work.chunk.endIndex);
      this.#verifyLedger();
      await this.#save({ done: true });
      return this.#saved;
    } catch (error) {
      throw await this.#stop(error);
    }
  }

  /** What this attempt has done so far. */
  get counts(): { records: number; bytes: number; delivered: number; skipped: number; refused: number } {
    return {
      records: this.#reader.index - this.#start.mark.index,
      bytes: this.#reader.byte - this.#start.mark.byte,
      delivered: this.#sender.delivered - this.#start.delivered,
      skipped: this.#skipped,
      refused: this.#sender.refused - this.#start.refused,
    };
  }

  async #read(): Promise<void> {
    const { data, signal, onProgress } = this.#parts;
    const { startByte: firstByte, endByte } = this.#work.chunk;
    const startByte = this.#start.mark.byte;
    signal.throwIfAborted();
    if (startByte < endByte) {
      for await (const piece of data.stream(startByte, endByte, signal)) {
        for (const part of inParts(piece)) {
          this.#reader.push(part);
          await this.#sender.sendReady();
          await this.#duties.pass();
        }
        onProgress?.(
          this.#ledger.next - this.#work.chunk.startIndex,
          (this.#reader.byte - firstByte) / (endByte - firstByte),
        );
      }
    }
    this.#reader.end();
  }

  /** False: it cannot be sent, and neither can what follows. */
  #take(record: CsvRecord, index: number): boolean {
    const { chunk, manifest } = this.#work;
    if (index >= chunk.endIndex) return this.#disagree(record, "a record more than the chunk has");
    if (this.#rejected.has(index)) {
      this.#skipped += 1;
      return true;
    }
    if (this.#doneBefore.has(index)) return true;
    if (!isWellFormed(record, manifest.columns.length)) {
      const found = record.malformed?.rule ?? `${record.fieldCount} fields for ${manifest.columns.length} columns`;
      return this.#disagree(record, `a record with ${found} that was not rejected`);
    }
    this.#sender.add(record, index);
    return true;
  }

  #disagree({ line, byte }: CsvRecord, found: string): false {
    this.#disagreement = `${found} (line ${line}, byte ${byte})`;
    return false;
  }

  /** Before the last batch goes out. */
  #verify(): void {
    this.#mustStartAnew = true;
    const { index, crc32 } = this.#reader;
    verifyChunk(this.#work, { index, crc32: hexadecimal(crc32), disagreement: this.#disagreement });
    this.#mustStartAnew = false;
  }

  /** Of the bytes that were validated. */
  async #verifyColumns(): Promise<void> {
    const { chunk, manifest } = this.#work;
    if (hexadecimal(this.#reader.crc32) !== chunk.crc32) return;
    this.#mustStartAnew = true;
    await refuseOtherColumns(this.#parts.data, manifest, this.#parts.signal);
  }

  #verifyLedger(): void {
    const { endIndex } = this.#work.chunk;
    if (this.#ledger.next === endIndex) return;
    throw new WorkerFault(
      "bug",
      `the destination did not tell about record ${this.#ledger.next} (the end is ${endIndex})`,
    );
  }

  /** Ends in order, and gives the fault that says why. */
  async #stop(reason: unknown): Promise<unknown> {
    const { signal, log, drainMs = defaultDrainMs } = this.#parts;
    // What is acknowledged before the checkpoint is written is not sent again.
    const abandoned = await this.#sender.drain(drainMs);
    if (abandoned > 0) log.warn("batches-abandoned", { batches: abandoned, afterMs: drainMs });
    if (reason instanceof TakenOver) return reason;
    try {
      await this.#save();
    } catch (error) {
      if (error instanceof TakenOver) return error;
      log.warn("checkpoint-not-saved", { checkpoint: this.#parts.checkpoint.uri, reason: String(error) });
    }
    const { chunkId, chunkSize } = this.#work.chunk;
    return orStopped(reason, signal, {
      message: `chunk ${chunkId} was stopped with ${this.#saved.delivered} of ${chunkSize} records delivered`,
      hint: `Nothing to do: the next attempt continues at record ${this.#saved.mark.index}.`,
    });
  }

  async #save({ done = false }: { readonly done?: boolean } = {}): Promise<void> {
    await this.#sender.keepRefused();
    const standing = this.#mustStartAnew ? startOf(this.#work.chunk) : this.#standing(done);
    if (!done && !this.#mustStartAnew && isSame(standing, this.#saved)) return;
    await this.#parts.checkpoint.write(standing);
    this.#saved = standing;
  }

  /** Made in one go: counts and ranges belong together. */
  #standing(done: boolean): Standing {
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

  #logProgress(): void {
    const { chunk } = this.#work;
    const done = this.#ledger.next - chunk.startIndex;
    this.#parts.log.info("progress", { done, of: chunk.chunkSize, ...this.counts });
  }
}

function isSame(a: Standing, b: Standing): boolean {
  // Both counts grow with every range that is done, so they tell of any change.
  return a.delivered === b.delivered && a.refused === b.refused && a.mark.index === b.mark.index;
}
