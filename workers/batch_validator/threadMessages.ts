import type { ColumnPlan } from "../model/columnPlan.ts";
import type { Dialect } from "../model/dialect.ts";
import type { Grid, SegmentResult } from "./scan/segment.ts";

/**
 * The first message to a thread: its task. Functions cannot be passed, so it opens the data and compiles the schema
 * itself.
 */
export interface ThreadTask {
  readonly data: { readonly uri: string; readonly etag: string };
  readonly store: {
    readonly region: string;
    readonly bucket: string | undefined;
    readonly endpoint: string | undefined;
  };
  readonly grid: Grid;
  readonly header: readonly string[];
  readonly columns: readonly ColumnPlan[];
  readonly judgesRecords: boolean;
  readonly keptErrors: number;
  /** The parsed schema; null without one. */
  readonly schema: unknown;
  readonly schemaUri: string;
  readonly dialect: Dialect;
  readonly maxRecordBytes: number;
  readonly seeds: BigUint64Array;
  readonly module: WebAssembly.Module;
  /** Index of the next unclaimed segment. */
  readonly nextSegment: Int32Array;
  /** Segments that the thread scans at once. */
  readonly loops: number;
}

export type ThreadMessage =
  /** From a thread: the result of one of its loops. Its `bytes` are in shared memory. */
  | { readonly kind: "result"; readonly loop: number; readonly result: SegmentResult }
  /** The requested rows of the last result of the loop. */
  | { readonly kind: "rows"; readonly loop: number; readonly pieces: readonly Uint8Array<ArrayBuffer>[] }
  | {
      readonly kind: "failed";
      readonly error: unknown;
      readonly outcome: string | undefined;
      readonly hint: string | undefined;
    };

/** To a thread. */
export type MainMessage =
  | { readonly kind: "task"; readonly task: ThreadTask }
  /** The result of the loop is merged, and these rows of it are requested. */
  | {
      readonly kind: "merged";
      readonly loop: number;
      readonly requested: { readonly record: number; readonly line: number; readonly rows: number } | undefined;
    }
  /** Rows are written; their buffers may be reused. */
  | { readonly kind: "written"; readonly buffers: readonly ArrayBuffer[] };
