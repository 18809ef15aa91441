import type { Dialect } from "../model/dialect.ts";
import type { Grid, SegmentResult } from "./scan/segment.ts";

/** What a thread is started with. Functions cannot be handed over, so it opens the data and compiles the schema itself. */
export interface ThreadTask {
  readonly data: { readonly uri: string; readonly etag: string };
  readonly store: {
    readonly region: string;
    readonly bucket: string | undefined;
    readonly endpoint: string | undefined;
  };
  readonly grid: Grid;
  readonly header: readonly string[];
  /** The parsed schema; null without one. */
  readonly schema: unknown;
  readonly schemaUri: string;
  readonly dialect: Dialect;
  readonly maxRecordBytes: number;
  readonly seeds: BigUint64Array;
  readonly module: WebAssembly.Module;
  /** Index of the next segment that nobody has taken. */
  readonly nextSegment: Int32Array;
  /** Segments that the thread scans at once. */
  readonly loops: number;
}

/** From a thread: the result of one of its loops. Its `bytes` and `marks` lie in memory that both threads see. */
export type ThreadMessage =
  | { readonly kind: "result"; readonly loop: number; readonly result: SegmentResult }
  | {
      readonly kind: "failed";
      readonly error: unknown;
      readonly outcome: string | undefined;
      readonly hint: string | undefined;
    };

/** To a thread: the result of the loop is merged. */
export interface MergedMessage {
  readonly loop: number;
}
