import type { CsvRecord } from "../model/csvRecord.ts";
import { byteOf, type Dialect } from "../model/dialect.ts";
import { WorkerFault } from "../model/fault.ts";
import type { Column } from "../model/manifest.ts";
import type { ObjectReader } from "../model/objectStore.ts";
import type { Mark } from "../offsets/marks.ts";
import { createCsvParser } from "../records/parser.ts";

export interface Header {
  /** All of them strings: without a manifest nobody knows more. */
  readonly columns: readonly Column[];
  /** Where the first record begins. */
  readonly start: Mark;
}

/** Reads the names of the columns of a file that was not validated. Throws a WorkerFault (data-refused). */
export async function readHeader(
  data: ObjectReader,
  dialect: Dialect,
  { maxRecordBytes, signal }: { maxRecordBytes: number; signal: AbortSignal },
): Promise<Header> {
  const { uri, size } = data.version;
  const begin = Buffer.alloc(Math.min(4, size));
  await data.readInto(0, begin, signal);
  refuseCompressed(begin, uri);
  const firstByte = begin.subarray(0, 3).equals(byteOrderMark) ? 3 : 0;
  let header: Header | undefined;
  const parser = createCsvParser({ ...dialect, maxRecordBytes, byte: firstByte, line: 1 }, (record) => {
    if (header !== undefined || isEmptyLine(record)) return;
    header = headerOf(record, dialect, uri);
  });
  if (firstByte < size) {
    for await (const piece of data.stream(firstByte, size, signal)) {
      parser.push(piece);
      if (header !== undefined) return header;
    }
  }
  parser.end();
  if (header !== undefined) return header;
  throw new WorkerFault("data-refused", `${uri} has no header: there is nothing in it`);
}

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/** Positions of records mean the plain bytes, and only the validator makes those. */
function refuseCompressed(begin: Buffer, uri: string): void {
  const isGzip = begin.length >= 2 && begin.readUInt16BE() === 0x1f8b;
  const isZstd = begin.length === 4 && begin.readUInt32LE() === 0xfd2fb528;
  if (!isGzip && !isZstd) return;
  throw new WorkerFault("data-refused", `${uri} is compressed; expected plain CSV where no manifest is given`, {
    hint: "Run batch_validator on it, and give the manifest.json of that run with --manifest.",
  });
}

function isEmptyLine(record: CsvRecord): boolean {
  return record.malformed === undefined && record.start === record.end;
}

function headerOf(record: CsvRecord, { quote, lineEnd }: Dialect, uri: string): Header {
  if (record.malformed !== undefined) {
    throw new WorkerFault("data-refused", `the header of ${uri} cannot be read: ${record.malformed.rule}`);
  }
  const names = Array.from({ length: record.fieldCount }, (_, field) => nameOf(record, field, quote));
  const unnamed = names.indexOf("");
  if (unnamed >= 0) {
    throw new WorkerFault("data-refused", `the header of ${uri} gives column ${unnamed + 1} no name`);
  }
  const twice = repeated(names);
  if (twice !== undefined) {
    throw new WorkerFault("data-refused", `the header of ${uri} names ${JSON.stringify(twice.slice(0, 200))} twice`);
  }
  const columns = names.map((name) => ({ name, type: "string" as const }));
  const end = byteOf(lineEnd === "lf" ? "\n" : "\r");
  const lines = record.bytes
    .subarray(record.start, record.end)
    .reduce((count, byte) => count + (byte === end ? 1 : 0), 1);
  return { columns, start: { index: 0, byte: record.endByte, line: record.line + lines, crc32: 0 } };
}

function nameOf({ bytes, fieldStarts, fieldEnds, fieldQuotes }: CsvRecord, field: number, quote: string): string {
  const text = Buffer.from(bytes.subarray(fieldStarts[field], fieldEnds[field])).toString();
  return fieldQuotes[field] === 2 ? text.replaceAll(quote + quote, quote) : text;
}

function repeated(names: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return names.find((name) => seen.size === seen.add(name).size);
}
