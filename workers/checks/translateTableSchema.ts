import { pointerKeys, pointerTo } from "../../src/shared/pointer.ts";
import { isObject, type SchemaObject } from "./schemaNode.ts";
import { type SchemaProblem, shown } from "./schemaProblem.ts";
import { isNamedField, type TranslatedField, translateField, unknownKeys } from "./tableField.ts";

/** A Frictionless Table Schema as JSON Schema. */
export interface TranslatedTable {
  /** Everything that cannot be expressed in JSON Schema, or is not a Table Schema. Nothing is dropped silently. */
  readonly problems: readonly SchemaProblem[];
  readonly schema: SchemaObject;
  /** Where a part of `schema` comes from. */
  pointerOf(pointer: string): string;
  /** How a header violates rules that `schema` cannot express, as sentences. */
  headerProblems(header: readonly string[]): readonly string[];
}

/** A JSON Schema has no `fields`. */
export const isTableSchema = (schema: SchemaObject): boolean =>
  Array.isArray(schema.fields) && !isObject(schema.properties);

/**
 * Numbers and true/false are accepted only as in JSON, which is stricter than Frictionless (`+5`, `007`, `TRUE`): a
 * message contains them unchanged. Times and datetimes may omit their zone, as in Frictionless.
 */
export function translateTableSchema(table: SchemaObject): TranslatedTable {
  const { fields, problems } = translateFields(table.fields as readonly unknown[]);
  const names = [...fields.keys()];
  const primary = primaryKeyOf(table, names);
  const uniqueKeys = uniqueKeysOf(table, names);
  const match = fieldsMatchOf(table);
  const required = new Set([...names.filter((name) => fields.get(name)?.isRequired), ...primary.fields]);
  const unique = new Set([...primary.fields, ...uniqueKeys.fields]);
  return {
    problems: [
      ...unknownKeys(table, "", rootKeys),
      ...problems,
      ...primary.problems,
      ...uniqueKeys.problems,
      ...foreignKeyProblems(table),
      ...missingValueProblems(table),
      ...match.problems,
    ],
    schema: {
      type: "object",
      properties: propertiesOf(fields, unique),
      required: [...required],
      ...(match.value !== "subset" && { additionalProperties: false }),
    },
    pointerOf: (pointer) => pointerInTable(pointer, names),
    headerProblems: (header) => headerProblems(header, names, required, match.value),
  };
}

interface TranslatedFields {
  /** By name, in the order of the schema. */
  readonly fields: ReadonlyMap<string, TranslatedField>;
  readonly problems: readonly SchemaProblem[];
}

function translateFields(list: readonly unknown[]): TranslatedFields {
  const fields = new Map<string, TranslatedField>();
  const problems: SchemaProblem[] = [];
  for (const [index, field] of list.entries()) {
    const pointer = `/fields/${index}`;
    if (!isNamedField(field)) {
      problems.push({ pointer, found: field, expected: "an object with a name" });
    } else if (fields.has(field.name)) {
      problems.push({ pointer: `${pointer}/name`, found: field.name, expected: "a name that no other field has" });
    } else {
      const translated = translateField(field, pointer);
      fields.set(field.name, translated);
      problems.push(...translated.problems);
    }
  }
  return { fields, problems };
}

function propertiesOf(fields: ReadonlyMap<string, TranslatedField>, unique: ReadonlySet<string>): SchemaObject {
  const properties = [...fields].map(([name, { node, isUnique }]) => {
    return [name, isUnique || unique.has(name) ? { ...node, "x-unique": true } : node];
  });
  return Object.fromEntries(properties);
}

/** The fields of keys. */
interface Keys {
  readonly fields: readonly string[];
  readonly problems: readonly SchemaProblem[];
}

function primaryKeyOf({ primaryKey }: SchemaObject, names: readonly string[]): Keys {
  if (primaryKey === undefined || (Array.isArray(primaryKey) && primaryKey.length === 0)) {
    return { fields: [], problems: [] };
  }
  return keyOf(primaryKey, "/primaryKey", names);
}

function uniqueKeysOf({ uniqueKeys = [] }: SchemaObject, names: readonly string[]): Keys {
  if (!Array.isArray(uniqueKeys)) {
    return refusedKey("/uniqueKeys", uniqueKeys, "a list of lists of field names");
  }
  const keys = uniqueKeys.map((key, index) => keyOf(key, `/uniqueKeys/${index}`, names));
  return { fields: keys.flatMap(({ fields }) => fields), problems: keys.flatMap(({ problems }) => problems) };
}

function keyOf(key: unknown, pointer: string, names: readonly string[]): Keys {
  const [name, ...others]: unknown[] = [key].flat();
  if (name === undefined || others.length > 0) {
    return refusedKey(pointer, key, "one field: keys of several fields are not checked");
  }
  if (typeof name !== "string" || !names.includes(name)) return refusedKey(pointer, name, "the name of a field");
  return { fields: [name], problems: [] };
}

function refusedKey(pointer: string, found: unknown, expected: string): Keys {
  return { fields: [], problems: [{ pointer, found, expected }] };
}

function foreignKeyProblems({ foreignKeys = [] }: SchemaObject): readonly SchemaProblem[] {
  if (Array.isArray(foreignKeys) && foreignKeys.length === 0) return [];
  return [{ pointer: "/foreignKeys", found: foreignKeys, expected: "no foreign keys: other files are not read" }];
}

function missingValueProblems({ missingValues = [""] }: SchemaObject): readonly SchemaProblem[] {
  if (Array.isArray(missingValues) && missingValues.length === 1 && missingValues[0] === "") return [];
  const expected = '[""]: only an empty field is a missing value';
  return [{ pointer: "/missingValues", found: missingValues, expected }];
}

interface FieldsMatch {
  readonly value: string;
  readonly problems: readonly SchemaProblem[];
}

function fieldsMatchOf({ fieldsMatch = "equal" }: SchemaObject): FieldsMatch {
  const [value]: unknown[] = [fieldsMatch].flat();
  if (typeof value === "string" && matches.has(value)) return { value, problems: [] };
  const expected = `one of ${[...matches].join(", ")}`;
  return { value: "equal", problems: [{ pointer: "/fieldsMatch", found: fieldsMatch, expected }] };
}

const matches: ReadonlySet<string> = new Set(["exact", "equal", "subset", "superset"]);

function headerProblems(
  header: readonly string[],
  names: readonly string[],
  required: ReadonlySet<string>,
  match: string,
): readonly string[] {
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

function pointerInTable(pointer: string, names: readonly string[]): string {
  const [, name, ...rest] = pointerKeys(pointer);
  const index = names.indexOf(name ?? "");
  if (!pointer.startsWith("/properties/") || index === -1) return pointer;
  const inside = rest[0] === "x-sensitive" || rest[0] === "format" ? rest : ["constraints", ...rest];
  return rest.length === 0 ? `/fields/${index}` : inside.reduce(pointerTo, `/fields/${index}`);
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
