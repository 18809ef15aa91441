import { WorkerFault } from "../model/fault.ts";
import type { ChunkWork } from "./chunkWork.ts";

/** What was found where the chunk ends. */
export interface ChunkRead {
  /** Of the record that would come next. */
  readonly index: number;
  readonly crc32: string;
  /** A record that is not as the manifest says, and its place. */
  readonly disagreement: string | undefined;
}

/**
 * Throws when the chunk is not as it was validated: a WorkerFault (input-missing) when its bytes are others, and (bug) when
 * the same bytes were read differently. In this order: other bytes are the likelier reason for other records.
 */
export function verifyChunk({ chunk, manifest }: ChunkWork, { index, crc32, disagreement }: ChunkRead): void {
  if (crc32 !== chunk.crc32) {
    const bytes = `bytes ${chunk.startByte} to ${chunk.endByte} of ${manifest.data.uri}`;
    throw new WorkerFault(
      "input-missing",
      `${bytes} are not those that were validated: their CRC-32 is ${crc32}, and ${chunk.crc32} in chunks.json`,
      {
        hint: "Validate the file again. Records may have been sent from the other bytes: remove them where they went.",
      },
    );
  }
  if (disagreement !== undefined) throw new WorkerFault("bug", `chunk ${chunk.chunkId} has ${disagreement}`, { hint });
  if (index === chunk.endIndex) return;
  const found = index - chunk.startIndex;
  const expected = chunk.endIndex - chunk.startIndex;
  throw new WorkerFault("bug", `chunk ${chunk.chunkId} has ${found} records; ${expected} in chunks.json`, { hint });
}

const hint = "Report it, with the versions of both programs: validator and processor read the same bytes differently.";
