import { isUtf8 } from "node:buffer";
import { oneLine } from "../../src/shared/text.ts";
import { type CsvRecord, malformedExpectations } from "../model/csvRecord.ts";
import type { Dialect } from "../model/dialect.ts";
import { WorkerFault } from "../model/fault.ts";
import { createCsvParser } from "./parser.ts";

export interface Header {
  readonly names: readonly string[];
  /** Where the first record may begin, and in which line. */
  readonly endByte: number;
  readonly nextLine: number;
}

export interface HeaderOptions {
  readonly dialect: Dialect;
  readonly maxRecordBytes: number;
  /** Where the bytes begin in the data. */
  readonly startByte: number;
  readonly uri: string;
}

/**
 * Reads the names of the columns: the first record that is not blank. Undefined when the bytes end before it does. Throws data-refused for
 * a header that names no columns: malformed, not UTF-8, with a name that is empty or there twice.
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
      hint: "write the file again, with a first line that names the columns",
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
            ? "correct the first line, or allow longer records with --max-record-bytes"
            : "correct the first line, or name the right --delimiter and --quote",
      },
    );
  }
  if (!isUtf8(record.bytes.subarray(record.start, record.end))) {
    throw new WorkerFault("data-refused", `the header of ${oneLine(uri)} is not UTF-8`, {
      hint: "name the encoding of the file with --encoding, for example windows-1252",
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

/** Two columns of one name would be one property of a message, and one of the values would be lost. */
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
    hint: "the first line has to name every column, each name once",
  });
}

function shown(name: string): string {
  return JSON.stringify(name.length > 60 ? `${name.slice(0, 60)}…` : name);
}
