import { uniqueFailure } from "../../checks/describe.ts";
import type { CsvRecord } from "../../model/csvRecord.ts";
import type { Dialect } from "../../model/dialect.ts";
import { isBlankLine } from "../../records/isBlankLine.ts";
import { createCsvParser } from "../../records/parser.ts";
import { recordsPerMark, uniqueWords } from "../../scanner/scanner.ts";
import { errorKind, errorRecord, errorWords } from "../scan/errorWords.ts";
import type { SegmentResult } from "../scan/segment.ts";
import { WordList } from "../scan/wordList.ts";
import type { ErrorTally } from "./errorTally.ts";
import type { UniqueValues } from "./uniqueValues.ts";

export interface DuplicateOptions {
  readonly values: UniqueValues;
  readonly tally: ErrorTally;
  readonly dialect: Dialect;
  readonly maxRecordBytes: number;
  readonly columnCount: number;
}

/** Finds values that an earlier record has had already, in columns where each may be there once. */
export class DuplicateFinder {
  readonly #options: DuplicateOptions;

  constructor(options: DuplicateOptions) {
    this.#options = options;
  }

  /** The errors of a segment, in the numbers of the tally, with the duplicates among them in the order of records. */
  addTo(result: SegmentResult, translate: (kind: number) => number): Uint32Array {
    const duplicates = this.#findIn(result.uniques);
    if (duplicates.length === 0) return translated(result.errors, translate);
    const errors = new WordList();
    const known = translated(result.errors, translate);
    let at = 0;
    const takeErrorsBefore = (record: number) => {
      for (; at < known.length && (known[at + errorRecord] as number) < record; at += errorWords)
        errors.append(known.subarray(at, at + errorWords));
    };
    let next = 0;
    this.#readFrom(result, (duplicates[0] as Duplicate).record, (record, index) => {
      for (; duplicates[next]?.record === index; next += 1) {
        // Behind the other errors of the same record.
        takeErrorsBefore(index + 1);
        this.#add(errors, record, index, (duplicates[next] as Duplicate).column);
      }
      return next < duplicates.length;
    });
    takeErrorsBefore(Number.POSITIVE_INFINITY);
    return errors.words;
  }

  #findIn(uniques: Uint32Array): Duplicate[] {
    const duplicates: Duplicate[] = [];
    const { values } = this.#options;
    for (let at = 0; at < uniques.length; at += uniqueWords) {
      const isNew = values.add(
        uniques[at + 1] as number,
        uniques[at + 2] as number,
        uniques[at + 3] as number,
        uniques[at + 4] as number,
        uniques[at + 5] as number,
      );
      if (!isNew) duplicates.push({ record: uniques[at] as number, column: uniques[at + 1] as number });
    }
    return duplicates;
  }

  /** Reads the records of a segment from the mark before the given one on, as long as they are wanted. */
  #readFrom(
    { bytes, marks, startByte = 0, baseByte }: SegmentResult,
    from: number,
    onRecord: (record: CsvRecord, index: number) => boolean,
  ): void {
    const { dialect, maxRecordBytes, columnCount } = this.#options;
    const markIndex = Math.floor(from / recordsPerMark);
    const mark = marks[markIndex] as number;
    let index = markIndex * recordsPerMark;
    let isWanted = true;
    const take = (record: CsvRecord) => {
      if (!isWanted || isBlankLine(record, columnCount)) return;
      isWanted = onRecord(record, index);
      index += 1;
    };
    const line = linesIn(bytes.subarray(startByte - baseByte, mark), dialect);
    const parser = createCsvParser({ ...dialect, maxRecordBytes, byte: mark, line }, take);
    for (let at = mark; at < bytes.length && isWanted; at += stepBytes) parser.push(bytes.subarray(at, at + stepBytes));
    if (isWanted) parser.end();
  }

  #add(errors: WordList, record: CsvRecord, index: number, column: number): void {
    const kind = this.#options.tally.numberOf(column, uniqueFailure.rule, uniqueFailure.expected);
    const shift = record.byte - record.start;
    const quotes = record.fieldQuotes[column] === 0 ? 0 : 1;
    const start = (record.fieldStarts[column] as number) + shift - quotes;
    const end = (record.fieldEnds[column] as number) + shift + quotes;
    errors.append(Uint32Array.of(index, kind, column, start, end, record.line, record.byte, record.end + shift));
  }
}

interface Duplicate {
  readonly record: number;
  readonly column: number;
}

function translated(errors: Uint32Array, translate: (kind: number) => number): Uint32Array {
  const copy = errors.slice();
  for (let at = errorKind; at < copy.length; at += errorWords) copy[at] = translate(copy[at] as number);
  return copy;
}

const stepBytes = 16 * 1024;

function linesIn(bytes: Uint8Array, { lineEnd }: Dialect): number {
  const wanted = lineEnd === "lf" ? 0x0a : 0x0d;
  let lines = 0;
  for (let at = bytes.indexOf(wanted); at >= 0; at = bytes.indexOf(wanted, at + 1)) lines += 1;
  return lines;
}
