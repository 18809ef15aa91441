import type { FieldFailure } from "../model/columnPlan.ts";
import { formats } from "./formats.ts";
import type { Resolve } from "./references.ts";
import { isObject, type SchemaNode } from "./schemaNode.ts";
import { shown } from "./schemaProblem.ts";
import type { ValueType } from "./valueTypes.ts";

/** An empty field in a column that has to be filled. */
export const requiredFailure: FieldFailure = { rule: "required", expected: "a value" };

/** A value that another record has in the same x-unique column. */
export const uniqueFailure: FieldFailure = { rule: "unique", expected: "a value that no earlier record has" };

/**
 * What a column expects of its values by one keyword, to follow "expected". About the whole keyword and never about a value, so that
 * equal failures can be counted.
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
  const noun = types.has("integer") && !types.has("number") ? "an integer" : "a number";
  switch (rule) {
    case "type":
      return typeNames(types);
    case "minimum":
      return `${noun} of at least ${value}`;
    case "maximum":
      return `${noun} of at most ${value}`;
    case "exclusiveMinimum":
      return `${noun} above ${value}`;
    case "exclusiveMaximum":
      return `${noun} below ${value}`;
    case "multipleOf":
      return `a multiple of ${value}`;
    case "minLength":
      return `at least ${characters(value)}`;
    case "maxLength":
      return `at most ${characters(value)}`;
    case "pattern":
      return `text that matches ${cut(String(value), 200)}`;
    case "format":
      return formats.get(String(value))?.expected ?? `text of the format ${value}`;
    case "const":
      return shown(value, 40);
    case "enum":
      return oneOf(Array.isArray(value) ? value : []);
    case "required":
      return requiredFailure.expected;
    case "anyOf":
      return `at least one of ${alternatives(value)} of the schema to fit`;
    case "oneOf":
      return `exactly one of ${alternatives(value)} of the schema to fit`;
    case "not":
      return "something that the schema does not exclude (not)";
    case "if":
      return "what the schema asks for in this case (if, then, else)";
    case "false schema":
      return "no value";
    case "minProperties":
      return `at least ${columns(value)} with a value`;
    case "maxProperties":
      return `at most ${columns(value)} with a value`;
    case "propertyNames":
      return "only columns whose names the schema allows";
    case "additionalProperties":
      return "no value in a column that the schema does not name here";
    default:
      return `what the schema says with ${rule}`;
  }
}

/** The keyword where it holds for every value: beside the others, behind a $ref, or in an allOf. */
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
