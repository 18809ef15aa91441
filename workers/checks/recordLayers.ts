import { pointerTo } from "../../src/shared/pointer.ts";
import { isAnnotation } from "./keywords.ts";
import type { Resolve } from "./references.ts";
import { member, nodesOf, type SchemaNode, type SchemaObject } from "./schemaNode.ts";

/**
 * What a record schema says about its columns one by one, and what is left. Schemas are put together with $ref and allOf at the
 * root; every part that holds for all records is a layer here, so that its columns are checked as bytes as well.
 */
export interface RecordLayers {
  /** Every layer's schema of a column, by name. */
  readonly properties: ReadonlyMap<string, readonly PlacedNode[]>;
  /** Column names, and where they are asked for. */
  readonly required: ReadonlyMap<string, string>;
  /** Layers that say something about columns they do not name. */
  readonly additional: readonly {
    readonly named: ReadonlySet<string>;
    readonly node: SchemaNode;
    readonly pointer: string;
  }[];
  /** What holds for a record as a whole, each as a schema. */
  readonly rules: readonly SchemaObject[];
}

export interface PlacedNode {
  readonly node: SchemaNode;
  readonly pointer: string;
}

export function recordLayers(root: SchemaObject, resolve: Resolve): RecordLayers {
  const properties = new Map<string, PlacedNode[]>();
  const required = new Map<string, string>();
  const additional: { named: ReadonlySet<string>; node: SchemaNode; pointer: string }[] = [];
  const rules: SchemaObject[] = [];
  layer(root, "");
  return { properties, required, additional, rules };

  function layer(node: SchemaNode, pointer: string): void {
    // `false` as a layer refuses every record, which is for ajv to say.
    if (typeof node === "boolean") {
      if (!node) rules.push({ not: true });
      return;
    }
    for (const [name, schema] of nodesOf(node.properties)) {
      const placed = properties.get(name) ?? [];
      properties.set(name, placed);
      placed.push({ node: schema, pointer: pointerTo(`${pointer}/properties`, name) });
    }
    for (const [index, name] of ((node.required ?? []) as string[]).entries()) {
      required.set(name, `${pointer}/required/${index}`);
    }
    const others = member(node, "additionalProperties") as SchemaNode | undefined;
    if (others !== undefined && others !== true) {
      const named = new Set(Object.keys((node.properties ?? {}) as object));
      additional.push({ named, node: others, pointer: `${pointer}/additionalProperties` });
    }
    const left = Object.entries(node).filter(([name]) => !taken.has(name) && !isAnnotation(name));
    if (left.length > 0) rules.push(Object.fromEntries(left));
    const target = typeof node.$ref === "string" ? resolve(node.$ref) : undefined;
    if (target !== undefined) layer(target.node, target.pointer);
    for (const [index, part] of ((node.allOf ?? []) as SchemaNode[]).entries())
      layer(part, `${pointer}/allOf/${index}`);
    // Any column that some part names is evaluated by it, or would be in another record.
    if (node.unevaluatedProperties === false) {
      additional.push({
        named: namedAnywhere(node, resolve),
        node: false,
        pointer: `${pointer}/unevaluatedProperties`,
      });
    }
  }
}

const taken: ReadonlySet<string> = new Set([
  "type",
  "properties",
  "required",
  "additionalProperties",
  "unevaluatedProperties",
  "$ref",
  "allOf",
]);

function namedAnywhere(node: SchemaNode, resolve: Resolve): ReadonlySet<string> {
  const names = new Set<string>();
  collect(node);
  return names;

  function collect(part: SchemaNode): void {
    if (typeof part === "boolean") return;
    for (const name of Object.keys((part.properties ?? {}) as object)) names.add(name);
    const target = typeof part.$ref === "string" ? resolve(part.$ref) : undefined;
    if (target !== undefined) collect(target.node);
    for (const list of [part.allOf, part.anyOf, part.oneOf])
      for (const one of (list ?? []) as SchemaNode[]) collect(one);
    for (const one of [part.if, part.then, part.else]) if (one !== undefined) collect(one as SchemaNode);
    for (const [, one] of nodesOf(part.dependentSchemas)) collect(one);
  }
}
