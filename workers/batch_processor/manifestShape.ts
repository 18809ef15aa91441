import type { Chunk, Manifest } from "../model/manifest.ts";

/** Undefined when the bytes are no manifest. What the processor relies on is looked at, and nothing else. */
export function decodeManifest(bytes: Uint8Array): Manifest | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString());
    return isManifest(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isManifest(value: unknown): value is Manifest {
  const manifest = value as Partial<Manifest> | null;
  const { data, dialect, columns } = manifest ?? {};
  return (
    manifest?.format === "gen-batch-config/manifest/1" &&
    [data?.uri, data?.etag].every((text) => typeof text === "string") &&
    isCount(data?.size) &&
    isCount(manifest?.maxRecordBytes) &&
    isAscii(dialect?.delimiter) &&
    isAscii(dialect?.quote) &&
    (dialect?.lineEnd === "lf" || dialect?.lineEnd === "cr") &&
    Array.isArray(columns) &&
    columns.every((column) => typeof column?.name === "string" && types.has(column?.type))
  );
}

const types: ReadonlySet<unknown> = new Set(["string", "integer", "number", "boolean"]);

export function isChunk(value: unknown): value is Chunk {
  const chunk = value as Partial<Chunk> | null;
  if (chunk === null || typeof chunk !== "object" || typeof chunk.chunkId !== "string") return false;
  const { startIndex, endIndex, startByte, endByte, rejectedStart, rejectedEnd } = chunk;
  return (
    isSpan(startIndex, endIndex) &&
    isSpan(startByte, endByte) &&
    isSpan(rejectedStart, rejectedEnd) &&
    isCount(chunk.startLine) &&
    isCount(chunk.rejected) &&
    typeof chunk.crc32 === "string" &&
    /^[0-9a-f]{8}$/.test(chunk.crc32)
  );
}

function isSpan(from: unknown, to: unknown): boolean {
  return isCount(from) && isCount(to) && from <= to;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isAscii(value: unknown): boolean {
  return typeof value === "string" && value.length === 1 && value.charCodeAt(0) < 0x80;
}
