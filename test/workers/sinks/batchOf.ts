import type { MessageBatch } from "../../../workers/model/recordSink.ts";

export interface TestMessage {
  readonly index: number;
  readonly key?: string;
  readonly value: string;
}

/** Packs messages as a MessageWriter would. */
export function batchOf(messages: readonly TestMessage[]): MessageBatch {
  const keyStarts = new Uint32Array(messages.length + 1);
  const valueStarts = new Uint32Array(messages.length);
  const parts: Buffer[] = [];
  let size = 0;
  messages.forEach(({ key = "", value }, i) => {
    const keyBytes = Buffer.from(key);
    const valueBytes = Buffer.from(value);
    parts.push(keyBytes, valueBytes);
    keyStarts[i] = size;
    valueStarts[i] = size + keyBytes.length;
    size += keyBytes.length + valueBytes.length;
  });
  keyStarts[messages.length] = size;
  const indexes = Float64Array.from(messages, ({ index }) => index);
  return { length: messages.length, indexes, bytes: Buffer.concat(parts), keyStarts, valueStarts };
}
