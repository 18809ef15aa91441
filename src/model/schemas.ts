import { schemas } from "../derived/schemas.js";
import { inlineRefs, type SchemaNode } from "./schemaNode.ts";
import type { DocumentKind } from "./unitDeclaration.ts";
import { type DocumentName, specOf } from "./units.ts";

/** The schema files, as they are published. */
export const schemaFiles: Readonly<Record<DocumentKind | "config", SchemaNode>> = schemas;

const trees = new Map<DocumentKind | "config", SchemaNode>();

/** The schema of a kind of document as one tree, with its references in place. */
export function schemaTree(kind: DocumentKind | "config"): SchemaNode {
  const known = trees.get(kind);
  if (known) return known;
  const tree = kind === "config" ? withOverrides(schemaFiles.config) : inlineRefs(schemaFiles[kind]);
  trees.set(kind, tree);
  return tree;
}

export function schemaOf(name: DocumentName): SchemaNode {
  return schemaTree(specOf(name).kind);
}

/** The config's documents have the properties of the document's own schema. */
function withOverrides(config: SchemaNode): SchemaNode {
  const properties = Object.entries(config.properties ?? {}).map(([key, node]) => {
    const kind = node.$ref?.replace(/\.schema\.json$/, "");
    return [key, kind ? { ...schemaTree(kind as DocumentKind), ...node } : node];
  });
  return { ...config, properties: Object.fromEntries(properties) };
}
