import { inlineRefs, type SchemaNode } from "../model/schemaNode.ts";

/** The schema of an override: nothing is required, and null, which removes a key, may stand for any value. */
export function toOverride(schema: SchemaNode): SchemaNode {
  return partial(inlineRefs(schema));
}

function partial(node: SchemaNode): SchemaNode {
  const { required: _, title, description, default: _default, examples: _examples, $id, $schema, ...rest } = node as SchemaNode & { $id?: string; $schema?: string };
  return {
    ...rest,
    ...(node.type !== undefined && { type: [node.type, "null"].flat() }),
    ...(node.enum && { enum: [...node.enum, null] }),
    ...(node.items && { items: node.items.properties?.name ? partial(node.items) : node.items }),
    ...(node.properties && { properties: mapValues(node.properties, partial) }),
    ...(typeof node.additionalProperties === "object" && { additionalProperties: partial(node.additionalProperties) }),
  } as SchemaNode;
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
