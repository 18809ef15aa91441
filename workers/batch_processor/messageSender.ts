import { endsWithin } from "../../src/shared/retry.ts";
import type { MessageWriter } from "../messages/messageWriter.ts";
import type { CsvRecord } from "../model/csvRecord.ts";
import { WorkerFault } from "../model/fault.ts";
import type { MessageBatch, RecordSink, SinkLimits } from "../model/recordSink.ts";
import type { OffsetLedger } from "../offsets/ledger.ts";
import { BatchesInFlight } from "./batchesInFlight.ts";
import { Undeliverable, type UndeliverableOptions } from "./undeliverable.ts";

export interface MessageSenderParts {
  readonly writer: Pick<MessageWriter, "add" | "take" | "isFull" | "length">;
  readonly sink: RecordSink;
  readonly limits: SinkLimits;
  readonly undeliverable: Omit<UndeliverableOptions, "onKept">;
  readonly ledger: OffsetLedger;
  /** Waits, and does the periodic tasks meanwhile. */
  readonly wait: (event: Promise<void>) => Promise<void>;
}

interface ReadyBatch {
  readonly messages: MessageBatch;
  /** The indexes that are done once every message is: its records, and those between them that need no message. */
  readonly from: number;
  readonly to: number;
}

interface Begin {
  readonly firstIndex: number;
  readonly delivered: number;
  readonly refused: number;
}

/** Packs records into batches and sends them; acknowledged indexes go into the ledger. */
export class MessageSender {
  readonly #parts: MessageSenderParts;
  readonly #inFlight: BatchesInFlight;
  readonly #undeliverable: Undeliverable;
  readonly #ready: ReadyBatch[] = [];
  /** Every index below it is part of a batch. */
  #packedTo: number;
  #delivered: number;
  #refused: number;

  /** `firstIndex`: where the records start; the counts are those of earlier attempts. */
  constructor(parts: MessageSenderParts, { firstIndex, delivered, refused }: Begin) {
    this.#parts = parts;
    this.#packedTo = firstIndex;
    this.#delivered = delivered;
    this.#refused = refused;
    this.#inFlight = new BatchesInFlight(parts.sink, parts.limits.maxBatchesInFlight);
    this.#undeliverable = new Undeliverable({
      ...parts.undeliverable,
      onKept: (from, to) => {
        this.#refused += 1;
        parts.ledger.acknowledge(from, to);
      },
    });
  }

  /** Messages acknowledged, including those of earlier attempts. */
  get delivered(): number {
    return this.#delivered;
  }

  /** Messages rejected and recorded, including those of earlier attempts. */
  get refused(): number {
    return this.#refused;
  }

  /** Packs a record. Every index skipped since the last one needs no message. */
  add(record: CsvRecord, index: number): void {
    this.#parts.writer.add(record, index);
    if (this.#parts.writer.isFull) this.#pack(index + 1);
  }

  /** Starts sending what is packed, as far as the destination keeps up. Throws when a batch has failed. */
  async sendReady(): Promise<void> {
    const inFlight = this.#inFlight;
    inFlight.throwFailure();
    for (let batch = this.#ready.shift(); batch !== undefined; batch = this.#ready.shift()) {
      while (!inFlight.hasRoom) await this.#parts.wait(inFlight.oneEnds());
      inFlight.throwFailure();
      if (this.#undeliverable.isFull) await this.#undeliverable.flush();
      this.#begin(batch);
    }
  }

  /** Sends the rest, where records end below `end`, and waits until the destination has reported on everything. */
  async finish(end: number): Promise<void> {
    if (this.#parts.writer.length > 0) this.#pack(end);
    await this.sendReady();
    await this.#parts.wait(this.#inFlight.allEnd());
    this.#inFlight.throwFailure();
    await this.#undeliverable.flush();
    this.#parts.ledger.acknowledge(this.#packedTo, end);
  }

  /** Sends nothing more and waits for what is in flight. Returns how many batches did not end in time. */
  async drain(milliseconds: number): Promise<number> {
    if (this.#inFlight.size > 0) await endsWithin(this.#inFlight.allEnd(), milliseconds);
    return this.#inFlight.size;
  }

  /** Records what was rejected, so that it counts as done. */
  async keepRefused(): Promise<void> {
    await this.#undeliverable.flush();
  }

  #pack(to: number): void {
    this.#ready.push({ messages: this.#parts.writer.take(), from: this.#packedTo, to });
    this.#packedTo = to;
  }

  #begin(batch: ReadyBatch): void {
    const { ledger } = this.#parts;
    const { messages } = batch;
    const { length } = messages;
    let reported = 0;
    // The indexes of a message start after the message before it: records in between were rejected, or are done.
    const startOf = (position: number) =>
      position === 0 ? batch.from : (messages.indexes[position - 1] as number) + 1;
    const endOf = (position: number) =>
      position === length - 1 ? batch.to : (messages.indexes[position] as number) + 1;
    this.#inFlight.begin(messages, {
      acknowledge: (from, to) => {
        refuseStrangePositions(from, to, length);
        reported += to - from;
        this.#delivered += to - from;
        ledger.acknowledge(startOf(from), endOf(to - 1));
      },
      refuse: (position, reason) => {
        refuseStrangePositions(position, position + 1, length);
        reported += 1;
        this.#undeliverable.add(messages, position, reason, { from: startOf(position), to: endOf(position) });
      },
      ended: () => {
        if (reported === length) return;
        throw new WorkerFault("bug", `the destination reported on ${reported} messages of a batch of ${length}`);
      },
    });
  }
}

function refuseStrangePositions(from: number, to: number, length: number): void {
  if (from >= 0 && from < to && to <= length) return;
  throw new WorkerFault("bug", `the destination reported on messages ${from} to ${to} of a batch of ${length}`);
}
