import { WorkerFault } from "../model/fault.ts";
import { isSafeName } from "../offsets/safeName.ts";
import type { ProcessorSettings } from "../settings/settings.ts";
import { deliverChunk } from "./deliver.ts";
import { deliverRange } from "./deliverRange.ts";
import type { ChunkResult, ProcessorParts } from "./parts.ts";
import { orStopped } from "./stopped.ts";

/**
 * Sends every good record of a chunk to the destination: at least once, and none is ever lost.
 *
 * Resolves when all of them are delivered (outcome done, exit code 0). Throws a WorkerFault otherwise: try-again when it
 * was stopped, when the destination is away, or when another attempt has taken over; data-refused when everything was
 * delivered but messages that the destination will never take.
 */
export async function sendChunk(settings: ProcessorSettings, parts: ProcessorParts): Promise<ChunkResult> {
  try {
    return await deliver(settings, parts);
  } catch (error) {
    if (error instanceof WorkerFault) throw error;
    throw orStopped(error, parts.signal, {
      message: `${settings.chunkId} was stopped before anything was sent`,
      hint: "Nothing to do: the next attempt begins where this one meant to.",
    });
  }
}

async function deliver(settings: ProcessorSettings, parts: ProcessorParts): Promise<ChunkResult> {
  refuseUnsafe(settings.chunkId);
  const { manifest, input } = settings;
  if (manifest !== undefined) return deliverChunk({ ...settings, manifest }, parts);
  if (input !== undefined) return deliverRange({ ...settings, input }, parts);
  throw new WorkerFault("usage", "neither a manifest nor an input was given", {
    hint: "Give --manifest, or --input to find the range by reading from the start.",
  });
}

/** The chunk's id becomes part of object names. */
function refuseUnsafe(chunkId: string): void {
  if (isSafeName(chunkId)) return;
  throw new WorkerFault("usage", `the chunk id is ${JSON.stringify(chunkId.slice(0, 200))}`, {
    hint: "Give up to 128 letters, digits, and the characters - _ . (not first), as chunks.json has them.",
  });
}
