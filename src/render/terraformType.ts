import type { SchemaNode } from "../model/schemaNode.ts";
import { hclKey } from "./hclText.ts";

/**
 * The Terraform type constraint of a JSON Schema: `object({ … })` with `optional(…)` for what is not required.
 * Written from the same schema that checks the documents, so that the module and the documents cannot disagree.
 */
export function terraformType(schema: SchemaNode, indent: string): string {
  if (schema.type === "object") {
    if (schema.properties && !isMap(schema)) return objectType(schema, schema.properties, indent);
    const values = typeof schema.additionalProperties === "object" ? schema.additionalProperties : { type: "string" };
    return `map(${terraformType(values, indent)})`;
  }
  if (schema.type === "array") return `list(${terraformType(schema.items ?? { type: "string" }, indent)})`;
  const scalar = { string: "string", integer: "number", number: "number", boolean: "bool" }[String(schema.type)];
  if (scalar === undefined) throw new Error(`no Terraform type for JSON Schema type ${String(schema.type)}`);
  return scalar;
}

/** Objects whose keys the user chooses. `$schema` and well-known keys do not make them objects with fixed keys. */
function isMap(schema: SchemaNode): boolean {
  return typeof schema.additionalProperties === "object";
}

function objectType(schema: SchemaNode, properties: Readonly<Record<string, SchemaNode>>, indent: string): string {
  const lines = Object.entries(properties)
    .filter(([key]) => key !== "$schema")
    .map(([key, property]) => {
      const type = terraformType(property, `${indent}  `);
      const required = schema.required?.includes(key) ?? false;
      return `${indent}  ${hclKey(key)} = ${required ? type : `optional(${type})`}\n`;
    });
  return `object({\n${lines.join("")}${indent}})`;
}
