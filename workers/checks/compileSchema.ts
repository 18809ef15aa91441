import { nearest } from "../../src/shared/nearest.ts";
import type { ColumnPlan } from "../model/columnPlan.ts";
import { WorkerFault } from "../model/fault.ts";
import type { Column } from "../model/manifest.ts";
import { checkKeywords } from "./checkKeywords.ts";
import { checkTypes } from "./checkTypes.ts";
import { exactSchemas } from "./exactSchemas.ts";
import { type JudgedColumn, judgeColumn } from "./judgeColumn.ts";
import { judgeWhole } from "./judgeWhole.ts";
import { planColumn } from "./planColumn.ts";
import { type RecordLayers, recordLayers } from "./recordLayers.ts";
import { type Resolve, referencesOf } from "./references.ts";
import type { SchemaChecks } from "./schemaChecks.ts";
import { isObject, type SchemaNode, type SchemaObject } from "./schemaNode.ts";
import { type SchemaProblem, schemaFault, shown } from "./schemaProblem.ts";
import { tellsWhy } from "./tellsWhy.ts";
import { isTableSchema, translateTableSchema } from "./translateTableSchema.ts";
import { type ValueType, valueTypes } from "./valueTypes.ts";
import { withoutSchema } from "./withoutSchema.ts";

/**
 * Compiles a record schema for the columns that a file has. `null`: no schema, every column is text. A schema that cannot be used
 * throws a WorkerFault (configuration) that names every problem by its JSON pointer; a file whose columns are not those of the
 * schema throws one (data-refused) that names every such column.
 *
 * Where a field is empty its property is absent; in a required column that allows null it is null, and no error.
 */
export function compileSchema(schema: unknown, header: readonly string[], uri: string): SchemaChecks {
  if (schema === null) return withoutSchema(header);
  if (!isObject(schema)) {
    throw schemaFault(uri, [{ pointer: "", found: schema, expected: "a JSON object with a schema" }]);
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

  const hints = layers.rules.length > 0 ? typeHints(layers.rules, resolve) : new Map();
  const columns = header.map((name) => judgedColumn(name, layers, hints, resolve));
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

/** Of every column that the schema names, whether the file has it or not: a schema is right or wrong by itself. */
function columnProblems({ properties }: RecordLayers, resolve: Resolve): readonly SchemaProblem[] {
  return [...properties.values()].flatMap((placed) => {
    const types = valueTypes(combined(placed.map(({ node }) => node)), resolve) ?? text;
    return placed.flatMap(({ node, pointer }) => checkTypes(node, pointer, types, resolve));
  });
}

const text: ReadonlySet<ValueType> = new Set(["string"]);

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
    const suggestion = close === undefined ? "" : ` (is it ${shown(close)}?)`;
    return `the file has the column ${shown(name)}, which the schema does not allow${suggestion}`;
  });
  return [...missing, ...unknown];
}

function missingColumn(name: string, header: readonly string[]): string {
  const close = nearest(name, header);
  const suggestion = close === undefined ? "" : ` (is it ${shown(close)}?)`;
  return `the schema requires the column ${shown(name)}, which the file does not have${suggestion}`;
}

function headerFault(uri: string, problems: readonly string[]): WorkerFault {
  const listed = problems.slice(0, 20);
  const rest = problems.length > listed.length ? `; and ${problems.length - listed.length} more` : "";
  return new WorkerFault(
    "data-refused",
    `the columns are not those of the schema ${uri}: ${listed.join("; ")}${rest}`,
    {
      hint: "Correct the first line of the file or the schema; names have to be the same letter by letter.",
    },
  );
}

function judgedColumn(
  name: string,
  { properties, required, additional }: RecordLayers,
  hints: ReadonlyMap<string, ReadonlySet<ValueType>>,
  resolve: Resolve,
): JudgedColumn {
  const own = (properties.get(name) ?? []).map(({ node }) => node);
  const others = additional.filter(({ named }) => !named.has(name)).map(({ node }) => node);
  const node = combined([...own, ...others]);
  const hint = hints.get(name);
  const types = valueTypes(node, resolve) ?? (hint === undefined ? text : new Set([...hint, "string" as const]));
  const allowsNull = types.has("null");
  return {
    node: withoutNull(node),
    types,
    required: required.has(name) && !allowsNull,
    nullWhenEmpty: required.has(name) && allowsNull,
  };
}

/** What is judged is never null, so "X or null" is X, and its failures are those of X. */
function withoutNull(node: SchemaNode): SchemaNode {
  if (typeof node === "boolean") return node;
  const keyword = node.anyOf === undefined ? "oneOf" : "anyOf";
  const choices = (node[keyword] ?? []) as readonly SchemaNode[];
  const real = choices.filter((choice) => !(isObject(choice) && choice.type === "null"));
  if (real.length !== 1 || choices.length === 1) return node;
  const { [keyword]: _, ...others } = node;
  return { ...others, allOf: [...((others.allOf ?? []) as readonly SchemaNode[]), ...real] };
}

function combined(nodes: readonly SchemaNode[]): SchemaNode {
  const [first, ...more] = nodes;
  return first === undefined ? true : more.length === 0 ? first : { allOf: nodes };
}

/**
 * A column may have its type in a rule for records alone, `then: { properties: { age: { type: "integer" } } }`. Its fields then become
 * that value where they can, and stay text where not.
 */
function typeHints(rules: readonly SchemaNode[], resolve: Resolve): Map<string, ReadonlySet<ValueType>> {
  const hints = new Map<string, ReadonlySet<ValueType>>();
  for (const rule of rules) collect(rule);
  return hints;

  function collect(node: unknown): void {
    if (Array.isArray(node)) node.forEach(collect);
    if (!isObject(node)) return;
    if (typeof node.$ref === "string") collect(resolve(node.$ref)?.node);
    for (const [keyword, value] of Object.entries(node)) {
      if (keyword !== "properties" || !isObject(value)) {
        collect(value);
        continue;
      }
      for (const [name, column] of Object.entries(value)) {
        const types = isObject(column) ? valueTypes(column, resolve) : undefined;
        if (types !== undefined) hints.set(name, new Set([...(hints.get(name) ?? []), ...types]));
      }
    }
  }
}

function columnPlan(name: string, { node, types, required }: JudgedColumn, resolve: Resolve): ColumnPlan {
  const { checks, alwaysSuspect } = planColumn(node, types, resolve);
  const column = { name, type: messageType(types) };
  const unique = hasFlag(node, "x-unique", resolve);
  return { column, required, checks, alwaysSuspect, unique, tellsWhy: tellsWhy(node) };
}

/** Values of several types are written as text: what a record looks like must not depend on what its digits happen to be. */
function messageType(types: ReadonlySet<ValueType>): Column["type"] {
  const [type, ...others] = [...types].filter((one) => one !== "null");
  if (type === undefined) return "string";
  if (others.length === 0) return type as Column["type"];
  return [type, ...others].every((one) => one === "integer" || one === "number") ? "number" : "string";
}

function hasFlag(node: SchemaNode, flag: "x-unique" | "x-sensitive", resolve: Resolve): boolean {
  if (typeof node === "boolean") return false;
  if (node[flag] === true) return true;
  const target = typeof node.$ref === "string" ? resolve(node.$ref) : undefined;
  if (target !== undefined && hasFlag(target.node, flag, resolve)) return true;
  return Array.isArray(node.allOf) && node.allOf.some((part: SchemaNode) => hasFlag(part, flag, resolve));
}
