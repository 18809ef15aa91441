import type { CsvRecord } from "../../model/csvRecord.ts";
import type { Dialect } from "../../model/dialect.ts";
import { isBlankLine } from "../../records/isBlankLine.ts";
import { createCsvParser } from "../../records/parser.ts";
import { recordsPerMark } from "../../scanner/scanner.ts";
import type { RecordShape } from "../scan/findRecordStart.ts";
import type { SegmentResult } from "../scan/segment.ts";

export interface RequestedRecords extends RecordShape {
  /** The first record needed, by its number in the segment. Reading starts at the mark before it. */
  readonly from: number;
  /** The line at a mark, for callers that need the lines of records. */
  readonly lineAt?: (mark: number) => number;
}

/** Reads records of a segment again, until `onRecord` returns that no further one is needed. */
export function readRecords(
  { bytes, marks }: SegmentResult,
  { from, lineAt = () => 1, dialect, maxRecordBytes, columnCount }: RequestedRecords,
  onRecord: (record: CsvRecord, index: number) => boolean,
): void {
  const markIndex = Math.floor(from / recordsPerMark);
  const mark = marks[markIndex] as number;
  let index = markIndex * recordsPerMark;
  let needsMore = true;
  const take = (record: CsvRecord) => {
    if (!needsMore || isBlankLine(record, columnCount)) return;
    if (index >= from) needsMore = onRecord(record, index);
    index += 1;
  };
  const parser = createCsvParser({ ...dialect, maxRecordBytes, byte: mark, line: lineAt(mark) }, take);
  for (let at = mark; at < bytes.length && needsMore; at += stepBytes) parser.push(bytes.subarray(at, at + stepBytes));
  if (needsMore) parser.end();
}

const stepBytes = 4 * 1024;

/** How many line ends there are. */
export function linesIn(bytes: Uint8Array, { lineEnd }: Dialect): number {
  const endByte = lineEnd === "lf" ? 0x0a : 0x0d;
  let lines = 0;
  for (let at = bytes.indexOf(endByte); at >= 0; at = bytes.indexOf(endByte, at + 1)) lines += 1;
  return lines;
}
