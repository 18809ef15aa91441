import type { RecordChecks } from "../model/columnPlan.ts";

/** A record schema, compiled for the columns of one file, with what reports need. */
export interface SchemaChecks extends RecordChecks {
  /** By column: `x-sensitive`, its values must not be shown. */
  readonly sensitive: readonly boolean[];
}
