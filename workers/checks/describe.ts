import type { FieldFailure } from "../model/columnPlan.ts";
import { formats } from "./formats.ts";
import type { Resolve } from "./references.ts";
import { isObject, type SchemaNode } from "./schemaNode.ts";
import { shown } from "./schemaProblem.ts";
import type { ValueType } from "./valueTypes.ts";

/** An empty field in a required column. */
export const requiredFailure: FieldFailure = { rule: "required", expected: "a value" };

/** A value that an earlier record has in the same x-unique column. */
export const uniqueFailure: FieldFailure = { rule: "unique", expected: "a value that no earlier record has" };

/**
 * What one keyword requires of the values of a column, to follow "expected". It describes the keyword and never a
 * value, so that equal failures can be counted.
 */
export function describeRule(
  rule: string,
  column: SchemaNode,
  types: ReadonlySet<ValueType>,
  resolve: Resolve,
): string {
  const found = new Set(keywordValues(rule, column, resolve).map((value) => describeKeyword(rule, value, types)));
  return found.size === 0 ? describeKeyword(rule, undefined, types) : [...found].join(" and ");
}

/** One keyword with its value. */
export function describeKeyword(rule: string, value: unknown, types: ReadonlySet<ValueType>): string {
  return descriptions.get(rule)?.(value, types) ?? `a value that satisfies ${rule} of the schema`;
}

type Description = (value: unknown, types: ReadonlySet<ValueType>) => string;

const descriptions: ReadonlyMap<string, Description> = new Map(
  Object.entries<Description>({
    type: (_value, types) => typeNames(types),
    minimum: (value, types) => `${numberIn(types)} of at least ${value}`,
    maximum: (value, types) => `${numberIn(types)} of at most ${value}`,
    exclusiveMinimum: (value, types) => `${numberIn(types)} above ${value}`,
    exclusiveMaximum: (value, types) => `${numberIn(types)} below ${value}`,
    multipleOf: (value) => `a multiple of ${value}`,
    minLength: (value) => `at least ${characters(value)}`,
    maxLength: (value) => `at most ${characters(value)}`,
    pattern: (value) => `text that matches ${cut(String(value), 200)}`,
    format: (value) => formats.get(String(value))?.expected ?? `text of the format ${value}`,
    const: (value) => shown(value, 40),
    enum: (value) => oneOf(Array.isArray(value) ? value : []),
    required: () => requiredFailure.expected,
    anyOf: (value) => `a match for at least one of ${alternatives(value)} of the schema`,
    oneOf: (value) => `a match for exactly one of ${alternatives(value)} of the schema`,
    not: () => "a value that the schema does not exclude (not)",
    if: () => "what the schema requires in this case (if, then, else)",
    "false schema": () => "no value",
    minProperties: (value) => `at least ${columns(value)} with a value`,
    maxProperties: (value) => `at most ${columns(value)} with a value`,
    propertyNames: () => "only columns whose names the schema allows",
    additionalProperties: () => "no value in a column that the schema does not name here",
  }),
);

function numberIn(types: ReadonlySet<ValueType>): string {
  return types.has("integer") && !types.has("number") ? "an integer" : "a number";
}

/** The keyword where it applies to every value: beside the others, behind a $ref, or in an allOf. */
function keywordValues(rule: string, node: SchemaNode, resolve: Resolve): readonly unknown[] {
  if (!isObject(node)) return [];
  const own = Object.hasOwn(node, rule) ? [node[rule]] : [];
  const target = typeof node.$ref === "string" ? resolve(node.$ref) : undefined;
  const parts = [...(target === undefined ? [] : [target.node]), ...(Array.isArray(node.allOf) ? node.allOf : [])];
  return [...own, ...parts.flatMap((part: SchemaNode) => keywordValues(rule, part, resolve))];
}

function typeNames(types: ReadonlySet<ValueType>): string {
  const names = [...types].filter((type) => type !== "null").map((type) => typeName[type]);
  return names.length === 0 ? "no value" : names.join(" or ");
}

const typeName = { string: "text", integer: "an integer", number: "a number", boolean: "true or false" } as const;

function oneOf(values: readonly unknown[]): string {
  const listed = values.filter((value) => value !== null);
  if (listed.length === 0) return "no value";
  const some = listed.slice(0, 10).map((value) => shown(value, 40));
  const rest = listed.length - some.length;
  return `one of ${some.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}

const characters = (count: unknown): string => `${count} character${count === 1 ? "" : "s"}`;
const columns = (count: unknown): string => `${count} column${count === 1 ? "" : "s"}`;
const alternatives = (list: unknown): string => `${Array.isArray(list) ? list.length : "the"} alternatives`;

function cut(text: string, maxCharacters: number): string {
  const points = Array.from(text);
  return points.length > maxCharacters ? `${points.slice(0, maxCharacters).join("")}…` : text;
}
