import { refuseBinary, toPlainUtf8 } from "../decode/decode.ts";
import { recognise, refuseUnreadable } from "../decode/recognise.ts";
import type { Dialect } from "../model/dialect.ts";
import type { Manifest } from "../model/manifest.ts";
import type { ObjectReader, ObjectStore, ObjectVersion } from "../model/objectStore.ts";
import { detectionBytes, type Header, readDialectAndHeader, readFirst } from "../records/header.ts";
import type { ValidatorSettings } from "../settings/settings.ts";

/** The data to scan: the file itself, or a plain copy of it. */
export interface OpenedData {
  readonly source: ObjectVersion;
  readonly reader: ObjectReader;
  readonly compression: Manifest["compression"];
  readonly encoding: string;
  readonly dialect: Dialect;
  readonly header: Header;
}

/** What is known about the input before its records are read, for the report of a file that is refused before that. */
export interface SourceFacts {
  readonly source: ObjectVersion;
  readonly compression: Manifest["compression"];
  readonly encoding: string;
  readonly dialect?: Dialect;
}

/**
 * Retires the manifest of an earlier run before anything beside it is rewritten: old chunks must not be combined with
 * new lists of rejected records. It is overwritten instead of deleted, which would need another permission; no
 * processor accepts what remains as a manifest.
 */
async function retireManifest(store: ObjectStore, output: string): Promise<void> {
  const uri = `${output}manifest.json`;
  if ((await store.get(uri)) === undefined) return;
  await store.put(uri, new TextEncoder().encode(retired), { contentType: "application/json" });
}

const retired = `{
  "format": "gen-batch-config/retired-manifest/1",
  "reason": "the file was validated again and was not accepted"
}
`;

/**
 * Opens the input, detects its dialect and reads its header. A file that is compressed or not UTF-8 is first written as
 * a plain copy, because positions in compressed bytes cannot be used to start in the middle. `onFacts` is called as
 * soon as more is known. Throws data-refused for anything that is not a CSV file with a header.
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
    const first = await readFirst(original, detectionBytes, signal);
    const form = recognise(first, settings.encoding);
    const { compression, encoding, isPlain } = form;
    const written = { source, compression, encoding };
    onFacts(written);
    // Compressed or UTF-16 data does not look like text before it is decoded; the copy is checked again.
    refuseUnreadable(first, form, source.uri);
    let reader = original;
    if (!isPlain) {
      reader = await copyOf(original, { settings, store, signal, encoding });
      open.add(reader);
      open.delete(original);
      await original.close();
    }
    const { dialect, header } = await readDialectAndHeader(reader, {
      ...settings,
      startByte: isPlain ? form.bomBytes : 0,
      uri: source.uri,
      signal,
      onDialect: (found) => onFacts({ ...written, dialect: found }),
    });
    return { ...written, reader, dialect, header };
  } catch (error) {
    await Promise.all([...open].map((reader) => reader.close()));
    throw error;
  }
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
