import { detectEncoding, refuseBinary, toPlainUtf8 } from "../../bytes/decode.ts";
import type { Dialect } from "../../model/dialect.ts";
import { WorkerFault } from "../../model/fault.ts";
import type { Manifest } from "../../model/manifest.ts";
import type { ObjectReader, ObjectStore, ObjectVersion } from "../../model/objectStore.ts";
import { sniffDialect } from "../../records/sniffDialect.ts";
import type { ValidatorSettings } from "../../settings/settings.ts";
import { type Header, readHeader } from "./readHeader.ts";

/** The data as it is scanned: the file itself, or a plain copy of it. */
export interface OpenedData {
  readonly source: ObjectVersion;
  readonly reader: ObjectReader;
  readonly compression: Manifest["compression"];
  readonly encoding: string;
  readonly dialect: Dialect;
  readonly header: Header;
}

/** Enough to guess how a file is written. */
const firstBytesWanted = 64 * 1024;

/**
 * Opens the input, finds out how it is written and reads its header. What is compressed or not UTF-8 is written as a plain copy
 * first: positions in compressed bytes are of no use to somebody who wants to begin in the middle.
 */
export async function openData(
  settings: ValidatorSettings,
  store: ObjectStore,
  signal: AbortSignal,
  onSource: (source: ObjectVersion) => void,
): Promise<OpenedData> {
  const original = await store.open(settings.input);
  const source = original.version;
  onSource(source);
  if (source.size === 0) {
    throw new WorkerFault("data-refused", `${source.uri} is empty; expected a header with the names of the columns`, {
      hint: "write the file again, with a first line that names the columns",
    });
  }
  const first = await readFirst(original, firstBytesWanted, signal);
  const detected = detectEncoding(first);
  const encoding = detected.bomBytes > 0 ? detected.encoding : (settings.encoding ?? detected.encoding);
  const isPlain = detected.compression === "none" && isUtf8Label(encoding);
  if (detected.compression === "none") refuseBinary(first.subarray(0, 1024), source.uri);
  const reader = isPlain ? original : await copyOf(original, { settings, store, signal, encoding });
  const { dialect, header } = await readBeginning(reader, isPlain ? detected.bomBytes : 0, settings, signal);
  return { source, reader, compression: detected.compression, encoding, dialect, header };
}

async function readFirst(reader: ObjectReader, most: number, signal: AbortSignal): Promise<Uint8Array> {
  const bytes = new Uint8Array(Math.min(most, reader.version.size));
  await reader.readInto(0, bytes, signal);
  return bytes;
}

function isUtf8Label(label: string): boolean {
  return /^(utf-?8|unicode-1-1-utf-8|us-ascii|ascii)$/i.test(label);
}

interface CopyParts {
  readonly settings: ValidatorSettings;
  readonly store: ObjectStore;
  readonly signal: AbortSignal;
  readonly encoding: string;
}

async function copyOf(original: ObjectReader, { settings, store, signal, encoding }: CopyParts): Promise<ObjectReader> {
  const { uri, size } = original.version;
  const writer = store.createWriter(`${settings.output}data.csv`, { contentType: "text/csv; charset=utf-8" });
  try {
    let isFirst = true;
    for await (const piece of toPlainUtf8(original.stream(0, size, signal), { encoding, uri })) {
      if (isFirst && piece.length > 0) {
        refuseBinary(piece.subarray(0, 1024), uri);
        isFirst = false;
      }
      await writer.write(piece);
    }
    const copy = await writer.close();
    await original.close();
    return await store.open(copy.uri, { etag: copy.etag });
  } catch (error) {
    await writer.abort();
    throw error;
  }
}

async function readBeginning(
  reader: ObjectReader,
  startByte: number,
  settings: ValidatorSettings,
  signal: AbortSignal,
): Promise<{ readonly dialect: Dialect; readonly header: Header }> {
  const { uri, size } = reader.version;
  let bytes = await readFirst(reader, firstBytesWanted, signal);
  const dialect = sniffDialect(bytes.subarray(startByte), settings);
  if (dialect.delimiter === dialect.quote) {
    throw new WorkerFault(
      "usage",
      `the delimiter and the quote are both ${JSON.stringify(dialect.quote)}; expected two characters`,
    );
  }
  const options = { dialect, maxRecordBytes: settings.maxRecordBytes, startByte, uri };
  let header = readHeader(bytes.subarray(startByte), bytes.length === size, options);
  if (header === undefined) {
    // A header of thousands of columns. One that is longer than a record may be is malformed by then.
    bytes = await readFirst(reader, startByte + 2 * settings.maxRecordBytes + firstBytesWanted, signal);
    header = readHeader(bytes.subarray(startByte), true, options);
  }
  if (header === undefined) throw new Error(`the header of ${uri} neither ends nor is too long`);
  return { dialect, header };
}
