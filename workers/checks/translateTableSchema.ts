import { nearest } from "../../src/shared/nearest.ts";
import { pointerKeys, pointerTo } from "../../src/shared/pointer.ts";
import { isJsonNumber } from "./fieldValue.ts";
import { formats } from "./formats.ts";
import { isObject, type SchemaObject } from "./schemaNode.ts";
import { type SchemaProblem, shown } from "./schemaProblem.ts";

/** A Frictionless Table Schema in the words of JSON Schema. */
export interface TranslatedTable {
  /** Everything that cannot be said in JSON Schema, or is no Table Schema. Nothing is left out without a word. */
  readonly problems: readonly SchemaProblem[];
  readonly schema: SchemaObject;
  /** Where a part of `schema` comes from. */
  pointerOf(pointer: string): string;
  /** What a header has to be beyond what `schema` says, as sentences. */
  headerProblems(header: readonly string[]): readonly string[];
}

/** A JSON Schema has no `fields`. */
export const isTableSchema = (schema: SchemaObject): boolean =>
  Array.isArray(schema.fields) && !isObject(schema.properties);

/**
 * Numbers and true/false are taken as JSON writes them, which is narrower than Frictionless (`+5`, `007`, `TRUE`): a message carries
 * them on as they stand. Times and datetimes may leave out their zone, as in Frictionless.
 */
export function translateTableSchema(table: SchemaObject): TranslatedTable {
  const problems: SchemaProblem[] = [];
  const names: string[] = [];
  const properties: [string, SchemaObject][] = [];
  const required = new Set<string>();
  const unique = new Set<string>();

  for (const key of Object.keys(table)) unknownKey(key, "", rootKeys);
  for (const [index, field] of (table.fields as unknown[]).entries()) translateField(field, `/fields/${index}`);
  keys();
  missingValues();
  const match = fieldsMatch();
  const schema = {
    type: "object",
    properties: Object.fromEntries(properties.map(([name, node]) => [name, { ...node, ...flags(name) }])),
    required: [...required].filter((name) => names.includes(name)),
    ...(match !== "subset" && { additionalProperties: false }),
  };
  return { problems, schema, pointerOf, headerProblems };

  function refuse(pointer: string, found: unknown, expected: string): void {
    problems.push({ pointer, found, expected });
  }

  function unknownKey(key: string, pointer: string, allowed: ReadonlySet<string>): void {
    if (allowed.has(key) || key.startsWith("x-")) return;
    const close = nearest(key, allowed);
    const expected = close === undefined ? `one of ${[...allowed].join(", ")}` : close;
    refuse(pointerTo(pointer, key), key, expected);
  }

  function flags(name: string): SchemaObject {
    return unique.has(name) ? { "x-unique": true } : {};
  }

  function translateField(field: unknown, pointer: string): void {
    if (!isObject(field) || typeof field.name !== "string") {
      refuse(pointer, field, "an object with a name");
      return;
    }
    if (names.includes(field.name)) {
      refuse(`${pointer}/name`, field.name, "a name that no other field has");
      return;
    }
    names.push(field.name);
    for (const key of Object.keys(field)) unknownKey(key, pointer, fieldKeys);
    const type = field.type ?? "string";
    const base = typeof type === "string" ? fieldTypes.get(type) : undefined;
    if (base === undefined) {
      const close = typeof type === "string" ? nearest(type, fieldTypes.keys()) : undefined;
      refuse(`${pointer}/type`, type, close ?? `one of ${[...fieldTypes.keys()].join(", ")}`);
      return;
    }
    const format = formatOf(field, String(type), pointer);
    const constraints = translateConstraints(field, base, pointer);
    writing(field, pointer);
    const sensitive = field["x-sensitive"] === undefined ? {} : { "x-sensitive": field["x-sensitive"] };
    properties.push([field.name, { ...base.node, ...format, ...constraints, ...sensitive }]);
  }

  function formatOf(field: SchemaObject, type: string, pointer: string): SchemaObject {
    const { format } = field;
    if (format === undefined || format === "default" || (type === "date" && format === "%Y-%m-%d")) return {};
    if (type === "string" && typeof format === "string" && textFormats.has(format)) return { format };
    const known = type === "string" ? ["default", ...textFormats].join(", ") : "default";
    refuse(`${pointer}/format`, format, `one of ${known} for a field of type ${type}`);
    return {};
  }

  /** How values are written; only the ways that are JSON's as well. */
  function writing(field: SchemaObject, pointer: string): void {
    const plain: Readonly<Record<string, readonly unknown[]>> = {
      decimalChar: ["."],
      groupChar: [""],
      bareNumber: [true],
      trueValues: [["true"]],
      falseValues: [["false"]],
    };
    for (const [key, values] of Object.entries(plain)) {
      if (field[key] === undefined || values.some((value) => JSON.stringify(value) === JSON.stringify(field[key])))
        continue;
      refuse(
        `${pointer}/${key}`,
        field[key],
        `${JSON.stringify(values[0])}: numbers and true/false are read as in JSON`,
      );
    }
  }

  function translateConstraints(field: SchemaObject, base: FieldType, pointer: string): SchemaObject {
    if (field.constraints === undefined) return {};
    const at = `${pointer}/constraints`;
    if (!isObject(field.constraints)) {
      refuse(at, field.constraints, "an object");
      return {};
    }
    const node: [string, unknown][] = [];
    for (const [key, value] of Object.entries(field.constraints)) {
      if (key === "required" || key === "unique") {
        if (typeof value !== "boolean") refuse(`${at}/${key}`, value, "true or false");
        else if (value) (key === "required" ? required : unique).add(String(field.name));
      } else if (!constraintKeys.has(key)) unknownKey(key, at, new Set([...constraintKeys, "required", "unique"]));
      else if (!base.constraints.has(key)) {
        refuse(`${at}/${key}`, value, `no ${key} for a field of type ${field.type ?? "string"}`);
      } else if (key === "pattern") {
        // Frictionless means the whole text, JSON Schema any part of it.
        node.push([key, typeof value === "string" ? `^(?:${value})$` : value]);
      } else if (key === "enum") node.push([key, enumValues(value, base)]);
      else if (key === "minimum" || key === "maximum") node.push(limit(key, value, base));
      else node.push([key, numberOf(value)]);
    }
    return Object.fromEntries(node);
  }

  /** A year has a limit of its own already. */
  function limit(key: "minimum" | "maximum", value: unknown, base: FieldType): [string, unknown] {
    const own = base.node[key];
    const given = numberOf(value);
    if (typeof own !== "number" || typeof given !== "number") return [key, given];
    return [key, key === "minimum" ? Math.max(own, given) : Math.min(own, given)];
  }

  function keys(): void {
    const primary = table.primaryKey === undefined ? [] : [table.primaryKey].flat();
    if (primary.length > 1)
      refuse("/primaryKey", table.primaryKey, "one field: keys of several fields are not checked");
    for (const name of primary.slice(0, 1)) requireField(name, "/primaryKey", [required, unique]);
    const uniqueKeys = table.uniqueKeys === undefined ? [] : table.uniqueKeys;
    if (!Array.isArray(uniqueKeys)) {
      refuse("/uniqueKeys", uniqueKeys, "a list of lists of field names");
      return;
    }
    for (const [index, key] of uniqueKeys.entries()) {
      const fields = [key].flat();
      if (fields.length === 1) requireField(fields[0], `/uniqueKeys/${index}`, [unique]);
      else refuse(`/uniqueKeys/${index}`, key, "one field: keys of several fields are not checked");
    }
    const foreign = table.foreignKeys;
    if (foreign !== undefined && !(Array.isArray(foreign) && foreign.length === 0)) {
      refuse("/foreignKeys", foreign, "no foreign keys: other files are not read");
    }
  }

  function requireField(name: unknown, pointer: string, sets: readonly Set<string>[]): void {
    if (typeof name !== "string" || !names.includes(name)) {
      refuse(pointer, name, "the name of a field");
      return;
    }
    for (const set of sets) set.add(name);
  }

  function missingValues(): void {
    const values = table.missingValues;
    if (values === undefined || (Array.isArray(values) && values.length === 1 && values[0] === "")) return;
    refuse("/missingValues", values, '[""]: only an empty field is a missing value');
  }

  function fieldsMatch(): string {
    const value = table.fieldsMatch === undefined ? "equal" : [table.fieldsMatch].flat()[0];
    if (typeof value === "string" && matches.has(value)) return value;
    refuse("/fieldsMatch", table.fieldsMatch, `one of ${[...matches].join(", ")}`);
    return "equal";
  }

  function headerProblems(header: readonly string[]): readonly string[] {
    if (match === "superset") return [];
    const present = new Set(header);
    const missing = names
      .filter((name) => !present.has(name) && !required.has(name))
      .map((name) => `the schema has the field ${shown(name)}, which the file does not have`);
    if (missing.length > 0 || match !== "exact") return missing;
    const first = names.findIndex((name, index) => header[index] !== name);
    if (first === -1) return [];
    return [`column ${first + 1} of the file is ${shown(header[first])}, where the schema has ${shown(names[first])}`];
  }

  function pointerOf(pointer: string): string {
    const [, name, ...rest] = pointerKeys(pointer);
    const index = names.indexOf(name ?? "");
    if (!pointer.startsWith("/properties/") || index === -1) return pointer;
    const inside = rest[0] === "x-sensitive" || rest[0] === "format" ? rest : ["constraints", ...rest];
    return rest.length === 0 ? `/fields/${index}` : inside.reduce(pointerTo, `/fields/${index}`);
  }
}

const rootKeys: ReadonlySet<string> = new Set([
  "fields",
  "missingValues",
  "primaryKey",
  "uniqueKeys",
  "foreignKeys",
  "fieldsMatch",
  "$schema",
  "name",
  "title",
  "description",
  "profile",
]);

const fieldKeys: ReadonlySet<string> = new Set([
  "name",
  "type",
  "format",
  "title",
  "description",
  "example",
  "rdfType",
  "constraints",
  "decimalChar",
  "groupChar",
  "bareNumber",
  "trueValues",
  "falseValues",
]);

const matches: ReadonlySet<string> = new Set(["exact", "equal", "subset", "superset"]);

const textFormats: ReadonlySet<string> = new Set(["email", "uri", "uuid"].filter((name) => formats.has(name)));

interface FieldType {
  readonly node: SchemaObject;
  readonly constraints: ReadonlySet<string>;
}

const ofText = new Set(["minLength", "maxLength", "pattern", "enum"]);
const ofNumbers = new Set(["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "enum"]);
const ofValues = new Set(["enum"]);
const constraintKeys: ReadonlySet<string> = new Set([...ofText, ...ofNumbers]);

const fieldTypes: ReadonlyMap<string, FieldType> = new Map([
  ["string", { node: { type: "string" }, constraints: ofText }],
  ["number", { node: { type: "number" }, constraints: ofNumbers }],
  ["integer", { node: { type: "integer" }, constraints: ofNumbers }],
  ["boolean", { node: { type: "boolean" }, constraints: ofValues }],
  ["date", { node: { type: "string", format: "date" }, constraints: ofValues }],
  ["time", { node: { type: "string", format: "iso-time" }, constraints: ofValues }],
  ["datetime", { node: { type: "string", format: "iso-date-time" }, constraints: ofValues }],
  ["year", { node: { type: "integer", minimum: 1000, maximum: 9999 }, constraints: ofNumbers }],
  ["any", { node: {}, constraints: ofText }],
]);

/** Table Schemas write numbers as numbers or as text. */
const numberOf = (value: unknown): unknown =>
  typeof value === "string" && isJsonNumber(value) ? Number(value) : value;

function enumValues(values: unknown, base: FieldType): unknown {
  if (!Array.isArray(values)) return values;
  if (base.node.type === "boolean") return values.map((value) => (isBooleanText(value) ? value === "true" : value));
  if (base.node.type === "integer" || base.node.type === "number") return values.map(numberOf);
  return values;
}

const isBooleanText = (value: unknown): boolean => value === "true" || value === "false";
