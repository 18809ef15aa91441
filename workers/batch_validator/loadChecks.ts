import { oneLine } from "../../src/shared/text.ts";
import { compileSchema } from "../checks/compileSchema.ts";
import type { SchemaChecks } from "../checks/schemaChecks.ts";
import { WorkerFault } from "../model/fault.ts";
import type { ObjectStore } from "../model/objectStore.ts";

export interface LoadedSchema {
  /** As JSON; null without one. */
  readonly schema: unknown;
  readonly uri: string;
}

/** Reads the record schema. Throws input-missing where there is none, configuration where it is not JSON. */
export async function loadSchema(uri: string | undefined, store: ObjectStore): Promise<LoadedSchema> {
  if (uri === undefined) return { schema: null, uri: "" };
  const found = await store.get(uri);
  if (found === undefined) {
    throw new WorkerFault("input-missing", `the schema ${oneLine(uri)} does not exist`, {
      hint: "Pass the location of an existing schema with --schema.",
    });
  }
  const schema = parse(found.bytes, uri);
  // From here on null means "no schema"; a file that contains only null was meant to be a schema.
  if (schema === null) throw notUsable(uri, "is null", undefined);
  return { schema, uri };
}

function parse(bytes: Uint8Array, uri: string): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    throw notUsable(uri, `is not JSON: ${oneLine((error as Error).message)}`, error);
  }
}

function notUsable(uri: string, what: string, cause: unknown): WorkerFault {
  return new WorkerFault(
    "configuration",
    `the schema ${oneLine(uri)} ${what}; expected a JSON object that is a schema`,
    {
      hint: "A record schema is a JSON Schema or a Frictionless Table Schema, written as JSON in UTF-8.",
      cause,
    },
  );
}

export function compileChecks({ schema, uri }: LoadedSchema, header: readonly string[]): SchemaChecks {
  return compileSchema(schema, header, uri);
}
