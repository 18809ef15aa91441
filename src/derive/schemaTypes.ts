import { compile } from "json-schema-to-typescript";
import type { SchemaNode } from "../model/schemaNode.ts";
import { readSchema, schemaNames } from "./schemas.ts";

interface Node {
  readonly [keyword: string]: unknown;
}

const header = "// Generated from schemas/: run `npm run derive`. Do not edit.\n";

/** The TypeScript types of the documents: one interface per schema and per named part of a schema. */
export async function documentTypes(schemaFolder: string): Promise<string> {
  const kinds = (await schemaNames(schemaFolder)).filter((name) => name !== "config").sort();
  const declarations = new Map<string, string>();
  for (const kind of kinds) {
    const schema = { ...(await readSchema(schemaFolder, kind)) } as Node;
    for (const [name, part] of namedParts(pascalCase(kind), schema)) {
      const text = await declare(name, part);
      const known = declarations.get(name);
      if (known !== undefined && known !== text)
        throw new Error(`two schemas use the name ${name} for different types: see ${kind}`);
      declarations.set(name, text);
    }
  }
  return `${header}\n${[...declarations.values(), typesByKind(kinds)].join("\n")}`;
}

/** The type of the workers' contract, which src and workers share. */
export async function contractType(schemaFolder: string): Promise<string> {
  const schema = { ...(await readSchema(schemaFolder, "worker-contract")) } as Node;
  const parts = namedParts("WorkerContract", schema);
  const declarations = await Promise.all(parts.map(([name, part]) => declare(name, part)));
  return `${header}\n${declarations.join("\n")}`;
}

/** The type of a config with its defaults filled in: keys with a default are never missing. */
export async function configType(schemaFolder: string): Promise<string> {
  const schema = await readSchema(schemaFolder, "config");
  const text = await compile(filled(schema) as object, "Config", {
    bannerComment: "",
    additionalProperties: false,
    style: { printWidth: 120 },
  });
  return text.trim();
}

function filled(node: SchemaNode): SchemaNode {
  if ("x-override" in node) {
    return { tsType: "{ readonly [key: string]: unknown }", description: "A partial document." } as SchemaNode;
  }
  const entries = Object.entries(node.properties ?? {});
  if (entries.length === 0) return node;
  const always = entries.filter(([, child]) => child.default !== undefined || child.properties).map(([key]) => key);
  const withoutOverrides = always.filter((key) => !("x-override" in (node.properties?.[key] ?? {})));
  return {
    ...node,
    required: [...new Set([...(node.required ?? []), ...withoutOverrides])],
    properties: Object.fromEntries(entries.map(([key, child]) => [key, filled(child)])),
  };
}

function typesByKind(kinds: readonly string[]): string {
  const rows = kinds.map((kind) => `  readonly ${/-/.test(kind) ? `"${kind}"` : kind}: ${pascalCase(kind)};\n`);
  return `/** The type of each kind of document. */\nexport interface DocumentTypes {\n${rows.join("")}}\n`;
}

function namedParts(rootName: string, schema: Node): readonly (readonly [string, Node])[] {
  const { $defs, ...root } = schema;
  return [[rootName, root], ...Object.entries(($defs ?? {}) as Record<string, Node>)];
}

async function declare(name: string, part: Node): Promise<string> {
  const text = await compile({ ...prepare(part), title: name }, name, {
    bannerComment: "",
    ignoreMinAndMaxItems: true,
    unknownAny: true,
    style: { printWidth: 130 },
  });
  return withReadonly(text);
}

/**
 * The same schema with a type name in place of every reference, and without titles of properties, for each of which
 * json-schema-to-typescript would declare a separate type.
 */
function prepare(node: Node): Node {
  const {
    title: _title,
    $id: _id,
    $schema: _schema,
    $comment: _comment,
    allOf: _allOf,
    propertyNames: _names,
    ...rest
  } = node;
  const { $ref, properties, items, additionalProperties, ...own } = rest;
  const { deprecated: _deprecated, examples: _examples, ...plain } = own;
  if (typeof $ref === "string") return { ...plain, tsType: typeName($ref) };
  if (own.type === undefined && own.enum === undefined) return { ...plain, tsType: "unknown" };
  const prepared = mapValues((properties ?? {}) as Record<string, Node>, (child) => prepare(child));
  return {
    ...plain,
    ...(properties !== undefined && { properties: prepared }),
    ...(items !== undefined && { items: prepare(items as Node) }),
    ...(additionalProperties !== undefined && { additionalProperties: others(additionalProperties, properties) }),
  };
}

/** The schema of keys that `properties` does not list. In TypeScript it also has to cover the listed ones. */
function others(schema: unknown, properties: unknown): unknown {
  if (typeof schema !== "object" || schema === null) return schema;
  const prepared = prepare(schema as Node);
  return properties === undefined ? prepared : { ...prepared, tsType: `${String(prepared.tsType)} | string` };
}

/** A reference that closes a cycle has its "$" escaped, which does not change its target. */
function typeName(ref: string): string {
  const pointer = decodeURIComponent(ref);
  if (!pointer.startsWith("#/$defs/")) throw new Error(`no name for the reference ${ref}`);
  return pointer.slice("#/$defs/".length);
}

function withReadonly(text: string): string {
  return text
    .replaceAll(/^(\s+)((?:[\w$]+|"[^"]+")\??:|\[k: string\]:)/gm, "$1readonly $2")
    .replaceAll(/(: )(\([^()]*\)|[\w$]+)\[\];/g, "$1readonly $2[];");
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}

function pascalCase(name: string): string {
  return name.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
