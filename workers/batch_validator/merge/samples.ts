import type { ErrorSample } from "../../model/report.ts";
import type { TalliedKind } from "./errorTally.ts";

/** An error as the merger passes it on. */
export interface FoundError {
  /** From 0. */
  readonly record: number;
  /** From 1. */
  readonly line: number;
  readonly byte: number;
  /** From 1; 0 for the record as a whole. */
  readonly field: number;
  readonly kind: number;
  /** The field with its quotes, or the record. */
  readonly found: Uint8Array;
}

/** Maximum characters shown of a value. */
const maxCharacters = 200;

/** The first errors of a file, each with what was found. */
export class Samples {
  readonly #max: number;
  readonly #quote: string;
  readonly #isSensitive: (column: number) => boolean;
  readonly #samples: (Omit<ErrorSample, "column" | "rule" | "expected"> & { readonly kind: number })[] = [];

  constructor(max: number, quote: string, isSensitive: (column: number) => boolean) {
    this.#max = max;
    this.#quote = quote;
    this.#isSensitive = isSensitive;
  }

  get needsMore(): boolean {
    return this.#samples.length < this.#max;
  }

  add({ record, line, byte, field, kind, found }: FoundError): void {
    const isField = field > 0;
    this.#samples.push({
      record: record + 1,
      line,
      byte,
      field: isField ? field : null,
      kind,
      found: this.#textOf(found),
    });
  }

  /** Sensitive values are not shown, and neither is a record that contains one. */
  toReport(kinds: readonly TalliedKind[], columnNames: readonly string[]): ErrorSample[] {
    const hasSensitive = columnNames.some((_, index) => this.#isSensitive(index));
    return this.#samples.map(({ kind, found, ...sample }) => {
      const { column, rule, expected } = kinds[kind] as TalliedKind;
      const isHidden = column < 0 ? hasSensitive : this.#isSensitive(column);
      return {
        record: sample.record,
        line: sample.line,
        byte: sample.byte,
        field: sample.field,
        column: column < 0 ? null : (columnNames[column] as string),
        rule,
        expected,
        found: isHidden ? null : found,
      };
    });
  }

  #textOf(bytes: Uint8Array): string {
    const quote = this.#quote;
    // A character has at most 4 bytes, so one that is split here is beyond the limit anyway.
    const isCut = bytes.length > 4 * maxCharacters + 8;
    const text = Buffer.from(bytes.subarray(0, 4 * maxCharacters + 8)).toString();
    const isQuoted = text.length > 1 && text.startsWith(quote) && (isCut || text.endsWith(quote));
    const plain = isQuoted ? text.slice(1, isCut ? undefined : -1).replaceAll(quote + quote, quote) : text;
    const characters = [...plain];
    if (characters.length <= maxCharacters && !isCut) return plain;
    return `${characters.slice(0, maxCharacters).join("")}…`;
  }
}
