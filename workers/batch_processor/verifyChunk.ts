import { oneLine } from "../../src/shared/text.ts";
import { recognise } from "../decode/recognise.ts";
import { WorkerFault } from "../model/fault.ts";
import type { ObjectReader } from "../model/objectStore.ts";
import { detectionBytes, readDialectAndHeader, readFirst } from "../records/header.ts";
import type { ValidatedChunk, Work } from "./work.ts";

/** What was found at the end of the chunk. */
export interface ChunkRead {
  /** Position of the record that would come next. */
  readonly index: number;
  readonly crc32: string;
  /** A record that differs from what the manifest says, and its position. */
  readonly disagreement: string | undefined;
}

/**
 * Throws when the chunk is not as it was validated: a WorkerFault (input-missing) when its bytes or the manifest
 * changed, and (bug) when the same bytes were read differently. In this order, because changed bytes are the likelier
 * cause.
 */
export async function verifyChunk(
  work: Work,
  { crc32: expectedCrc }: ValidatedChunk,
  { index, crc32, disagreement }: ChunkRead,
  { data, signal }: { readonly data: ObjectReader; readonly signal: AbortSignal },
): Promise<void> {
  const { chunkId, startIndex, endIndex, start, endByte } = work;
  if (crc32 !== expectedCrc) {
    const bytes = `bytes ${start.byte} to ${endByte} of ${work.data.uri}`;
    throw new WorkerFault(
      "input-missing",
      `${bytes} changed since they were validated: their CRC-32 is ${crc32}, and ${expectedCrc} in chunks.json`,
      {
        hint: "Validate the file again. Records of the changed bytes may have been sent: remove them from the destination.",
      },
    );
  }
  if (disagreement !== undefined) {
    await refuseOtherColumns(data, work, signal);
    throw new WorkerFault("bug", `chunk ${chunkId} has ${disagreement}`, { hint });
  }
  if (index === endIndex) return;
  const [found, expected] = [index - startIndex, endIndex - startIndex];
  throw new WorkerFault("bug", `chunk ${chunkId} has ${found} records; ${expected} in chunks.json`, { hint });
}

const hint = "Report it, with the versions of both programs: validator and processor read the same bytes differently.";

/**
 * Throws input-missing when the columns of the manifest differ from those of the data: then the manifest was changed.
 * Called only when a record is not as it should be, because it reads the start of the data.
 */
async function refuseOtherColumns(
  data: ObjectReader,
  { dialect, maxRecordBytes, columns }: Work,
  signal: AbortSignal,
): Promise<void> {
  const { uri } = data.version;
  const { bomBytes } = recognise(await readFirst(data, detectionBytes, signal), undefined);
  const { header } = await readDialectAndHeader(data, { ...dialect, maxRecordBytes, startByte: bomBytes, uri, signal });
  if (JSON.stringify(header.names) === JSON.stringify(columns.map(({ name }) => name))) return;
  throw new WorkerFault(
    "input-missing",
    `the manifest has ${columns.length} columns, which do not match the ${header.names.length} in the header of ${oneLine(uri)}`,
    { hint: "Validate the file again: manifest.json was changed, or belongs to another file." },
  );
}
