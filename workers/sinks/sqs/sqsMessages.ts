import { createHash } from "node:crypto";
import type { DeliveryContext, MessageBatch } from "../../model/recordSink.ts";
import type { SqsEntry } from "./sqsQueue.ts";

/** A message with its position in the batch, and its size as counted by SQS. */
export interface SqsMessage {
  readonly position: number;
  readonly entry: SqsEntry;
  /** The body and the names, types and values of the attributes, in bytes. */
  readonly size: number;
}

/** Creates SQS messages from those of a batch. Their ids are their positions. */
export function sqsMessages(batch: MessageBatch, context: DeliveryContext, isFifo: boolean): SqsMessage[] {
  const bytes = Buffer.from(batch.bytes.buffer, batch.bytes.byteOffset, batch.bytes.byteLength);
  const source = withoutForbidden(context.source);
  const chunkId = withoutForbidden(context.chunkId);
  return Array.from({ length: batch.length }, (_, position) => {
    const keyStart = batch.keyStarts[position] as number;
    const valueStart = batch.valueStarts[position] as number;
    const recordId = `${context.etag}:${batch.indexes[position]}`;
    const body = escapeForbidden(bytes.toString("utf8", valueStart, batch.keyStarts[position + 1]));
    const attributes = { "record-id": recordId, source, "chunk-id": chunkId };
    const group = keyStart === valueStart ? context.chunkId : bytes.toString("utf8", keyStart, valueStart);
    const fifo = isFifo ? { group: asFifoId(group), deduplication: asFifoId(recordId) } : undefined;
    return { position, entry: { id: String(position), body, attributes, fifo }, size: sizeOf(body, attributes) };
  });
}

/**
 * SQS rejects what XML 1.0 cannot contain: control characters, U+FFFE and U+FFFF. In JSON such a character can only be
 * inside a string (where control characters are already escaped), and its escape means the same.
 */
function escapeForbidden(json: string): string {
  return json.replace(/[\uFFFE\uFFFF]/g, (character) => (character === "\uFFFE" ? "\\ufffe" : "\\uffff"));
}

/** Attributes have no escapes. */
function withoutForbidden(text: string): string {
  return text.replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "\uFFFD");
}

/** Ids of FIFO queues: 1 to 128 letters, digits and ASCII punctuation. Anything else is replaced by its SHA-256. */
export function asFifoId(text: string): string {
  return /^[!-~]{1,128}$/.test(text) ? text : createHash("sha256").update(text).digest("hex");
}

function sizeOf(body: string, attributes: Readonly<Record<string, string>>): number {
  let size = Buffer.byteLength(body);
  for (const [name, value] of Object.entries(attributes)) {
    size += Buffer.byteLength(name) + "String".length + Buffer.byteLength(value);
  }
  return size;
}
