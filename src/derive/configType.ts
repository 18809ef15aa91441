import { readFile } from "node:fs/promises";
import { compile } from "json-schema-to-typescript";
import type { SchemaNode } from "../model/schemaNode.ts";

/** The type of a config once its defaults are filled in: what has a default is always there. */
export async function configType(schemaFolder: string): Promise<string> {
  const schema = JSON.parse(await readFile(`${schemaFolder}/config.schema.json`, "utf8")) as SchemaNode;
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
