import type { SchemaChecks } from "./schemaChecks.ts";

/** Every column is text, nothing is required: what is checked of a file without a schema. */
export function withoutSchema(header: readonly string[]): SchemaChecks {
  return {
    columns: header.map((name) => ({
      column: { name, type: "string" },
      required: false,
      checks: [],
      alwaysSuspect: false,
      unique: false,
    })),
    sensitive: header.map(() => false),
    judgeField: () => undefined,
    judgesRecords: false,
    judgeRecord: () => undefined,
  };
}
