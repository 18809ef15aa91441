import type { SchemaNode } from "./schemaNode.ts";

/** The schema of an override: nothing is required, and null, which removes a key, may stand for any value. */
export function toOverride(node: SchemaNode): SchemaNode {
  const { required: _, ...rest } = node;
  return {
    ...rest,
    ...(node.type !== undefined && { type: [node.type, "null"].flat() }),
    ...(node.enum && { enum: [...node.enum, null] }),
    ...(node.items && { items: toOverride(node.items) }),
    ...(node.properties && { properties: mapValues(node.properties, toOverride) }),
    ...(node.$defs && { $defs: mapValues(node.$defs, toOverride) }),
    ...(typeof node.additionalProperties === "object" && {
      additionalProperties: toOverride(node.additionalProperties),
    }),
  };
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
