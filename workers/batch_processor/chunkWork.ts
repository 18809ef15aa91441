import { createHash } from "node:crypto";
import { WorkerFault } from "../model/fault.ts";
import type { Chunk, Manifest } from "../model/manifest.ts";
import type { ObjectStore } from "../model/objectStore.ts";
import { beside } from "../offsets/names.ts";
import { countRejectedIndexes } from "../offsets/rejectedIndexes.ts";
import type { Work } from "./work.ts";

export interface ChunkRequest {
  readonly chunkId: string;
  readonly startIndex: number;
  readonly endIndex: number;
  readonly manifest: string;
}

/** The work for a chunk of a validated file. Throws a WorkerFault (input-missing, usage). */
export async function readChunkWork(store: ObjectStore, request: ChunkRequest): Promise<Work> {
  const { manifest: uri } = request;
  const manifestBytes = await getOrFail(store, uri);
  const manifest = parseJson(manifestBytes);
  if (!isManifest(manifest)) throw isRetired(manifest) ? notAccepted(uri) : notOurs(uri, "a manifest");
  const { data, source, columns, dialect, maxRecordBytes } = manifest;
  const [chunksUri, rejectedUri] = [beside(uri, "chunks.json"), beside(uri, "rejected.bin")];
  const chunk = await findChunk(store, chunksUri, request);
  if (chunk.endByte > data.size) {
    throw notOurs(chunksUri, `chunks of ${data.size} bytes (chunk ${chunk.chunkId} ends at byte ${chunk.endByte})`);
  }
  const rejectedIndexes = await readRejected(store, rejectedUri, chunk);
  const identity = createHash("sha256").update(manifestBytes).update(JSON.stringify(chunk)).update(rejectedIndexes);
  const { chunkId, startIndex, endIndex, startByte, endByte, startLine, crc32, rejected } = chunk;
  return {
    ...{ chunkId, startIndex, endIndex, data, sourceUri: source.uri, columns, dialect, maxRecordBytes },
    start: { index: startIndex, byte: startByte, line: startLine, crc32: 0 },
    endByte,
    validated: { manifestUri: uri, crc32, rejected, rejectedIndexes, identity: identity.digest("hex") },
    reads: [uri, chunksUri, rejectedUri, data.uri, source.uri],
  };
}

async function findChunk(store: ObjectStore, uri: string, request: ChunkRequest): Promise<Chunk> {
  const chunks = parseJson(await getOrFail(store, uri));
  if (!Array.isArray(chunks)) throw notOurs(uri, "a list of chunks");
  const chunk: unknown = chunks.find((entry) => (entry as Partial<Chunk> | null)?.chunkId === request.chunkId);
  if (chunk === undefined) {
    throw new WorkerFault(
      "usage",
      `${uri} has no chunk ${JSON.stringify(request.chunkId)} among its ${chunks.length}`,
      {
        hint: "Use the id of a chunk that this file lists; the input may have been validated again since.",
      },
    );
  }
  if (!isChunk(chunk)) throw notOurs(uri, `a proper entry for chunk ${JSON.stringify(request.chunkId)}`);
  for (const name of ["startIndex", "endIndex"] as const) {
    if (chunk[name] !== request[name]) {
      throw new WorkerFault(
        "usage",
        `${name} is ${request[name]}, but chunk ${request.chunkId} of ${uri} has ${name} ${chunk[name]}`,
        { hint: "Use the values of one entry of chunks.json; the input may have been validated again since." },
      );
    }
  }
  return chunk;
}

async function readRejected(store: ObjectStore, uri: string, chunk: Chunk): Promise<Uint8Array> {
  const bytes = new Uint8Array(chunk.rejectedEnd - chunk.rejectedStart);
  if (bytes.length > 0) {
    const reader = await store.open(uri);
    try {
      if (reader.version.size < chunk.rejectedEnd) {
        throw notOurs(uri, `at least ${chunk.rejectedEnd} bytes (it has ${reader.version.size})`);
      }
      await reader.readInto(chunk.rejectedStart, bytes);
    } finally {
      await reader.close();
    }
  }
  const count = countRejectedIndexes(bytes);
  if (count !== chunk.rejected) {
    throw notOurs(uri, `${chunk.rejected} rejected records for chunk ${chunk.chunkId} (it has ${count})`);
  }
  return bytes;
}

async function getOrFail(store: ObjectStore, uri: string): Promise<Uint8Array> {
  const object = await store.get(uri);
  if (object !== undefined) return object.bytes;
  throw new WorkerFault("input-missing", `${uri} does not exist`, {
    hint: "Validate the file first, and pass the manifest.json of that run with --manifest.",
  });
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString());
  } catch {
    return undefined;
  }
}

/** What the validator replaces the manifest of an earlier run with. */
function isRetired(value: unknown): boolean {
  return (value as { readonly format?: unknown } | null | undefined)?.format === "gen-batch-config/retired-manifest/1";
}

function notAccepted(uri: string): WorkerFault {
  return new WorkerFault("input-missing", `${uri} is not a manifest: the last validation did not accept the file`, {
    hint: "See report.html beside it for the errors, correct the file and validate it again.",
  });
}

function notOurs(uri: string, expected: string): WorkerFault {
  return new WorkerFault("input-missing", `${uri} does not contain ${expected}`, {
    hint: "Validate the file again: this was not written by batch_validator, is damaged, or belongs to another run.",
  });
}

/** Checks what the processor relies on, and nothing else. */
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

function isChunk(value: unknown): value is Chunk {
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
