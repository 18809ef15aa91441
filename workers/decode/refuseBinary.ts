import { oneLine } from "../../src/shared/text.ts";
import { WorkerFault } from "../model/fault.ts";
import { detectEncoding } from "./firstBytes.ts";

/**
 * Throws data-refused for data that is not text, and says what it is. To be called with the first bytes of a file,
 * after decompressing and before decoding; 1 KiB of them is enough.
 */
export function refuseBinary(firstBytes: Uint8Array, uri: string): void {
  const { encoding, bomBytes } = detectEncoding(firstBytes);
  const kind = kinds.find(
    ({ prefix, contains = [] }) =>
      startsWith(firstBytes, prefix) && contains.every((text) => includes(firstBytes, text)),
  );
  const isUtf32 = startsWith(firstBytes, "\xff\xfe\0\0") || startsWith(firstBytes, "\0\0\xfe\xff");
  if (isUtf32) throw refused(uri, "is UTF-32 text", "Save it as UTF-8.");
  if (bomBytes > 0 && encoding !== "utf-8") return;
  const controls = controlsOf(firstBytes);
  // A text may start with the same letters, so a kind counts only together with bytes that never occur in text.
  if (kind !== undefined && (kind.isSure || controls.all > 0))
    throw refused(uri, `is ${kind.is}`, kind.hint ?? "Export it as CSV.");
  if (isTar(firstBytes)) throw refused(uri, "is a tar archive", "Extract the CSV file from it.");
  const utf16 = utf16Order(firstBytes);
  if (utf16 !== undefined) {
    throw refused(
      uri,
      "seems to be UTF-16 without a byte order mark",
      `Specify its encoding to batch_validator: --encoding ${utf16}.`,
    );
  }
  // A file may contain a stray NUL and still be text; the report then shows where.
  if (
    controls.nul > Math.max(fewControls, firstBytes.length / 20) ||
    controls.all > Math.max(fewControls, firstBytes.length / 10) ||
    (controls.kinds >= manyKinds && controls.all > firstBytes.length / 25)
  ) {
    throw refused(uri, "is a binary file, not text", "Export it as CSV.");
  }
}

/** In a very short file a single one is a large share. */
const fewControls = 3;
/**
 * Different control characters. Random bytes have all 24 of them, each rarely; a text delimited by one has only that
 * one.
 */
const manyKinds = 8;

interface Kind {
  /** Bytes as characters of Latin-1. */
  readonly prefix: string;
  readonly contains?: readonly string[];
  readonly is: string;
  /** No text starts like this, even when no other byte looks strange. */
  readonly isSure?: boolean;
  readonly hint?: string;
}

const zip = "PK\x03\x04";

// The first match counts.
const kinds: readonly Kind[] = [
  { prefix: zip, contains: ["opendocument.spreadsheet"], is: "an OpenDocument spreadsheet" },
  { prefix: zip, contains: ["xl/"], is: "an Excel workbook" },
  { prefix: zip, contains: ["[Content_Types].xml"], is: "an Excel workbook or another Office document" },
  { prefix: zip, is: "a ZIP archive", hint: "Extract the CSV file from it, or compress it with gzip or zstd instead." },
  { prefix: "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", is: "an old Excel workbook or another Office document" },
  { prefix: "PAR1", is: "a Parquet file" },
  { prefix: "ORC", is: "an ORC file" },
  { prefix: "Obj\x01", is: "an Avro file" },
  { prefix: "ARROW1", is: "an Arrow file" },
  { prefix: "SQLite format 3\0", is: "an SQLite database" },
  { prefix: "%PDF-", is: "a PDF document", isSure: true },
  { prefix: "\x1f\x8b", is: "compressed with gzip twice", hint: "Decompress it once." },
  { prefix: "BZh", is: "compressed with bzip2", hint: "Compress it with gzip or zstd instead." },
  { prefix: "\xfd7zXZ\0", is: "compressed with xz", hint: "Compress it with gzip or zstd instead." },
  { prefix: "7z\xbc\xaf\x27\x1c", is: "a 7z archive", hint: "Compress the CSV file with gzip or zstd instead." },
  { prefix: "\x04\x22\x4d\x18", is: "compressed with LZ4", hint: "Compress it with gzip or zstd instead." },
  { prefix: "Rar!\x1a\x07", is: "a RAR archive", hint: "Compress the CSV file with gzip or zstd instead." },
];

function refused(uri: string, what: string, hint: string): WorkerFault {
  return new WorkerFault("data-refused", `${oneLine(uri)} ${what}`, { hint });
}

function startsWith(bytes: Uint8Array, prefix: string): boolean {
  return latin1(bytes.subarray(0, prefix.length)) === prefix;
}

function includes(bytes: Uint8Array, text: string): boolean {
  return latin1(bytes).includes(text);
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}

function isTar(bytes: Uint8Array): boolean {
  return startsWith(bytes.subarray(257), "ustar");
}

/**
 * How many of the bytes do not occur in text: control characters other than tab, line ends, form feed, escape and SUB.
 */
function controlsOf(bytes: Uint8Array): { readonly nul: number; readonly all: number; readonly kinds: number } {
  let nul = 0;
  let all = 0;
  const kinds = new Set<number>();
  for (const byte of bytes) {
    if (byte === 0) nul++;
    if (byte >= 0x20 || (byte >= 0x09 && byte <= 0x0d) || byte === 0x1a || byte === 0x1b) continue;
    all++;
    kinds.add(byte);
  }
  return { nul, all, kinds: kinds.size };
}

/** In UTF-16, most Western text has NUL in every second byte and nowhere else. */
function utf16Order(bytes: Uint8Array): "utf-16le" | "utf-16be" | undefined {
  const pairs = Math.floor(bytes.length / 2);
  if (pairs < 4) return undefined;
  let first = 0;
  let second = 0;
  for (let index = 0; index < 2 * pairs; index += 2) {
    if (bytes[index] === 0) first++;
    if (bytes[index + 1] === 0) second++;
  }
  if (second > pairs * 0.7 && first === 0) return "utf-16le";
  if (first > pairs * 0.7 && second === 0) return "utf-16be";
  return undefined;
}
