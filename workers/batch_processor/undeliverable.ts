import type { Log } from "../model/log.ts";
import type { ObjectStore } from "../model/objectStore.ts";
import type { MessageBatch } from "../model/recordSink.ts";
import { firstOnes } from "./firstOnes.ts";

export interface UndeliverableOptions {
  readonly store: ObjectStore;
  /** Prefix of the objects' names: `s3://bucket/out/undeliverable/chunk-1-attempt-`. Undefined: log only. */
  readonly prefix: string | undefined;
  /** ETag of the data, without its quotes. */
  readonly etag: string;
  readonly log: Log;
  /** Called when the indexes [from, to) are recorded, and so done. */
  readonly onKept: (from: number, to: number) => void;
}

interface Refusal {
  readonly from: number;
  readonly to: number;
}

/**
 * Messages that the destination rejected for good, written as JSON lines (index, record id, reason, key, message) into
 * objects of about a megabyte. A single growing object would have to be rewritten for every checkpoint.
 *
 * A rejected message counts as done only once it is recorded here: otherwise a kill in between would lose it.
 */
export class Undeliverable {
  readonly #options: UndeliverableOptions;
  #lines: Uint8Array[] = [];
  #bytes = 0;
  #refusals: Refusal[] = [];
  #objects = 0;
  /** A destination may reject everything; the objects contain all of it. */
  readonly #logRefused: (fields: Readonly<Record<string, unknown>>) => void;

  constructor(options: UndeliverableOptions) {
    this.#options = options;
    this.#logRefused = firstOnes(options.log, "refused");
  }

  /** Adds the message at `position`; once it is recorded, the indexes [from, to) are done. */
  add(batch: MessageBatch, position: number, reason: string, { from, to }: Refusal): void {
    const index = batch.indexes[position] as number;
    this.#refusals.push({ from, to });
    this.#logRefused({ index, reason });
    if (this.#options.prefix === undefined) return;
    const line = lineOf(batch, position, { index, "record-id": `${this.#options.etag}:${index}`, reason });
    this.#lines.push(line);
    this.#bytes += line.length;
  }

  /** Enough for an object has been collected. */
  get isFull(): boolean {
    return this.#bytes >= bytesPerObject;
  }

  /** Writes what was added. */
  async flush(): Promise<void> {
    const refusals = this.#refusals;
    if (refusals.length === 0) return;
    const bytes = Buffer.concat(this.#lines, this.#bytes);
    this.#refusals = [];
    this.#lines = [];
    this.#bytes = 0;
    const { prefix, store, onKept } = this.#options;
    if (prefix !== undefined) {
      this.#objects += 1;
      await store.put(`${prefix}${this.#objects}.jsonl`, bytes, { contentType: "application/jsonl" });
    }
    for (const { from, to } of refusals) onKept(from, to);
  }
}

const bytesPerObject = 1024 * 1024;

/** The value is already a JSON object on one line and is written unchanged, so that numbers keep their digits. */
function lineOf(batch: MessageBatch, position: number, facts: Readonly<Record<string, unknown>>): Uint8Array {
  const { bytes, keyStarts, valueStarts } = batch;
  const valueStart = valueStarts[position] as number;
  const key = bytes.subarray(keyStarts[position], valueStart);
  const known = key.length === 0 ? facts : { ...facts, key: Buffer.from(key).toString() };
  const head = JSON.stringify(known).slice(0, -1);
  return Buffer.concat([
    Buffer.from(`${head},"message":`),
    bytes.subarray(valueStart, keyStarts[position + 1]),
    Buffer.from("}\n"),
  ]);
}
