import { pointerTo } from "../../src/shared/pointer.ts";
import { isAnnotation } from "./keywords.ts";
import type { Resolve } from "./references.ts";
import { isObject, member, nodesOf, type SchemaNode, type SchemaObject } from "./schemaNode.ts";

/**
 * What a record schema says about individual columns, and the rest. Schemas are composed with $ref and allOf at the
 * root; every part that applies to all records is a layer here, so that its columns are also checked as bytes.
 */
export interface RecordLayers {
  /** Every layer's schema of a column, by name. */
  readonly properties: ReadonlyMap<string, readonly PlacedNode[]>;
  /** Required column names, and where they are required. */
  readonly required: ReadonlyMap<string, string>;
  /** Layers that say something about columns they do not name. */
  readonly additional: readonly {
    readonly named: ReadonlySet<string>;
    readonly node: SchemaNode;
    readonly pointer: string;
  }[];
  /** Rules for whole records, each as a schema. */
  readonly rules: readonly SchemaObject[];
}

export interface PlacedNode {
  readonly node: SchemaNode;
  readonly pointer: string;
}

export function recordLayers(root: SchemaObject, resolve: Resolve): RecordLayers {
  const layers = [...layersOf(root, "", resolve)];
  return {
    properties: propertiesOf(layers),
    required: new Map(layers.flatMap(requiredOf)),
    additional: layers.flatMap((layer) => additionalOf(layer, resolve)),
    rules: layers.flatMap(rulesOf),
  };
}

/** The root, and what it is composed of. */
function* layersOf(node: SchemaNode, pointer: string, resolve: Resolve): Generator<PlacedNode> {
  yield { node, pointer };
  if (typeof node === "boolean") return;
  const target = typeof node.$ref === "string" ? resolve(node.$ref) : undefined;
  if (target !== undefined) yield* layersOf(target.node, target.pointer, resolve);
  for (const [index, part] of ((node.allOf ?? []) as SchemaNode[]).entries()) {
    yield* layersOf(part, `${pointer}/allOf/${index}`, resolve);
  }
}

function propertiesOf(layers: readonly PlacedNode[]): ReadonlyMap<string, readonly PlacedNode[]> {
  const properties = new Map<string, PlacedNode[]>();
  for (const { node, pointer } of layers) {
    for (const [name, schema] of isObject(node) ? nodesOf(node.properties) : []) {
      const placed = properties.get(name) ?? [];
      properties.set(name, placed);
      placed.push({ node: schema, pointer: pointerTo(`${pointer}/properties`, name) });
    }
  }
  return properties;
}

function requiredOf({ node, pointer }: PlacedNode): [string, string][] {
  const names = isObject(node) ? ((node.required ?? []) as string[]) : [];
  return names.map((name, index) => [name, `${pointer}/required/${index}`]);
}

function additionalOf({ node, pointer }: PlacedNode, resolve: Resolve): RecordLayers["additional"] {
  if (!isObject(node)) return [];
  const additional: RecordLayers["additional"][number][] = [];
  const others = member(node, "additionalProperties") as SchemaNode | undefined;
  if (others !== undefined && others !== true) {
    const named = new Set(Object.keys((node.properties ?? {}) as object));
    additional.push({ named, node: others, pointer: `${pointer}/additionalProperties` });
  }
  // Any column that some part names is evaluated by it, or would be in another record.
  if (node.unevaluatedProperties === false) {
    const named = namedAnywhere(node, resolve);
    additional.push({ named, node: false, pointer: `${pointer}/unevaluatedProperties` });
  }
  return additional;
}

function rulesOf({ node }: PlacedNode): readonly SchemaObject[] {
  // `false` as a layer refuses every record, which ajv reports.
  if (typeof node === "boolean") return node ? [] : [{ not: true }];
  const left = Object.entries(node).filter(([name]) => !taken.has(name) && !isAnnotation(name));
  return left.length > 0 ? [Object.fromEntries(left)] : [];
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
  if (typeof node === "boolean") return new Set();
  const target = typeof node.$ref === "string" ? resolve(node.$ref) : undefined;
  const lists = [node.allOf, node.anyOf, node.oneOf].flatMap((list) => (list ?? []) as SchemaNode[]);
  const cases = [node.if, node.then, node.else].filter((part) => part !== undefined) as SchemaNode[];
  const dependent = nodesOf(node.dependentSchemas).map(([, part]) => part);
  const parts = [...(target === undefined ? [] : [target.node]), ...lists, ...cases, ...dependent];
  return new Set([
    ...Object.keys((node.properties ?? {}) as object),
    ...parts.flatMap((part) => [...namedAnywhere(part, resolve)]),
  ]);
}
