import type { ColumnPlan } from "../model/columnPlan.ts";
import type { Column } from "../model/manifest.ts";
import type { JudgedColumn } from "./judgeColumn.ts";
import { isAnnotation } from "./keywords.ts";
import { planColumn } from "./planColumn.ts";
import type { RecordLayers } from "./recordLayers.ts";
import type { Resolve } from "./references.ts";
import { combined, isObject, type SchemaNode } from "./schemaNode.ts";
import { onlyText, type ValueType, valueTypes } from "./valueTypes.ts";

/** What the schema says about each column of a file. */
export function judgedColumns(
  header: readonly string[],
  layers: RecordLayers,
  resolve: Resolve,
): readonly JudgedColumn[] {
  const hints = layers.rules.length > 0 ? typeHints(layers.rules, resolve) : new Map();
  return header.map((name) => judgedColumn(name, layers, hints, resolve));
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
  const types = valueTypes(node, resolve) ?? (hint === undefined ? onlyText : new Set([...hint, "string" as const]));
  const allowsNull = types.has("null");
  return {
    node: withoutNull(node),
    types,
    required: required.has(name) && !allowsNull,
    nullWhenEmpty: required.has(name) && allowsNull,
  };
}

/** Judged values are never null, so "X or null" is X, and its failures are those of X. */
function withoutNull(node: SchemaNode): SchemaNode {
  if (typeof node === "boolean") return node;
  const keyword = node.anyOf === undefined ? "oneOf" : "anyOf";
  const choices = (node[keyword] ?? []) as readonly SchemaNode[];
  const real = choices.filter((choice) => !(isObject(choice) && choice.type === "null"));
  if (real.length !== 1 || choices.length === 1) return node;
  const { [keyword]: _, ...others } = node;
  return { ...others, allOf: [...((others.allOf ?? []) as readonly SchemaNode[]), ...real] };
}

/**
 * A column may have its type only in a rule for records, `then: { properties: { age: { type: "integer" } } }`. Its
 * fields then become that value where possible, and stay text otherwise.
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

export function columnPlan(name: string, { node, types, required }: JudgedColumn, resolve: Resolve): ColumnPlan {
  const { checks, alwaysSuspect } = planColumn(node, types, resolve);
  const column = { name, type: messageType(types) };
  const unique = hasFlag(node, "x-unique", resolve);
  return { column, required, checks, alwaysSuspect, unique, hasOneReason: hasOneReason(node) };
}

/** Values of several types are written as text: the form of a record must not depend on its digits. */
function messageType(types: ReadonlySet<ValueType>): Column["type"] {
  const [type, ...others] = [...types].filter((one) => one !== "null");
  if (type === undefined) return "string";
  if (others.length === 0) return type as Column["type"];
  return [type, ...others].every((one) => one === "integer" || one === "number") ? "number" : "string";
}

export function hasFlag(node: SchemaNode, flag: "x-unique" | "x-sensitive", resolve: Resolve): boolean {
  if (typeof node === "boolean") return false;
  if (node[flag] === true) return true;
  const target = typeof node.$ref === "string" ? resolve(node.$ref) : undefined;
  if (target !== undefined && hasFlag(target.node, flag, resolve)) return true;
  return Array.isArray(node.allOf) && node.allOf.some((part: SchemaNode) => hasFlag(part, flag, resolve));
}

/**
 * Whether a column's schema is of a kind in which every kind of error belongs to one keyword: a type with limits, or a
 * text with one rule. Two lower limits, for example, are not: a number may be below one of them or below both.
 */
function hasOneReason(node: SchemaNode): boolean {
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

/** Limits that exclude every value: a value is below one and above the other at once. */
const isAbove = (lower: unknown, upper: unknown): boolean =>
  typeof lower === "number" && typeof upper === "number" && lower > upper;

const numberRules: ReadonlySet<string> = new Set(["minimum", "maximum", "multipleOf"]);
