import { detectEncoding, refuseBinary, toPlainUtf8 } from "../../decode/decode.ts";
import type { Dialect } from "../../model/dialect.ts";
import { WorkerFault } from "../../model/fault.ts";
import type { Manifest } from "../../model/manifest.ts";
import type { ObjectReader, ObjectStore, ObjectVersion } from "../../model/objectStore.ts";
import { type Header, readHeader } from "../../records/header.ts";
import { sniffDialect } from "../../records/sniffDialect.ts";
import type { ValidatorSettings } from "../../settings/settings.ts";
import { retireManifest } from "./retireManifest.ts";

/** The data as it is scanned: the file itself, or a plain copy of it. */
export interface OpenedData {
  readonly source: ObjectVersion;
  readonly reader: ObjectReader;
  readonly compression: Manifest["compression"];
  readonly encoding: string;
  readonly dialect: Dialect;
  readonly header: Header;
}

/** What is known of the input before its records are read: what the report of a file says that is refused before that. */
export interface SourceFacts {
  readonly source: ObjectVersion;
  readonly compression: Manifest["compression"];
  readonly encoding: string;
  readonly dialect?: Dialect;
}

/** Enough to guess how a file is written. */
const firstBytesWanted = 64 * 1024;

/**
 * Opens the input, finds out how it is written and reads its header. What is compressed or not UTF-8 is written as a plain copy
 * first: positions in compressed bytes are of no use to somebody who wants to begin in the middle. `onFacts` is called as
 * soon as something more is known. Throws data-refused for what is no CSV file with a header.
 */
export async function openData(
  settings: ValidatorSettings,
  store: ObjectStore,
  signal: AbortSignal,
  onFacts: (facts: SourceFacts) => void,
): Promise<OpenedData> {
  const original = await store.open(settings.input);
  const source = original.version;
  const open = new Set<ObjectReader>([original]);
  try {
    onFacts({ source, compression: "none", encoding: settings.encoding ?? "utf-8" });
    await retireManifest(store, settings.output);
    const first = await readFirst(original, firstBytesWanted, signal);
    const { compression, encoding: marked, bomBytes } = detectEncoding(first);
    const encoding = bomBytes > 0 ? marked : (settings.encoding ?? marked);
    onFacts({ source, compression, encoding });
    // What is compressed or UTF-16 looks like no text before it is decoded; the copy is looked at again.
    if (compression === "none" && !isUtf16Label(encoding)) refuseBinary(first.subarray(0, 1024), source.uri);
    const isPlain = compression === "none" && isUtf8Label(encoding);
    let reader = original;
    if (!isPlain) {
      reader = await copyOf(original, { settings, store, signal, encoding });
      open.add(reader);
      open.delete(original);
      await original.close();
    }
    const written = { source, compression, encoding };
    const { dialect, header } = await readBeginning(reader, isPlain ? bomBytes : 0, settings, signal, {
      uri: source.uri,
      onDialect: (found) => onFacts({ ...written, dialect: found }),
    });
    return { ...written, reader, dialect, header };
  } catch (error) {
    await Promise.all([...open].map((reader) => reader.close()));
    throw error;
  }
}

async function readFirst(reader: ObjectReader, most: number, signal: AbortSignal): Promise<Uint8Array> {
  const bytes = new Uint8Array(Math.min(most, reader.version.size));
  await reader.readInto(0, bytes, signal);
  return bytes;
}

function isUtf8Label(label: string): boolean {
  return /^(utf-?8|unicode-1-1-utf-8|us-ascii|ascii)$/i.test(label);
}

function isUtf16Label(label: string): boolean {
  return /^(utf-?16|ucs-?2|unicode|csunicode|iso-10646-ucs-2)/i.test(label) && !isUtf8Label(label);
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
  { uri, onDialect }: { readonly uri: string; readonly onDialect: (dialect: Dialect) => void },
): Promise<{ readonly dialect: Dialect; readonly header: Header }> {
  const { size } = reader.version;
  let bytes = await readFirst(reader, firstBytesWanted, signal);
  const dialect = sniffDialect(bytes.subarray(startByte), settings);
  if (dialect.delimiter === dialect.quote) {
    throw new WorkerFault(
      "usage",
      `the delimiter and the quote are both ${JSON.stringify(dialect.quote)}; expected two characters`,
      { hint: "name another one with --delimiter or --quote" },
    );
  }
  onDialect(dialect);
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
