import { isAnnotation } from "./keywords.ts";
import { isObject, type SchemaNode } from "./schemaNode.ts";

/**
 * Whether a column's schema is of a kind in which every way of being wrong belongs to one keyword: a type with limits, or a text with one
 * rule. Two lower limits, say, do not: a number may be below one of them or below both.
 */
export function tellsWhy(node: SchemaNode): boolean {
  if (!isObject(node)) return false;
  const keywords = Object.keys(node).filter((name) => !isAnnotation(name) && !name.startsWith("x-"));
  const rules = keywords.filter((name) => name !== "type").sort();
  const { type } = node;
  if (isAbove(node.minimum, node.maximum) || isAbove(node.minLength, node.maxLength)) return false;
  if (type === "integer" || type === "number") return rules.every((name) => numberRules.has(name));
  if (type === "boolean") return rules.length === 0;
  if (type !== "string" && type !== undefined) return false;
  if (rules.every((name) => name === "minLength" || name === "maxLength")) return rules.length > 0;
  if (rules.length !== 1) return false;
  const [rule] = rules as [string];
  if (rule === "enum") return (node.enum as readonly unknown[]).every((value) => typeof value === "string");
  return rule === "pattern" || rule === "format" || (rule === "const" && typeof node.const === "string");
}

/** Limits between which there is nothing: a value is below one and above the other at once. */
const isAbove = (lower: unknown, upper: unknown): boolean =>
  typeof lower === "number" && typeof upper === "number" && lower > upper;

const numberRules: ReadonlySet<string> = new Set(["minimum", "maximum", "multipleOf"]);
