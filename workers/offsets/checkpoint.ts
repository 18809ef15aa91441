import type { IndexRange } from "./ledger.ts";

/**
 * The progress of delivering one chunk to one destination. Everything below nextIndex is done, and so is what
 * doneBeyond lists; the next attempt continues at nextByte and skips what is done.
 */
export interface Checkpoint {
  readonly format: typeof checkpointFormat;
  readonly chunkId: string;
  readonly startIndex: number;
  readonly endIndex: number;
  /** SHA-256 of what determines the messages: the manifest, the chunk's entry, its list of rejected records. */
  readonly work: string;
  /** The destination, such as `kafka:orders@broker:9092`. */
  readonly destination: string;
  /** Who wrote it last. */
  readonly attempt: string;
  readonly nextIndex: number;
  /** Where record nextIndex, or a blank line before it, starts in the data, and its line. */
  readonly nextByte: number;
  readonly nextLine: number;
  /** CRC-32 of the chunk's bytes below nextByte, as 8 hexadecimal digits. */
  readonly crc32: string;
  /** Ascending, and not below nextIndex. */
  readonly doneBeyond: readonly IndexRange[];
  /** Messages acknowledged and refused so far, by all attempts. */
  readonly delivered: number;
  readonly refused: number;
  /** The chunk is complete, including its CRC-32. */
  readonly done: boolean;
}

export const checkpointFormat = "gen-batch-config/checkpoint/1";

export function encodeCheckpoint(checkpoint: Checkpoint): Uint8Array {
  return Buffer.from(`${JSON.stringify(checkpoint)}\n`);
}

/**
 * Undefined when the bytes are not a consistent checkpoint: a wrong one could lose records, while starting
 * over only sends some again.
 */
export function decodeCheckpoint(bytes: Uint8Array): Checkpoint | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString());
    return isCheckpoint(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isCheckpoint(value: unknown): value is Checkpoint {
  if (typeof value !== "object" || value === null) return false;
  const checkpoint = value as Record<keyof Checkpoint, unknown>;
  const { startIndex, endIndex, nextIndex } = checkpoint;
  return (
    checkpoint.format === checkpointFormat &&
    texts.every((key) => typeof checkpoint[key] === "string") &&
    counts.every((key) => isCount(checkpoint[key])) &&
    typeof checkpoint.done === "boolean" &&
    /^[0-9a-f]{8}$/.test(checkpoint.crc32 as string) &&
    (startIndex as number) <= (nextIndex as number) &&
    (nextIndex as number) <= (endIndex as number) &&
    areRanges(checkpoint.doneBeyond, nextIndex as number, endIndex as number)
  );
}

const texts = ["chunkId", "work", "destination", "attempt", "crc32"] as const satisfies readonly (keyof Checkpoint)[];
const counts = [
  "startIndex",
  "endIndex",
  "nextIndex",
  "nextByte",
  "nextLine",
  "delivered",
  "refused",
] as const satisfies readonly (keyof Checkpoint)[];

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** Ascending and disjoint, within [min, max). */
function areRanges(value: unknown, min: number, max: number): value is readonly IndexRange[] {
  if (!Array.isArray(value)) return false;
  let end = min;
  for (const range of value as readonly unknown[]) {
    if (!Array.isArray(range) || range.length !== 2) return false;
    const [from, to] = range as readonly unknown[];
    if (!isCount(from) || !isCount(to) || from < end || to <= from || to > max) return false;
    end = to;
  }
  return true;
}
