import { isUtf8 } from "node:buffer";
import { oneLine } from "../../src/shared/text.ts";
import { type CsvRecord, malformedExpectations } from "../model/csvRecord.ts";
import type { Dialect } from "../model/dialect.ts";
import { WorkerFault } from "../model/fault.ts";
import type { ObjectReader } from "../model/objectStore.ts";
import { createCsvParser } from "./parser.ts";
import { type GivenDialect, sniffDialect } from "./sniffDialect.ts";

export interface Header {
  readonly names: readonly string[];
  /** Where the first record may start, and in which line. */
  readonly endByte: number;
  readonly nextLine: number;
}

export interface HeaderOptions {
  readonly dialect: Dialect;
  readonly maxRecordBytes: number;
  /** Where the bytes start in the data. */
  readonly startByte: number;
  readonly uri: string;
}

export interface DialectAndHeaderOptions extends GivenDialect {
  readonly maxRecordBytes: number;
  /** Length of the byte order mark. */
  readonly startByte: number;
  /** Name of the file, for messages. */
  readonly uri: string;
  readonly signal: AbortSignal;
  /** Called before the header is read, for the report of a file whose header is refused. */
  readonly onDialect?: (dialect: Dialect) => void;
}

/** Enough to detect the dialect of a file. */
export const detectionBytes = 64 * 1024;

/**
 * Detects the dialect of a plain UTF-8 file, and reads its header. Validator and processor both start here: a file has
 * the same columns and the same first record for both.
 */
export async function readDialectAndHeader(
  reader: ObjectReader,
  options: DialectAndHeaderOptions,
): Promise<{ readonly dialect: Dialect; readonly header: Header }> {
  const { startByte, maxRecordBytes, uri, signal, onDialect } = options;
  const { size } = reader.version;
  let bytes = await readFirst(reader, detectionBytes, signal);
  const dialect = sniffDialect(bytes.subarray(startByte), options);
  refuseSameCharacter(dialect);
  onDialect?.(dialect);
  const headerOptions = { dialect, maxRecordBytes, startByte, uri };
  let header = readHeader(bytes.subarray(startByte), bytes.length === size, headerOptions);
  if (header === undefined) {
    // A header of thousands of columns. One that exceeds the maximum record length is malformed by then.
    bytes = await readFirst(reader, startByte + 2 * maxRecordBytes + detectionBytes, signal);
    header = readHeader(bytes.subarray(startByte), true, headerOptions);
  }
  if (header === undefined) throw new Error(`the header of ${uri} neither ends nor is too long`);
  return { dialect, header };
}

/** The first bytes of a file, all of them when it has no more than `max`. */
export async function readFirst(reader: ObjectReader, max: number, signal: AbortSignal): Promise<Uint8Array> {
  const bytes = new Uint8Array(Math.min(max, reader.version.size));
  await reader.readInto(0, bytes, signal);
  return bytes;
}

function refuseSameCharacter({ delimiter, quote }: Dialect): void {
  if (delimiter !== quote) return;
  throw new WorkerFault(
    "usage",
    `the delimiter and the quote are both ${JSON.stringify(quote)}; expected two different characters`,
    { hint: "Choose another one with --delimiter or --quote." },
  );
}

/**
 * Reads the names of the columns: the first record that is not blank. Undefined when the bytes end before it. Throws
 * data-refused for an invalid header: malformed, not UTF-8, with a name that is empty or occurs twice.
 */
export function readHeader(bytes: Uint8Array, isLast: boolean, options: HeaderOptions): Header | undefined {
  const { dialect, maxRecordBytes, startByte, uri } = options;
  let header: Header | undefined;
  const take = (record: CsvRecord) => {
    if (header !== undefined || (record.malformed === undefined && record.start === record.end)) return;
    header = headerOf(record, options);
  };
  const parser = createCsvParser({ ...dialect, maxRecordBytes, byte: startByte, line: 1 }, take);
  for (let at = 0; at < bytes.length && header === undefined; at += stepBytes) {
    parser.push(bytes.subarray(at, at + stepBytes));
  }
  if (header !== undefined || !isLast) return header;
  parser.end();
  if (header === undefined) {
    throw new WorkerFault("data-refused", `${oneLine(uri)} is empty; expected a header with the names of the columns`, {
      hint: "Write the file again, with a first line that names the columns.",
    });
  }
  return header;
}

const stepBytes = 4096;

function headerOf(record: CsvRecord, { dialect, uri }: HeaderOptions): Header {
  const { malformed } = record;
  if (malformed !== undefined) {
    const place = `line ${malformed.line}, byte ${malformed.byte}, field ${malformed.field + 1}`;
    throw new WorkerFault(
      "data-refused",
      `the header of ${oneLine(uri)} is malformed (${malformed.rule}) at ${place}; expected ${malformedExpectations[malformed.rule]}`,
      {
        hint:
          malformed.rule === "too-long"
            ? "Correct the first line, or allow longer records with --max-record-bytes."
            : "Correct the first line, or specify the right --delimiter and --quote.",
      },
    );
  }
  if (!isUtf8(record.bytes.subarray(record.start, record.end))) {
    throw new WorkerFault("data-refused", `the header of ${oneLine(uri)} is not UTF-8`, {
      hint: "Specify the encoding of the file to batch_validator with --encoding, for example windows-1252.",
    });
  }
  const names = namesOf(record, dialect.quote);
  refuseNames(names, uri);
  const newlines = names.reduce((sum, name) => sum + name.split(dialect.lineEnd === "lf" ? "\n" : "\r").length - 1, 0);
  return { names, endByte: record.endByte, nextLine: record.line + newlines + 1 };
}

function namesOf(record: CsvRecord, quote: string): string[] {
  const bytes = Buffer.from(record.bytes.buffer, record.bytes.byteOffset, record.bytes.length);
  const names: string[] = [];
  for (let index = 0; index < record.fieldCount; index += 1) {
    const text = bytes.toString("utf8", record.fieldStarts[index], record.fieldEnds[index]);
    names.push(record.fieldQuotes[index] === 2 ? text.replaceAll(quote + quote, quote) : text);
  }
  return names;
}

/** Two columns with the same name would become one property of a message, and one of the values would be lost. */
function refuseNames(names: readonly string[], uri: string): void {
  const problems: string[] = [];
  const first = new Map<string, number>();
  names.forEach((name, index) => {
    if (name === "") problems.push(`column ${index + 1} has no name`);
    else if (/\r(?!\n)/.test(name))
      problems.push(`column ${index + 1} has a line end in its name (CR): ${shown(name)}`);
    else if (first.has(name))
      problems.push(`columns ${(first.get(name) as number) + 1} and ${index + 1} are both ${shown(name)}`);
    else first.set(name, index);
  });
  if (problems.length === 0) return;
  const listed = problems.slice(0, 10).join("; ");
  const rest = problems.length > 10 ? `; and ${problems.length - 10} more` : "";
  throw new WorkerFault("data-refused", `the header of ${oneLine(uri)} cannot be used: ${listed}${rest}`, {
    hint: "The first line must name every column, and each name must be unique.",
  });
}

function shown(name: string): string {
  return JSON.stringify(name.length > 60 ? `${name.slice(0, 60)}…` : name);
}
