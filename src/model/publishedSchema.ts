import type { DocumentKind } from "./document.ts";
import { toOverride } from "./override.ts";
import type { SchemaNode } from "./schemaNode.ts";
import { schemaFiles, schemaTree } from "./schemas.ts";

/**
 * A schema as an editor can use it: in one piece. In the config's, each document is an override: nothing is required, null
 * removes, and a placeholder may stand for any value.
 */
export function publishedSchema(kind: DocumentKind | "config"): object {
  if (kind !== "config") return withoutOurKeywords(schemaFiles[kind]);
  const config = schemaFiles.config as SchemaNode;
  const properties = Object.entries(config.properties ?? {}).map(([key, node]) => {
    const target = node.$ref?.replace(/\.schema\.json$/, "") as DocumentKind | undefined;
    if (target === undefined) return [key, takesPrefix.includes(key) ? openToPlaceholders(node) : node];
    const { title, description } = schemaTree(target);
    return [key, { title, description, ...openToPlaceholders(toOverride(schemaTree(target))), default: node.default }];
  });
  return withoutOurKeywords({ ...config, properties: Object.fromEntries(properties) });
}

/** Texts outside of the documents in which ${PREFIX} may stand. */
const takesPrefix = ["s3_bucket", "msk_topic"];

/** What stands in the files for this program alone: "x-aws-name" and its like. A property may well be called so. */
function withoutOurKeywords(schema: object): object {
  return JSON.parse(
    JSON.stringify(schema, (key, value) => (/^x-(?:aws-name|merge-by|override)$/.test(key) ? undefined : value)),
  ) as object;
}

type AnyOf = SchemaNode & { readonly anyOf?: readonly SchemaNode[] };

function openToPlaceholders(node: SchemaNode): AnyOf {
  const open: SchemaNode = {
    ...node,
    ...(node.items && { items: openToPlaceholders(node.items) }),
    ...(node.properties && { properties: mapValues(node.properties, openToPlaceholders) }),
    ...(typeof node.additionalProperties === "object" && {
      additionalProperties: openToPlaceholders(node.additionalProperties),
    }),
  };
  const isFreeText = [node.type].flat().includes("string") && !node.pattern && !node.enum;
  if (isFreeText) return open;
  const { title, description, ...rest } = open;
  return {
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    anyOf: [rest, { type: "string", pattern: "\\$\\{ *[A-Z][A-Z0-9_]* *\\}" }],
  };
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
