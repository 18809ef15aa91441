import type { DataColumn } from "./dataColumn.ts";

/** The rules of a data set for DuckDB. */
export interface DuckdbQuery {
  /** Name and type of each column, as `read_csv` takes them. */
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** True of a record that breaks no rule, the columns having their types. */
  readonly goodTyped: string;
  /** The same for columns that were read as text. */
  readonly goodText: string;
}

export function duckdbQuery(columns: readonly DataColumn[]): DuckdbQuery {
  return {
    columns: columns.map(({ name, duckdbType }) => ({ name, type: duckdbType })),
    goodTyped: columns.flatMap((column) => condition(column, column.name)).join(" AND "),
    goodText: columns.flatMap((column) => condition(column, converted(column))).join(" AND "),
  };
}

/** Null where a required value is missing or not of its type, so that a filter takes the record for a bad one. */
function condition({ required, duckdbRule, name, duckdbType }: DataColumn, value: string): readonly string[] {
  const rule = duckdbRule?.(value);
  if (required) return [rule ?? `${value} IS NOT NULL`];
  if (rule !== undefined) return [`(${name} IS NULL OR ${rule})`];
  return duckdbType === "VARCHAR" ? [] : [`(${name} IS NULL OR ${value} IS NOT NULL)`];
}

function converted({ name, duckdbType }: DataColumn): string {
  return duckdbType === "VARCHAR" ? name : `TRY_CAST(${name} AS ${duckdbType})`;
}
