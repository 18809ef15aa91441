import type { MessageWriter } from "../messages/messageWriter.ts";
import type { CsvRecord } from "../model/csvRecord.ts";
import type { Dialect } from "../model/dialect.ts";
import { WorkerFault } from "../model/fault.ts";
import type { ObjectReader } from "../model/objectStore.ts";
import type { RecordSink, SinkLimits } from "../model/recordSink.ts";
import { OffsetLedger } from "../offsets/ledger.ts";
import type { ProcessorSettings } from "../settings/settings.ts";
import { bareEtag } from "./bareEtag.ts";
import { Duties } from "./duties.ts";
import { MessageSender } from "./messageSender.ts";
import { defaultDrainMs, type ProcessorParts } from "./parts.ts";
import type { Header } from "./readHeader.ts";
import { inParts, isWellFormed, RecordReader } from "./recordReader.ts";
import { progressMs } from "./runReport.ts";
import { orStopped } from "./stopped.ts";

export interface RangeRunParts extends ProcessorParts {
  readonly data: ObjectReader;
  readonly dialect: Dialect;
  readonly header: Header;
  readonly sink: RecordSink;
  readonly limits: SinkLimits;
  readonly writer: MessageWriter;
}

/** Delivers the records [startIndex, endIndex) of a file, read from its header on. */
export class RangeRun {
  readonly #parts: RangeRunParts;
  readonly #settings: ProcessorSettings;
  readonly #ledger: OffsetLedger;
  readonly #sender: MessageSender;
  readonly #reader: RecordReader;
  readonly #duties: Duties;
  #skipped = 0;

  constructor(settings: ProcessorSettings, parts: RangeRunParts) {
    const { startIndex, maxRecordBytes } = settings;
    const { data, header, dialect } = parts;
    this.#parts = parts;
    this.#settings = settings;
    this.#ledger = new OffsetLedger(startIndex);
    this.#duties = new Duties([{ everyMs: progressMs, work: () => this.#logProgress() }], parts);
    this.#sender = new MessageSender(
      {
        ...parts,
        undeliverable: { ...parts, prefix: undefined, etag: bareEtag(data.version.etag) },
        ledger: this.#ledger,
        wait: (event) => this.#duties.during(event),
      },
      { firstIndex: startIndex, delivered: 0, refused: 0 },
    );
    this.#reader = new RecordReader({
      dialect,
      maxRecordBytes,
      columnCount: header.columns.length,
      start: header.start,
      onRecord: (record, index) => this.#take(record, index),
      onMark: () => {},
    });
  }

  async deliver(): Promise<void> {
    try {
      await this.#read();
      await this.#sender.finish(Math.min(this.#settings.endIndex, this.#reader.index));
    } catch (error) {
      await this.#sender.drain(this.#parts.drainMs ?? defaultDrainMs);
      throw orStopped(error, this.#parts.signal, {
        message: `the range was stopped with ${this.#sender.delivered} records delivered`,
        hint: "The next attempt sends them again: without a manifest there is no checkpoint.",
      });
    }
    this.#refuseMissing();
  }

  get counts(): { records: number; bytes: number; delivered: number; skipped: number; refused: number } {
    const { startIndex, endIndex } = this.#settings;
    return {
      records: Math.max(0, Math.min(this.#reader.index, endIndex) - startIndex),
      bytes: this.#reader.byte,
      delivered: this.#sender.delivered,
      skipped: this.#skipped,
      refused: this.#sender.refused,
    };
  }

  async #read(): Promise<void> {
    const { data, header, signal, onProgress } = this.#parts;
    const { size } = data.version;
    signal.throwIfAborted();
    if (header.start.byte < size) {
      for await (const piece of data.stream(header.start.byte, size, signal)) {
        for (const part of inParts(piece)) {
          this.#reader.push(part);
          await this.#sender.sendReady();
          await this.#duties.pass();
          if (this.#reader.index >= this.#settings.endIndex) return;
        }
        onProgress?.(this.counts.records, this.#reader.byte / size);
      }
    }
    this.#reader.end();
  }

  #take(record: CsvRecord, index: number): boolean {
    const { startIndex, endIndex } = this.#settings;
    if (index < startIndex) return true;
    if (index >= endIndex) return false;
    if (isWellFormed(record, this.#parts.header.columns.length)) this.#sender.add(record, index);
    else this.#skipped += 1;
    return true;
  }

  #refuseMissing(): void {
    const { endIndex, input } = this.#settings;
    const { index } = this.#reader;
    if (index >= endIndex) return;
    throw new WorkerFault(
      "input-missing",
      `${input} has ${index} records; expected at least ${endIndex} (--end-index)`,
      {
        hint: "Those that are there were delivered. Was the file replaced, or the end index meant for another one?",
      },
    );
  }

  #logProgress(): void {
    this.#parts.log.info("progress", { done: this.#ledger.next - this.#settings.startIndex, ...this.counts });
  }
}
