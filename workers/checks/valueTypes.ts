import type { Resolve } from "./references.ts";
import { isObject, type SchemaNode } from "./schemaNode.ts";

export type ValueType = "string" | "integer" | "number" | "boolean" | "null";

/** The types of a column without a schema. */
export const onlyText: ReadonlySet<ValueType> = new Set(["string"]);

/**
 * The types that a schema allows its values; undefined when it does not restrict them. Decides how the text of a field
 * becomes a value, so the order of sources matters: each one except the last two applies to every value.
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

/** An alternative that does not restrict types accepts text. */
function typesOfAny(nodes: readonly SchemaNode[], resolve: Resolve): ReadonlySet<ValueType> | undefined {
  const types = nodes.map((node) => valueTypes(node, resolve));
  if (types.every((one) => one === undefined)) return undefined;
  return new Set(types.flatMap((one) => (one === undefined ? ["string" as const] : [...one])));
}

function typeOf(value: unknown): ValueType {
  if (value === null) return "null";
  const type = typeof value;
  // No field equals an object or a list, whatever its type.
  return type === "number" || type === "boolean" ? type : "string";
}

const nodeList = (value: unknown): readonly SchemaNode[] =>
  Array.isArray(value) ? value.filter((node) => isObject(node) || typeof node === "boolean") : [];
