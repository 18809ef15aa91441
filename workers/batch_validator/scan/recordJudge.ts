import type { RecordChecks } from "../../model/columnPlan.ts";
import type { CsvRecord } from "../../model/csvRecord.ts";
import { isBlankLine } from "../../records/isBlankLine.ts";
import { createCsvParser } from "../../records/parser.ts";
import { errorRecord, errorWords, noField } from "./errorWords.ts";
import type { ScanSetting } from "./setting.ts";
import type { SuspectJudge } from "./suspectJudge.ts";
import { WordList } from "./wordList.ts";

/**
 * Rules about several columns at once have no byte form: with them, every record that is valid so far is converted to
 * strings and goes through ajv. That is about twenty times slower, but only for such schemas.
 */
export class RecordJudge {
  readonly #setting: Pick<ScanSetting, "dialect" | "maxRecordBytes">;
  readonly #checks: RecordChecks;
  readonly #judge: SuspectJudge;

  constructor(setting: Pick<ScanSetting, "dialect" | "maxRecordBytes">, checks: RecordChecks, judge: SuspectJudge) {
    this.#setting = setting;
    this.#checks = checks;
    this.#judge = judge;
  }

  /** The errors of fields, already found by the judge, and those of whole records, in the order of records. */
  judge(bytes: Uint8Array, start: number): Uint32Array {
    const { dialect, maxRecordBytes } = this.#setting;
    const fields = this.#judge.errors.words;
    const all = new WordList();
    let next = 0;
    let index = 0;
    const take = (record: CsvRecord) => {
      if (isBlankLine(record, this.#checks.columns.length)) return;
      let isSound = true;
      for (; next < fields.length && fields[next + errorRecord] === index; next += errorWords) {
        all.append(fields.subarray(next, next + errorWords));
        isSound = false;
      }
      if (isSound) this.#judgeRecord(record, index, all);
      index += 1;
    };
    const parser = createCsvParser({ ...dialect, maxRecordBytes, byte: start, line: 0 }, take);
    parser.push(bytes.subarray(start));
    parser.end();
    return all.words;
  }

  #judgeRecord(record: CsvRecord, index: number, errors: WordList): void {
    const found = this.#checks.judgeRecord(this.#valuesOf(record));
    if (found === undefined) return;
    const { column, failure } = found;
    const start = record.byte;
    const end = start + record.end - record.start;
    const shift = start - record.start;
    const from = column < 0 ? start : (record.fieldStarts[column] as number) + shift;
    const to = column < 0 ? end : (record.fieldEnds[column] as number) + shift;
    const field = column < 0 ? noField : column;
    const kind = this.#judge.kindOf(column, failure);
    errors.append(Uint32Array.of(index, kind, field, from, to, record.line, start, end));
  }

  #valuesOf(record: CsvRecord): string[] {
    const { quote } = this.#setting.dialect;
    const bytes = Buffer.from(record.bytes.buffer, record.bytes.byteOffset, record.bytes.length);
    const values: string[] = [];
    for (let index = 0; index < record.fieldCount; index += 1) {
      const text = bytes.toString("utf8", record.fieldStarts[index], record.fieldEnds[index]);
      values.push(record.fieldQuotes[index] === 2 ? text.replaceAll(quote + quote, quote) : text);
    }
    return values;
  }
}
