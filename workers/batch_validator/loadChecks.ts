import { compileSchema } from "../checks/compileSchema.ts";
import type { SchemaChecks } from "../checks/schemaChecks.ts";
import { WorkerFault } from "../model/fault.ts";
import type { ObjectStore } from "../model/objectStore.ts";

export interface LoadedSchema {
  /** As JSON; null without one. */
  readonly schema: unknown;
  readonly uri: string;
}

/** Reads the record schema. A file of several MB is no schema. */
export async function loadSchema(uri: string | undefined, store: ObjectStore): Promise<LoadedSchema> {
  if (uri === undefined) return { schema: null, uri: "" };
  const found = await store.get(uri);
  if (found === undefined) {
    throw new WorkerFault("input-missing", `there is no schema ${uri}`, { hint: "name an existing one with --schema" });
  }
  try {
    return { schema: JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(found.bytes)), uri };
  } catch (error) {
    throw new WorkerFault("configuration", `the schema ${uri} is not JSON: ${(error as Error).message}`, {
      hint: "a record schema is a JSON Schema, or a Frictionless Table Schema, in JSON",
      cause: error,
    });
  }
}

export function compileChecks({ schema, uri }: LoadedSchema, header: readonly string[]): SchemaChecks {
  return compileSchema(schema, header, uri);
}
