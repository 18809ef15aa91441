import { createHash } from "node:crypto";
import { WorkerFault } from "../model/fault.ts";
import type { Chunk, Manifest } from "../model/manifest.ts";
import type { ObjectStore } from "../model/objectStore.ts";
import { beside } from "../offsets/beside.ts";
import { countRejectedIndexes } from "../offsets/rejectedIndexes.ts";
import { decodeManifest, isChunk } from "./manifestShape.ts";

/** What there is to do for one chunk. */
export interface ChunkWork {
  readonly manifest: Manifest;
  readonly chunk: Chunk;
  /** The part of `rejected.bin` that is about this chunk. */
  readonly rejected: Uint8Array;
  /** SHA-256 of everything above: the same work gives the same messages. */
  readonly identity: string;
}

export interface ChunkRequest {
  readonly chunkId: string;
  readonly startIndex: number;
  readonly endIndex: number;
  readonly manifest: string;
}

/** Reads the manifest and what stands beside it, and finds the chunk. Throws a WorkerFault (input-missing, usage). */
export async function readChunkWork(store: ObjectStore, request: ChunkRequest): Promise<ChunkWork> {
  const manifestBytes = await getOrFail(store, request.manifest);
  const manifest = decodeManifest(manifestBytes);
  if (manifest === undefined)
    throw isRetired(manifestBytes) ? notAccepted(request.manifest) : notOurs(request.manifest, "a manifest");
  const chunk = await findChunk(store, request);
  if (chunk.endByte > manifest.data.size) {
    const found = `chunk ${chunk.chunkId} ends at byte ${chunk.endByte}`;
    throw notOurs(beside(request.manifest, "chunks.json"), `chunks of ${manifest.data.size} bytes (${found})`);
  }
  const rejected = await readRejected(store, beside(request.manifest, "rejected.bin"), chunk);
  const identity = createHash("sha256").update(manifestBytes).update(JSON.stringify(chunk)).update(rejected);
  return { manifest, chunk, rejected, identity: identity.digest("hex") };
}

async function findChunk(store: ObjectStore, request: ChunkRequest): Promise<Chunk> {
  const uri = beside(request.manifest, "chunks.json");
  const chunks = parseJson(await getOrFail(store, uri));
  if (!Array.isArray(chunks)) throw notOurs(uri, "a list of chunks");
  const chunk: unknown = chunks.find((entry) => (entry as Partial<Chunk> | null)?.chunkId === request.chunkId);
  if (chunk === undefined) {
    throw new WorkerFault(
      "usage",
      `${uri} has no chunk ${JSON.stringify(request.chunkId)} among its ${chunks.length}`,
      {
        hint: "Give the id of a chunk that this file lists; the file may have been validated again since.",
      },
    );
  }
  if (!isChunk(chunk)) throw notOurs(uri, `a proper entry for chunk ${JSON.stringify(request.chunkId)}`);
  for (const name of ["startIndex", "endIndex"] as const) {
    if (chunk[name] !== request[name]) {
      throw new WorkerFault(
        "usage",
        `${name} was given as ${request[name]}, but chunk ${request.chunkId} of ${uri} has ${name} ${chunk[name]}`,
        { hint: "Take all values from the same entry of chunks.json; the file may have been validated again since." },
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
    hint: "Validate the file first, and give the manifest.json of that run with --manifest.",
  });
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString());
  } catch {
    return undefined;
  }
}

/** What the validator leaves in place of the manifest of an earlier run. */
function isRetired(bytes: Uint8Array): boolean {
  const value = parseJson(bytes) as { readonly format?: unknown } | null | undefined;
  return value?.format === "gen-batch-config/retired-manifest/1";
}

function notAccepted(uri: string): WorkerFault {
  return new WorkerFault("input-missing", `${uri} holds no manifest: the last validation did not accept the file`, {
    hint: "See report.html beside it for what was wrong, correct the file and validate it again.",
  });
}

function notOurs(uri: string, expected: string): WorkerFault {
  return new WorkerFault("input-missing", `${uri} does not hold ${expected}`, {
    hint: "Validate the file again: this was not written by batch_validator, is damaged, or belongs to another run.",
  });
}
