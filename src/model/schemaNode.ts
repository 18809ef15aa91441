/** Which placeholders can be used in the texts of a config: see the comment in schemas/config.schema.json. */
export type PlaceholderUse = "none" | "prefix" | "any" | "literal";

/** The parts of a JSON Schema that this project reads itself; ajv reads the rest. */
export interface SchemaNode {
  readonly title?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly items?: SchemaNode;
  readonly additionalProperties?: boolean | SchemaNode;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly $id?: string;
  readonly $schema?: string;
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, SchemaNode>>;
  readonly "x-aws-name"?: string;
  /** Applies to the keys below it too, unless they have their own. */
  readonly "x-placeholders"?: PlaceholderUse;
}

/**
 * Makes every `$ref` within one schema file a plain copy, so that a reader walks one tree.
 * Where a schema refers to itself (states within states) the copy ends: nothing is known about deeper levels.
 */
export function inlineRefs(root: SchemaNode): SchemaNode {
  const inline = (node: SchemaNode, seen: readonly string[]): SchemaNode => {
    const { $ref, ...own } = node;
    if ($ref !== undefined) {
      const target = root.$defs?.[$ref.slice("#/$defs/".length)];
      if (target === undefined || seen.includes($ref)) return own;
      return { ...inline(target, [...seen, $ref]), ...own };
    }
    return {
      ...node,
      ...(node.items && { items: inline(node.items, seen) }),
      ...(typeof node.additionalProperties === "object" && {
        additionalProperties: inline(node.additionalProperties, seen),
      }),
      ...(node.properties && {
        properties: Object.fromEntries(
          Object.entries(node.properties).map(([key, child]) => [key, inline(child, seen)]),
        ),
      }),
    };
  };
  const { $defs, $id, $schema, ...tree } = inline(root, []);
  return tree;
}

export function propertySchema(schema: SchemaNode | undefined, key: string): SchemaNode | undefined {
  if (schema?.properties && Object.hasOwn(schema.properties, key)) return schema.properties[key];
  return typeof schema?.additionalProperties === "object" ? schema.additionalProperties : undefined;
}

export function itemSchema(schema: SchemaNode | undefined): SchemaNode | undefined {
  return schema?.items;
}

/** The schema of the value that a pointer's keys lead to. */
export function schemaAt(schema: SchemaNode | undefined, keys: readonly string[]): SchemaNode | undefined {
  return keys.reduce<SchemaNode | undefined>(
    (node, key) => (node?.items ? itemSchema(node) : propertySchema(node, key)),
    schema,
  );
}
