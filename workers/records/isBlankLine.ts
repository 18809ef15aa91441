import type { CsvRecord } from "../model/csvRecord.ts";

/**
 * An empty line, without even quotes, is not a record of a file with several columns, and has no index. Where there
 * is one column it is a record whose value is missing.
 */
export function isBlankLine(record: CsvRecord, columnCount: number): boolean {
  return columnCount > 1 && record.malformed === undefined && record.start === record.end;
}
