import type { ErrorCount } from "../../model/report.ts";
import type { ErrorKind } from "../scan/segment.ts";

/** One kind of error in the whole file. */
export interface TalliedKind {
  /** -1 for an error of the record as a whole. */
  readonly column: number;
  readonly rule: string;
  readonly expected: string;
  count: number;
}

/** Counts errors by kind. Scanners number the kinds as they find them, so each has its own numbering. */
export class ErrorTally {
  readonly kinds: TalliedKind[] = [];
  readonly #known = new Map<string, number>();
  readonly #byScanner = new Map<number, number[]>();
  errors = 0;

  /** Kinds that a scanner has found for the first time. */
  learn(scanner: number, kinds: readonly ErrorKind[]): void {
    let numbers = this.#byScanner.get(scanner);
    if (numbers === undefined) {
      numbers = [];
      this.#byScanner.set(scanner, numbers);
    }
    for (const { id, column, rule, expected } of kinds) numbers[id] = this.numberOf(column, rule, expected);
  }

  numberOf(column: number, rule: string, expected: string): number {
    const key = JSON.stringify([column, rule, expected]);
    let number = this.#known.get(key);
    if (number === undefined) {
      number = this.kinds.length;
      this.#known.set(key, number);
      this.kinds.push({ column, rule, expected, count: 0 });
    }
    return number;
  }

  /** The number of the kind in this tally. */
  translate(scanner: number, id: number): number {
    const number = this.#byScanner.get(scanner)?.[id];
    if (number === undefined) throw new Error(`scanner ${scanner} counts a kind of error ${id} that it has not named`);
    return number;
  }

  count(number: number, times: number): void {
    (this.kinds[number] as TalliedKind).count += times;
    this.errors += times;
  }

  /** Most frequent first, then by column, then by rule. */
  byRule(columnNames: readonly string[]): ErrorCount[] {
    const byFrequency = [...this.kinds]
      .filter(({ count }) => count > 0)
      .sort((a, b) => b.count - a.count || a.column - b.column || (a.rule < b.rule ? -1 : 1));
    return byFrequency.map(({ column, rule, expected, count }) => ({
      column: column < 0 ? null : (columnNames[column] as string),
      rule,
      expected,
      count,
    }));
  }
}
