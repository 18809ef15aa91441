import { nearest } from "../../src/shared/nearest.ts";
import { WorkerFault } from "../model/fault.ts";
import { checkKeywords } from "./checkKeywords.ts";
import { columnProblems } from "./columnProblems.ts";
import { exactSchemas } from "./exactSchemas.ts";
import { type JudgedColumn, judgeColumn } from "./judgeColumn.ts";
import { judgeWhole } from "./judgeWhole.ts";
import { type RecordLayers, recordLayers } from "./recordLayers.ts";
import { referencesOf } from "./references.ts";
import type { SchemaChecks } from "./schemaChecks.ts";
import { columnPlan, hasFlag, judgedColumns } from "./schemaColumns.ts";
import { isObject, type SchemaObject } from "./schemaNode.ts";
import { type SchemaProblem, schemaFault, shown } from "./schemaProblem.ts";
import { isTableSchema, translateTableSchema } from "./translateTableSchema.ts";

/**
 * Compiles a record schema for the columns of a file. `null`: no schema, every column is text. For an invalid schema it
 * throws a WorkerFault (configuration) that lists every problem by its JSON pointer; for a file whose columns do not
 * match the schema, one (data-refused) that lists every such column.
 *
 * The property of an empty field is absent; in a required column that allows null it is null, which is not an error.
 */
export function compileSchema(schema: unknown, header: readonly string[], uri: string): SchemaChecks {
  if (schema === null) return withoutSchema(header);
  if (!isObject(schema)) {
    throw schemaFault(uri, [{ pointer: "", found: schema, expected: "a JSON object that is a schema" }]);
  }
  if (!isTableSchema(schema)) return compileRecordSchema(schema, header, uri, (pointer) => pointer);
  const table = translateTableSchema(schema);
  if (table.problems.length > 0) throw schemaFault(uri, table.problems);
  const checks = compileRecordSchema(table.schema, header, uri, table.pointerOf);
  const problems = table.headerProblems(header);
  if (problems.length > 0) throw headerFault(uri, problems);
  return checks;
}

function compileRecordSchema(
  root: SchemaObject,
  header: readonly string[],
  uri: string,
  pointerOf: (pointer: string) => string,
): SchemaChecks {
  const refuse = (problems: readonly SchemaProblem[]): void => {
    if (problems.length === 0) return;
    throw schemaFault(
      uri,
      problems.map((problem) => ({ ...problem, pointer: pointerOf(problem.pointer) })),
    );
  };
  const resolve = referencesOf(root);
  refuse(checkKeywords(root, resolve));
  const layers = recordLayers(root, resolve);
  refuse(columnProblems(layers, resolve));
  const mismatches = headerProblems(layers, header);
  if (mismatches.length > 0) throw headerFault(uri, mismatches);

  const columns = judgedColumns(header, layers, resolve);
  const compile = exactSchemas(resolve);
  const judges = columns.map((column) => judgeColumn(column, compile, resolve));
  return {
    columns: header.map((name, index) => columnPlan(name, columns[index] as JudgedColumn, resolve)),
    sensitive: columns.map(({ node }) => hasFlag(node, "x-sensitive", resolve)),
    judgeField: (column, text) => judges[column]?.(text),
    judgesRecords: layers.rules.length > 0,
    judgeRecord: layers.rules.length > 0 ? judgeWhole(layers.rules, header, columns, compile) : () => undefined,
  };
}

/** How the columns of a file differ from those of the schema, as sentences. */
function headerProblems({ properties, required, additional }: RecordLayers, header: readonly string[]): string[] {
  const present = new Set(header);
  const missing = [...required].filter(([name]) => !present.has(name)).map(([name]) => missingColumn(name, header));
  const refused = additional
    .filter(({ node }) => node === false)
    .flatMap(({ named }) => header.filter((name) => !named.has(name)));
  const unknown = [...new Set(refused)].map((name) => {
    const close = nearest(
      name,
      [...properties.keys()].filter((known) => !present.has(known)),
    );
    const suggestion = close === undefined ? "" : ` (did you mean ${shown(close)}?)`;
    return `the file has the column ${shown(name)}, which the schema does not allow${suggestion}`;
  });
  return [...missing, ...unknown];
}

function missingColumn(name: string, header: readonly string[]): string {
  const close = nearest(name, header);
  const suggestion = close === undefined ? "" : ` (did you mean ${shown(close)}?)`;
  return `the schema requires the column ${shown(name)}, which the file does not have${suggestion}`;
}

/** All differences in one fault. */
function headerFault(uri: string, problems: readonly string[]): WorkerFault {
  const listed = problems.slice(0, 20);
  const rest = problems.length > listed.length ? `; and ${problems.length - listed.length} more` : "";
  return new WorkerFault("data-refused", `the columns do not match the schema ${uri}: ${listed.join("; ")}${rest}`, {
    hint: "Correct the first line of the file or the schema; column names must match exactly.",
  });
}

/** The checks of a file without a schema: every column is text, and nothing is required. */
function withoutSchema(header: readonly string[]): SchemaChecks {
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
