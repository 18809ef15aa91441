import type { Delivery, MessageBatch } from "../../../workers/model/recordSink.ts";

/** Remembers what a sink tells, by the indexes of records, and that it tells nothing twice. */
export class RecordingDelivery {
  readonly acknowledged = new Set<number>();
  readonly refused = new Map<number, string>();

  of(batch: MessageBatch): Delivery {
    const tell = (position: number): number => {
      const index = batch.indexes[position];
      if (index === undefined) throw new Error(`the batch has no position ${position}`);
      if (this.acknowledged.has(index) || this.refused.has(index))
        throw new Error(`record ${index} was told about twice`);
      return index;
    };
    return {
      acknowledge: (from, to) => {
        for (let position = from; position < to; position++) this.acknowledged.add(tell(position));
      },
      refuse: (position, reason) => {
        this.refused.set(tell(position), reason);
      },
    };
  }
}
