import type { PlaceholderUse, SchemaNode } from "./schemaNode.ts";
import { schemaFiles, schemaTree } from "./schemas.ts";
import type { DocumentKind } from "./unitDeclaration.ts";

/**
 * A schema as an editor can use it: in one piece. In the config's, each document is an override: nothing is required, null
 * removes, and a placeholder may replace any value.
 */
export function publishedSchema(kind: DocumentKind | "config"): object {
  if (kind !== "config") return withoutOurKeywords(schemaFiles[kind]);
  const config = schemaFiles.config;
  const properties = Object.entries(config.properties ?? {}).map(([key, node]) => {
    const target = node.$ref?.replace(/\.schema\.json$/, "") as DocumentKind | undefined;
    if (target === undefined) return [key, openTexts(node, "none")];
    const { title, description } = schemaTree(target);
    return [
      key,
      { title, description, ...mapBelow(toOverride(schemaTree(target)), openToPlaceholders), default: node.default },
    ];
  });
  return withoutOurKeywords({ ...config, properties: Object.fromEntries(properties) });
}

/** Outside of the documents a placeholder can be used only in the texts for which x-placeholders allows it. */
function openTexts(node: SchemaNode, above: PlaceholderUse): AnyOf {
  const use = node["x-placeholders"] ?? above;
  const name = { none: undefined, literal: undefined, prefix: "PREFIX", any: anyName }[use];
  if (node.type === "string") return name === undefined ? node : orPlaceholder(node, name);
  return mapBelow(node, (child) => openTexts(child, use));
}

/** Keywords that only this program uses, such as "x-aws-name". */
function withoutOurKeywords(schema: object): object {
  return JSON.parse(
    JSON.stringify(schema, (key, value) =>
      /^x-(?:aws-name|merge-by|override|placeholders)$/.test(key) ? undefined : value,
    ),
  ) as object;
}

/** The schema of an override: nothing is required, and null, which removes a key, may replace any value. */
function toOverride(node: SchemaNode): SchemaNode {
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

type AnyOf = SchemaNode & { readonly anyOf?: readonly SchemaNode[] };

function openToPlaceholders(node: SchemaNode): AnyOf {
  return orPlaceholder(mapBelow(node, openToPlaceholders), anyName);
}

const anyName = "[A-Z][A-Z0-9_]*";

function orPlaceholder(node: SchemaNode, name: string): AnyOf {
  const isFreeText = [node.type].flat().includes("string") && !node.pattern && !node.enum;
  if (isFreeText) return node;
  const { title, description, ...rest } = node;
  return {
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    anyOf: [rest, { type: "string", pattern: `\\$\\{ *${name} *\\}` }],
  };
}

function mapBelow(node: SchemaNode, change: (child: SchemaNode) => SchemaNode): SchemaNode {
  return {
    ...node,
    ...(node.items && { items: change(node.items) }),
    ...(node.properties && { properties: mapValues(node.properties, change) }),
    ...(typeof node.additionalProperties === "object" && {
      additionalProperties: change(node.additionalProperties),
    }),
  };
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
