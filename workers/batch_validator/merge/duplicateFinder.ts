import { uniqueFailure } from "../../checks/describe.ts";
import type { CsvRecord } from "../../model/csvRecord.ts";
import { uniqueWords } from "../../scanner/scanner.ts";
import { errorKind, errorRecord, errorWords } from "../scan/errorWords.ts";
import type { RecordShape } from "../scan/findRecordStart.ts";
import type { SegmentResult } from "../scan/segment.ts";
import { WordList } from "../scan/wordList.ts";
import type { ErrorTally } from "./errorTally.ts";
import { linesIn, readRecords } from "./segmentRecords.ts";
import type { UniqueValues } from "./uniqueValues.ts";

export interface DuplicateOptions extends RecordShape {
  readonly values: UniqueValues;
  readonly tally: ErrorTally;
}

/** Finds values that an earlier record already had, in columns whose values must be unique. */
export class DuplicateFinder {
  readonly #options: DuplicateOptions;

  constructor(options: DuplicateOptions) {
    this.#options = options;
  }

  /** The errors of a segment, numbered as in the tally, with the duplicates inserted in the order of records. */
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
    const { bytes, startByte = 0, baseByte } = result;
    const requested = {
      ...this.#options,
      from: (duplicates[0] as Duplicate).record,
      lineAt: (mark: number) => linesIn(bytes.subarray(startByte - baseByte, mark), this.#options.dialect),
    };
    readRecords(result, requested, (record, index) => {
      for (; duplicates[next]?.record === index; next += 1) {
        // After the other errors of the same record.
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
