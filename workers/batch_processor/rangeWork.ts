import { oneLine } from "../../src/shared/text.ts";
import { firstBytesNeeded } from "../decode/decode.ts";
import { recognise, refuseUnreadable, type TextForm } from "../decode/recognise.ts";
import { WorkerFault } from "../model/fault.ts";
import type { ObjectReader, ObjectStore } from "../model/objectStore.ts";
import { readDialectAndHeader, readFirst } from "../records/header.ts";
import type { ProcessorSettings } from "../settings/settings.ts";
import type { Work } from "./work.ts";

/**
 * The work for a range of records of a file that was not validated. It is read from its first record to find them, and
 * every column is text. Throws a WorkerFault (input-missing, data-refused, usage).
 */
export async function readRangeWork(
  store: ObjectStore,
  input: string,
  settings: ProcessorSettings,
  signal: AbortSignal,
): Promise<Work> {
  const reader = await store.open(input);
  try {
    const { uri, size, etag } = reader.version;
    const { bomBytes } = await recognisePlain(reader, settings, signal);
    const { dialect, header } = await readDialectAndHeader(reader, { ...settings, startByte: bomBytes, uri, signal });
    const { chunkId, startIndex, endIndex, maxRecordBytes } = settings;
    return {
      chunkId,
      startIndex,
      endIndex,
      data: { uri, etag },
      sourceUri: uri,
      columns: header.names.map((name) => ({ name, type: "string" })),
      dialect,
      maxRecordBytes,
      start: { index: 0, byte: header.endByte, line: header.nextLine, crc32: 0 },
      endByte: size,
      validated: undefined,
      reads: [uri],
    };
  } finally {
    await reader.close();
  }
}

/** The validator writes other files as plain UTF-8 first, and a record-id refers to that copy. */
async function recognisePlain(
  reader: ObjectReader,
  { encoding: given }: ProcessorSettings,
  signal: AbortSignal,
): Promise<TextForm> {
  const { uri } = reader.version;
  const first = await readFirst(reader, firstBytesNeeded, signal);
  const form = recognise(first, given);
  refuseUnreadable(first, form, uri);
  if (form.isPlain) return form;
  const { compression, encoding, bomBytes } = form;
  const hint = "Run batch_validator on it, and pass the manifest.json of that run with --manifest.";
  const expected = "expected plain UTF-8 without a manifest";
  if (compression !== "none") {
    throw new WorkerFault("data-refused", `${oneLine(uri)} is compressed with ${compression}; ${expected}`, { hint });
  }
  if (bomBytes > 0) throw new WorkerFault("data-refused", `${oneLine(uri)} is ${encoding} text; ${expected}`, { hint });
  const named = `--encoding of ${oneLine(uri)} is ${JSON.stringify(encoding)}`;
  throw new WorkerFault("usage", `${named}; ${expected}`, { hint });
}
