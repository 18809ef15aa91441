import type { CsvParserOptions, CsvRecord, Malformed } from "../../../workers/model/csvRecord.ts";
import { createCsvParser } from "../../../workers/records/parser.ts";

/** A record in a form that tests can compare and keep. */
export interface ParsedRecord {
  readonly fields: readonly string[];
  readonly text: string;
  /** Of the text, without the line end. */
  readonly byteLength: number;
  readonly byte: number;
  readonly endByte: number;
  readonly line: number;
  readonly malformed?: Malformed;
}

export const plainOptions: CsvParserOptions = {
  delimiter: ",",
  quote: '"',
  lineEnd: "lf",
  maxRecordBytes: 1_048_576,
  byte: 0,
  line: 1,
};

/** Parses the pieces of a file, one push each. */
export function parsePieces(pieces: readonly Uint8Array[], options: Partial<CsvParserOptions> = {}): ParsedRecord[] {
  const records: ParsedRecord[] = [];
  const parser = createCsvParser({ ...plainOptions, ...options }, (record) => {
    records.push(copyOf(record, options.quote ?? '"'));
  });
  for (const piece of pieces) {
    // A copy that is spoilt after the push shows whether the parser holds on to what is not its own.
    const copy = Uint8Array.from(piece);
    parser.push(copy);
    copy.fill(0x58);
  }
  parser.end();
  return records;
}

function copyOf(record: CsvRecord, quote: string): ParsedRecord {
  const textOf = (start: number, end: number) => Buffer.from(record.bytes.subarray(start, end)).toString();
  const fields: string[] = [];
  for (let index = 0; index < record.fieldCount; index += 1) {
    const text = textOf(record.fieldStarts[index] as number, record.fieldEnds[index] as number);
    fields.push(record.fieldQuotes[index] === 2 ? text.replaceAll(quote + quote, quote) : text);
  }
  const { byte, endByte, line, malformed } = record;
  return {
    fields,
    text: textOf(record.start, record.end),
    byteLength: record.end - record.start,
    byte,
    endByte,
    line,
    ...(malformed && { malformed }),
  };
}

/** The same bytes whole, byte by byte, and cut where `cuts` says. */
export function allSplits(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[][] {
  const places = [...new Set([0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].sort((a, b) => a - b);
  return [
    [bytes],
    [...bytes].map((byte) => Uint8Array.of(byte)),
    places.slice(1).map((end, index) => bytes.subarray(places[index], end)),
  ];
}
