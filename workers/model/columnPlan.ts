import type { Column } from "./manifest.ts";

/**
 * What the byte scanner checks of a field without creating a string. A check may only *accept* bytes that the exact
 * check (ajv) also accepts; whatever it does not accept is a suspect that the exact check decides. So a check may
 * support only the common forms.
 */
export type ByteCheck =
  /** -?(0|[1-9][0-9]{0,17}) within [minimum, maximum] and a multiple of `multipleOf`. */
  | {
      readonly kind: "integer";
      readonly minimum: bigint | null;
      readonly maximum: bigint | null;
      readonly multipleOf: bigint | null;
    }
  /** -?(0|[1-9][0-9]*)(\.[0-9]+)? of at most 15 digits in total. `multipleOf` is unit / 10 ** scale. */
  | {
      readonly kind: "number";
      readonly minimum: number | null;
      readonly maximum: number | null;
      readonly exclusiveMinimum: number | null;
      readonly exclusiveMaximum: number | null;
      readonly multipleOf: { readonly unit: bigint; readonly scale: number } | null;
    }
  /** true or false */
  | { readonly kind: "boolean" }
  /** Exactly one of these texts, in UTF-8. */
  | { readonly kind: "oneOf"; readonly values: readonly Uint8Array[] }
  /** Length in code points. */
  | { readonly kind: "length"; readonly minimum: number; readonly maximum: number | null }
  | { readonly kind: "date" | "time" | "date-time" | "email" | "uuid" | "uri" | "ipv4" }
  | { readonly kind: "pattern"; readonly automaton: ByteAutomaton };

/** A deterministic automaton over the bytes of UTF-8. State 0 is dead: it accepts nothing and is never left. */
export interface ByteAutomaton {
  /** At most 1,024. */
  readonly states: number;
  readonly start: number;
  /** Class of each of the 256 bytes. */
  readonly classes: Uint8Array;
  readonly classCount: number;
  /** Next state: next[state * classCount + class]. */
  readonly next: Uint16Array;
  /** 1 for the states that accept when the text ends. */
  readonly accepts: Uint8Array;
}

/** One column, as the scanner sees it. */
export interface ColumnPlan {
  readonly column: Column;
  /** An empty field is a missing value; here it is an error. */
  readonly required: boolean;
  /** All of them have to accept. Without checks, any text is valid. */
  readonly checks: readonly ByteCheck[];
  /** The checks are incomplete (a keyword without a byte form): every field that is not empty is a suspect. */
  readonly alwaysSuspect: boolean;
  /**
   * The check covers all rules, and what it definitely refuses is refused by one keyword that follows from how it is
   * wrong (too low, another type, ...). So the exact check is only needed once for each of these ways. Default: false.
   */
  readonly hasOneReason?: boolean;
  /** x-unique: no two records have the same value here. */
  readonly unique: boolean;
}

/** Why a field is wrong. */
export interface FieldFailure {
  /** The JSON Schema keyword that refused it: "type", "minimum", "format", "pattern", "required", "unique", ... */
  readonly rule: string;
  /** To follow "expected": "an integer of at least 1". */
  readonly expected: string;
}

/** A record schema, compiled for the columns of one file. */
export interface RecordChecks {
  /** One per column of the file, in its order. */
  readonly columns: readonly ColumnPlan[];
  /**
   * The exact check of one field: undefined when it is valid. The text is the value without its quotes; never empty.
   * Compiled when first used: a file of 300 columns would otherwise wait for 300 compilations.
   */
  judgeField(column: number, text: string): FieldFailure | undefined;
  /** There are rules about several columns at once, so that every record also has to be judged as a whole. */
  readonly judgesRecords: boolean;
  /**
   * The exact check of rules about several columns; values as text, "" for a missing one. `column`: -1 if it is about
   * none.
   */
  judgeRecord(values: readonly string[]): { readonly column: number; readonly failure: FieldFailure } | undefined;
}
