import type { ColumnPlan } from "../model/columnPlan.ts";
import type { Dialect } from "../model/dialect.ts";
import type { Grid, SegmentResult } from "./scan/segment.ts";

/** The first message to a thread: what it has to do. Functions cannot be handed over, so it opens the data itself, and compiles the schema when it has to judge. */
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
  /** Index of the next segment that is not taken yet. */
  readonly nextSegment: Int32Array;
  /** Segments that the thread scans at once. */
  readonly loops: number;
}

export type ThreadMessage =
  /** From a thread: the result of one of its loops. Its `bytes` lie in memory that both threads see. */
  | { readonly kind: "result"; readonly loop: number; readonly result: SegmentResult }
  /** The rows that were wanted of the last result of the loop. */
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
  /** The result of the loop is merged, and these rows of it are wanted. */
  | {
      readonly kind: "merged";
      readonly loop: number;
      readonly wanted: { readonly record: number; readonly line: number; readonly rows: number } | undefined;
    }
  /** Rows are written; their buffers may be used again. */
  | { readonly kind: "written"; readonly buffers: readonly ArrayBuffer[] };
