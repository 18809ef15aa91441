import type { Counts, Manifest } from "./manifest.ts";

/** `report.json`: what was found in a file. `report.html` shows the same. The same input results in the same bytes. */
export interface Report {
  readonly format: "gen-batch-config/report/1";
  readonly verdict: "accepted" | "rejected";
  /** Why a file is rejected as a whole, as a sentence; null when it is accepted. */
  readonly reason: string | null;
  readonly source: { readonly uri: string; readonly size: number; readonly etag: string };
  readonly schema: string | null;
  readonly compression: Manifest["compression"];
  readonly encoding: string;
  readonly dialect: Manifest["dialect"];
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly counts: Counts;
  /** As specified: "0", "1000" or "5%". */
  readonly maxInvalid: string;
  /** Errors, of which a record may have several. */
  readonly errors: number;
  /** Every kind of error: most frequent first, then by column, then by rule. */
  readonly byRule: readonly ErrorCount[];
  /** The first errors of the file in its order; `samplesCut` says that there are more. */
  readonly samples: readonly ErrorSample[];
  readonly samplesCut: boolean;
  /** Where the rejected records are, relative to the report; null when there are none. */
  readonly rejects: string | null;
}

export interface ErrorCount {
  /** Null for an error of the record as a whole, such as a wrong number of fields. */
  readonly column: string | null;
  readonly rule: string;
  readonly expected: string;
  readonly count: number;
}

export interface ErrorSample {
  /** Records count from 1 here, without the header; lines from 1, with the header; bytes from 0. */
  readonly record: number;
  readonly line: number;
  /** Where the record starts in the data. */
  readonly byte: number;
  /** Position of the field among the record's fields, from 1; null as in ErrorCount. */
  readonly field: number | null;
  readonly column: string | null;
  readonly rule: string;
  readonly expected: string;
  /**
   * The field's text, or the record's where there is no column; cut to 200 characters with an ellipsis; null where it
   * must not be shown.
   */
  readonly found: string | null;
}
