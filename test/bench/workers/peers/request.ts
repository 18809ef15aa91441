import type { DuckdbQuery } from "../dataset/duckdbQuery.ts";

/** What a resident process is asked to do: to count the records of a file that break a rule. */
export interface CountRequest extends DuckdbQuery {
  readonly path: string;
  readonly schemaPath: string;
  readonly threads: number;
  /** Of the two ways DuckDB has (see countWithDuckdb.py). */
  readonly way: DuckdbWay;
  /** An empty folder for those who write something. */
  readonly outFolder: string;
  /** Rejected records that are written; undefined: all. Only ours writes them. */
  readonly maxRejects?: number | undefined;
}

export type DuckdbWay = "typed" | "text";

export interface Counted {
  readonly records: number;
  readonly bad: number;
}

export interface CountReply extends Counted {
  /** Of the counting alone. */
  readonly seconds: number;
}
