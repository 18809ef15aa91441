import type { CsvRecord } from "../../model/csvRecord.ts";
import type { Dialect } from "../../model/dialect.ts";
import { isBlankLine } from "../../records/isBlankLine.ts";
import { createCsvParser } from "../../records/parser.ts";

export interface RecordShape {
  readonly dialect: Dialect;
  readonly maxRecordBytes: number;
  readonly columnCount: number;
}

/** How many line ends are tried, and how far the two records after one may extend. */
const attempts = 32;
const reachBytes = 64 * 1024;

/**
 * Guesses where the first record starts in bytes from the middle of a file: after the first line end that is followed
 * by two well-formed records, which is unlikely for a line end inside quotes. A wrong guess only costs time: results
 * count only where the records before ended exactly there. Undefined when there is no line end before the limit.
 * bytes[0] is the last byte before the part.
 */
export function findRecordStart(bytes: Uint8Array, limit: number, shape: RecordShape): number | undefined {
  const lineEnd = shape.dialect.lineEnd === "lf" ? 0x0a : 0x0d;
  let first: number | undefined;
  let from = 0;
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const at = bytes.indexOf(lineEnd, from);
    if (at < 0 || at >= limit) break;
    first ??= at + 1;
    if (isFollowedByRecords(bytes.subarray(at + 1, at + 1 + reachBytes), shape)) return at + 1;
    from = at + 1;
  }
  return first;
}

function isFollowedByRecords(bytes: Uint8Array, { dialect, maxRecordBytes, columnCount }: RecordShape): boolean {
  let sound = 0;
  let unsound = 0;
  const take = (record: CsvRecord) => {
    if (isBlankLine(record, columnCount)) return;
    if (record.malformed === undefined && record.fieldCount === columnCount) sound += 1;
    else unsound += 1;
  };
  const parser = createCsvParser({ ...dialect, maxRecordBytes, byte: 0, line: 1 }, take);
  for (let start = 0; start < bytes.length && sound < 2 && unsound === 0; start += stepBytes) {
    parser.push(bytes.subarray(start, start + stepBytes));
  }
  return sound >= 2 && unsound === 0;
}

const stepBytes = 1024;
