import { oneLine } from "../../src/shared/text.ts";
import { WorkerFault } from "../model/fault.ts";
import type { Manifest } from "../model/manifest.ts";
import type { ObjectReader } from "../model/objectStore.ts";
import { readHeader } from "./readHeader.ts";

/**
 * Throws input-missing when the columns of the manifest are others than those of the data: then somebody has changed it. To be asked
 * when a record has another number of fields, because it reads the beginning of the data.
 */
export async function refuseOtherColumns(
  data: ObjectReader,
  { dialect, maxRecordBytes, columns }: Manifest,
  signal: AbortSignal,
): Promise<void> {
  const header = await readHeader(data, dialect, { maxRecordBytes, signal });
  const [found, named] = [header.columns, columns].map((list) => list.map(({ name }) => name));
  if (JSON.stringify(found) === JSON.stringify(named)) return;
  throw new WorkerFault(
    "input-missing",
    `the manifest has ${columns.length} columns that are not those of ${oneLine(data.version.uri)}, whose header names ${header.columns.length}`,
    { hint: "Validate the file again: manifest.json was changed, or belongs to another file." },
  );
}
