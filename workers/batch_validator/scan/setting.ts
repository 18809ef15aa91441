import type { ColumnPlan, RecordChecks } from "../../model/columnPlan.ts";
import type { Dialect } from "../../model/dialect.ts";
import type { RejectsRowBuffers } from "./rejectsRowBuffers.ts";

/** The settings of all scanners of a thread. */
export interface ScanSetting {
  readonly columns: readonly ColumnPlan[];
  /** There are rules about several columns at once. */
  readonly judgesRecords: boolean;
  /**
   * The exact checks. A thread loads them at its first suspect: good data has none, and compiling takes longer than a
   * segment.
   */
  readonly checks: RecordChecks | (() => Promise<RecordChecks>);
  readonly columnNames: readonly string[];
  /** Maximum errors of a segment that are passed on individually, for the samples; all where values must be unique. */
  readonly keptErrors: number;
  /** Collects the rows; shared by all scanners of a thread. */
  readonly rowBuffers: RejectsRowBuffers;
  readonly dialect: Dialect;
  readonly maxRecordBytes: number;
  readonly segmentBytes: number;
  /** Seeds of the hashes of unique values; the same for all threads. */
  readonly seeds: BigUint64Array;
  /** The compiled scanner. */
  readonly module: WebAssembly.Module;
}
