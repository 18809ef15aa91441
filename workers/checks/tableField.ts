import { nearest } from "../../src/shared/nearest.ts";
import { pointerTo } from "../../src/shared/pointer.ts";
import { isJsonNumber } from "./fieldValue.ts";
import { formats } from "./formats.ts";
import { isObject, type SchemaObject } from "./schemaNode.ts";
import type { SchemaProblem } from "./schemaProblem.ts";

export type NamedField = SchemaObject & { readonly name: string };

export function isNamedField(field: unknown): field is NamedField {
  return isObject(field) && typeof field.name === "string";
}

/** A field of a Frictionless Table Schema in the words of JSON Schema. */
export interface TranslatedField {
  readonly node: SchemaObject;
  readonly isRequired: boolean;
  readonly isUnique: boolean;
  readonly problems: readonly SchemaProblem[];
}

export function translateField(field: NamedField, pointer: string): TranslatedField {
  const { type = "string", constraints, format } = field;
  const problems = unknownKeys(field, pointer, fieldKeys);
  const base = typeof type === "string" ? fieldTypes.get(type) : undefined;
  if (base === undefined) {
    const found = [...problems, typeProblem(type, `${pointer}/type`)];
    return { node: {}, isRequired: false, isUnique: false, problems: found };
  }
  const given = isObject(constraints) ? constraints : {};
  return {
    node: {
      ...base.node,
      ...(type === "string" && textFormats.has(String(format)) && { format }),
      ...constraintsOf(given, base),
      ...(field["x-sensitive"] !== undefined && { "x-sensitive": field["x-sensitive"] }),
    },
    isRequired: given.required === true,
    isUnique: given.unique === true,
    problems: [
      ...problems,
      ...formatProblems(format, String(type), `${pointer}/format`),
      ...constraintProblems(constraints, base, String(type), `${pointer}/constraints`),
      ...writingProblems(field, pointer),
    ],
  };
}

export function unknownKeys(
  object: SchemaObject,
  pointer: string,
  allowed: ReadonlySet<string>,
): readonly SchemaProblem[] {
  return Object.keys(object)
    .filter((key) => !allowed.has(key) && !key.startsWith("x-"))
    .map((key) => ({ pointer: pointerTo(pointer, key), found: key, expected: nearestOr(key, allowed) }));
}

function nearestOr(key: string, allowed: ReadonlySet<string>): string {
  return nearest(key, allowed) ?? `one of ${[...allowed].join(", ")}`;
}

function typeProblem(type: unknown, pointer: string): SchemaProblem {
  const known = new Set(fieldTypes.keys());
  const expected = typeof type === "string" ? nearestOr(type, known) : `one of ${[...known].join(", ")}`;
  return { pointer, found: type, expected };
}

function formatProblems(format: unknown, type: string, pointer: string): readonly SchemaProblem[] {
  if (format === undefined || format === "default" || (type === "date" && format === "%Y-%m-%d")) return [];
  if (type === "string" && typeof format === "string" && textFormats.has(format)) return [];
  const known = type === "string" ? ["default", ...textFormats].join(", ") : "default";
  return [{ pointer, found: format, expected: `one of ${known} for a field of type ${type}` }];
}

/** How values are written; only forms that are also JSON's. */
function writingProblems(field: SchemaObject, pointer: string): readonly SchemaProblem[] {
  return Object.entries(writtenAsJson)
    .filter(([key, value]) => field[key] !== undefined && JSON.stringify(field[key]) !== JSON.stringify(value))
    .map(([key, value]) => ({
      pointer: `${pointer}/${key}`,
      found: field[key],
      expected: `${JSON.stringify(value)}: numbers and true/false are read as in JSON`,
    }));
}

const writtenAsJson: Readonly<Record<string, unknown>> = {
  decimalChar: ".",
  groupChar: "",
  bareNumber: true,
  trueValues: ["true"],
  falseValues: ["false"],
};

function constraintProblems(
  constraints: unknown,
  base: FieldType,
  type: string,
  pointer: string,
): readonly SchemaProblem[] {
  if (constraints === undefined) return [];
  if (!isObject(constraints)) return [{ pointer, found: constraints, expected: "an object" }];
  const known = Object.entries(constraints).filter(([key]) => constraintKeys.has(key));
  return [
    ...unknownKeys(constraints, pointer, constraintKeys),
    ...known.flatMap(([key, found]) => {
      const expected = expectedInstead(key, found, base, type);
      return expected === undefined ? [] : [{ pointer: `${pointer}/${key}`, found, expected }];
    }),
  ];
}

function expectedInstead(key: string, value: unknown, base: FieldType, type: string): string | undefined {
  if (flags.has(key)) return typeof value === "boolean" ? undefined : "true or false";
  return base.constraints.has(key) ? undefined : `no ${key} for a field of type ${type}`;
}

function constraintsOf(constraints: SchemaObject, base: FieldType): SchemaObject {
  return Object.fromEntries(
    Object.entries(constraints)
      .filter(([key]) => base.constraints.has(key))
      .map(([key, value]) => [key, constraintValue(key, value, base)]),
  );
}

function constraintValue(key: string, value: unknown, base: FieldType): unknown {
  switch (key) {
    case "pattern":
      // Frictionless matches the whole text, JSON Schema any part of it.
      return typeof value === "string" ? `^(?:${value})$` : value;
    case "enum":
      return enumValues(value, base);
    case "minimum":
    case "maximum":
      return limit(key, numberOf(value), base);
    default:
      return numberOf(value);
  }
}

/** A year already has its own limit. */
function limit(key: "minimum" | "maximum", given: unknown, base: FieldType): unknown {
  const own = base.node[key];
  if (typeof own !== "number" || typeof given !== "number") return given;
  return key === "minimum" ? Math.max(own, given) : Math.min(own, given);
}

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

const textFormats: ReadonlySet<string> = new Set(["email", "uri", "uuid"].filter((name) => formats.has(name)));

interface FieldType {
  readonly node: SchemaObject;
  readonly constraints: ReadonlySet<string>;
}

const ofText = new Set(["minLength", "maxLength", "pattern", "enum"]);
const ofNumbers = new Set(["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "enum"]);
const ofValues = new Set(["enum"]);
const flags: ReadonlySet<string> = new Set(["required", "unique"]);
const constraintKeys: ReadonlySet<string> = new Set([...ofText, ...ofNumbers, ...flags]);

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
