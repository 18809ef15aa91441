import type { Resolve } from "./references.ts";
import { isObject, type SchemaNode } from "./schemaNode.ts";

export type ValueType = "string" | "integer" | "number" | "boolean" | "null";

/** The types of a column of which a schema says nothing. */
export const onlyText: ReadonlySet<ValueType> = new Set(["string"]);

/**
 * The types that a schema lets its values have; undefined when it says nothing about them. Decides how the text of a field
 * becomes a value, so the order of places matters: each one but the last two holds for every value.
 */
export function valueTypes(node: SchemaNode, resolve: Resolve): ReadonlySet<ValueType> | undefined {
  if (typeof node === "boolean") return undefined;
  if (node.type !== undefined) return new Set([node.type].flat() as ValueType[]);
  if (typeof node.$ref === "string") {
    const target = resolve(node.$ref);
    const types = target && valueTypes(target.node, resolve);
    if (types !== undefined) return types;
  }
  if (Object.hasOwn(node, "const")) return new Set([typeOf(node.const)]);
  if (Array.isArray(node.enum)) return new Set(node.enum.map(typeOf));
  for (const part of nodeList(node.allOf)) {
    const types = valueTypes(part, resolve);
    if (types !== undefined) return types;
  }
  return typesOfAny(nodeList(node.anyOf), resolve) ?? typesOfAny(nodeList(node.oneOf), resolve);
}

/** An alternative that says nothing about types takes text. */
function typesOfAny(nodes: readonly SchemaNode[], resolve: Resolve): ReadonlySet<ValueType> | undefined {
  const types = nodes.map((node) => valueTypes(node, resolve));
  if (types.every((one) => one === undefined)) return undefined;
  return new Set(types.flatMap((one) => (one === undefined ? ["string" as const] : [...one])));
}

function typeOf(value: unknown): ValueType {
  if (value === null) return "null";
  const type = typeof value;
  // An object or a list equals no field, whatever the field is taken for.
  return type === "number" || type === "boolean" ? type : "string";
}

const nodeList = (value: unknown): readonly SchemaNode[] =>
  Array.isArray(value) ? value.filter((node) => isObject(node) || typeof node === "boolean") : [];
