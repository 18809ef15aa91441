import { WorkerFault } from "../../../../workers/model/fault.ts";
import type { MessageBatch, RecordSink } from "../../../../workers/model/recordSink.ts";
import type { Life } from "./life.ts";

/** Where messages end up; it outlives the processes that send them. */
export class Destination {
  /** Indexes in the order of arrival. */
  readonly arrived: number[] = [];
  readonly values: string[] = [];

  take(batch: MessageBatch, position: number): void {
    this.arrived.push(batch.indexes[position] as number);
    this.values.push(
      Buffer.from(batch.bytes.subarray(batch.valueStarts[position], batch.keyStarts[position + 1])).toString(),
    );
  }

  get distinct(): number[] {
    return [...new Set(this.arrived)].sort((a, b) => a - b);
  }

  get repeats(): number {
    return this.arrived.length - new Set(this.arrived).size;
  }
}

export interface SinkNature {
  /** In which order the messages of a batch are stored and acknowledged. Default: theirs. */
  readonly order?: (length: number) => readonly number[];
  /** Steps that a message takes. Default: 1 for every message. */
  readonly stepsBefore?: (index: number) => number;
  readonly refuses?: (index: number) => boolean;
  /** Fails (try-again) instead of storing this one. */
  readonly failsAt?: (index: number) => boolean;
  /** Is called, and then no connection comes about. */
  readonly neverConnects?: () => void;
  /** Never comes to an end with this one. */
  readonly hangsAt?: (index: number) => boolean;
}

export function sinkTo(destination: Destination, life: Life, nature: SinkNature = {}): RecordSink {
  const {
    order = inOrder,
    stepsBefore = () => 1,
    refuses = () => false,
    failsAt = () => false,
    hangsAt = () => false,
  } = nature;
  return {
    async connect() {
      await life.step();
      if (nature.neverConnects === undefined) return;
      nature.neverConnects();
      await new Promise<never>(() => {});
    },
    async send(batch, delivery) {
      for (const position of order(batch.length)) {
        const index = batch.indexes[position] as number;
        for (let step = 0; step < stepsBefore(index); step++) await life.step();
        if (hangsAt(index)) await new Promise<never>(() => {});
        if (failsAt(index)) throw new WorkerFault("try-again", "the broker is away");
        if (refuses(index)) {
          delivery.refuse(position, "it is too large");
          continue;
        }
        destination.take(batch, position);
        // It has arrived; whether the acknowledgement does is another matter.
        if (stepsBefore(index) > 1) await life.step();
        delivery.acknowledge(position, position + 1);
      }
    },
    close: async () => {},
  };
}

function inOrder(length: number): number[] {
  return Array.from({ length }, (_, position) => position);
}
