import { isUtf8 } from "node:buffer";
import type { MessageBatch } from "../model/recordSink.ts";

/**
 * The same batch with U+FFFD where bytes are not UTF-8. The validator rejects such records, so this is only met when
 * records are sent without it; it may be slow, but it never breaks a message. ASCII is never swallowed, so JSON stays JSON.
 */
export function repairUtf8(batch: MessageBatch): MessageBatch {
  const { length, keyStarts, valueStarts } = batch;
  const parts: Uint8Array[] = [];
  const repairedKeyStarts = new Uint32Array(length + 1);
  const repairedValueStarts = new Uint32Array(length);
  let size = 0;
  const append = (start: number, end: number) => {
    const bytes = batch.bytes.subarray(start, end);
    const part = isUtf8(bytes) ? bytes : encoder.encode(decoder.decode(bytes));
    parts.push(part);
    size += part.length;
  };
  for (let i = 0; i < length; i++) {
    repairedKeyStarts[i] = size;
    append(keyStarts[i] as number, valueStarts[i] as number);
    repairedValueStarts[i] = size;
    append(valueStarts[i] as number, keyStarts[i + 1] as number);
  }
  repairedKeyStarts[length] = size;
  return {
    length,
    indexes: batch.indexes,
    bytes: Buffer.concat(parts, size),
    keyStarts: repairedKeyStarts,
    valueStarts: repairedValueStarts,
  };
}

const encoder = new TextEncoder();
/** A byte order mark is a character of the field here. */
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
