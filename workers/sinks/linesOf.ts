import type { MessageBatch } from "../model/recordSink.ts";

/** The values of a batch, one a line. JSON has no line end of its own in it, so a line is a value. Keys are left out. */
export function linesOf({ length, bytes, keyStarts, valueStarts }: MessageBatch): Uint8Array {
  const lines = new Uint8Array(bytes.length + length);
  let at = 0;
  for (let i = 0; i < length; i++) {
    const start = valueStarts[i] as number;
    const end = keyStarts[i + 1] as number;
    lines.set(bytes.subarray(start, end), at);
    at += end - start;
    lines[at++] = lineFeed;
  }
  return lines.subarray(0, at);
}

const lineFeed = 0x0a;
