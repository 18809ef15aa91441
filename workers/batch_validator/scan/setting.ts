import type { ColumnPlan, RecordChecks } from "../../model/columnPlan.ts";
import type { Dialect } from "../../model/dialect.ts";
import type { RejectsRowBuffers } from "./rejectsRowBuffers.ts";

/** What all scanners of a thread are set to. */
export interface ScanSetting {
  readonly columns: readonly ColumnPlan[];
  /** There are rules about several columns at once. */
  readonly judgesRecords: boolean;
  /** The exact checks. A thread loads them when it meets a suspect: good data has none, and compiling them takes longer than a segment. */
  readonly checks: RecordChecks | (() => Promise<RecordChecks>);
  readonly columnNames: readonly string[];
  /** Errors of a segment that are handed over one by one, for the samples; all of them where values have to be unique. */
  readonly keptErrors: number;
  /** Where rows are collected; one for all scanners of a thread. */
  readonly rowBuffers: RejectsRowBuffers;
  readonly dialect: Dialect;
  readonly maxRecordBytes: number;
  readonly segmentBytes: number;
  /** Of the hashes of unique values; the same for all threads. */
  readonly seeds: BigUint64Array;
  /** The compiled scanner. */
  readonly module: WebAssembly.Module;
}
