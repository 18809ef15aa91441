import type { MessageBatch } from "../../model/recordSink.ts";
import { partitionOf } from "./murmur2.ts";

/** Messages of a batch for the same partition, by their positions in the batch, ascending. */
export interface PartitionShare {
  /** Undefined for messages without a key, which may go to any partition. */
  readonly partition: number | undefined;
  readonly positions: Uint32Array;
}

/** Partitions a batch by the keys of its messages. Keys go to the same partition as with Kafka's own producer. */
export function partitionBatch(batch: MessageBatch, partitions: number): PartitionShare[] {
  const { length, bytes, keyStarts, valueStarts } = batch;
  const anywhere = partitions;
  const ways = new Uint32Array(length);
  const ends = new Uint32Array(partitions + 1);
  for (let i = 0; i < length; i++) {
    const start = keyStarts[i] as number;
    const end = valueStarts[i] as number;
    const way = start === end ? anywhere : partitionOf(bytes, start, end, partitions);
    ways[i] = way;
    ends[way] = (ends[way] as number) + 1;
  }
  // A counting sort: it keeps the order of messages within a partition.
  let sum = 0;
  for (let way = 0; way < ends.length; way++) {
    const count = ends[way] as number;
    ends[way] = sum;
    sum += count;
  }
  const sorted = new Uint32Array(length);
  for (let i = 0; i < length; i++) {
    const way = ways[i] as number;
    const place = ends[way] as number;
    sorted[place] = i;
    ends[way] = place + 1;
  }
  const shares: PartitionShare[] = [];
  let start = 0;
  for (let way = 0; way < ends.length; way++) {
    const end = ends[way] as number;
    if (end > start) {
      shares.push({ partition: way === anywhere ? undefined : way, positions: sorted.subarray(start, end) });
    }
    start = end;
  }
  return shares;
}
