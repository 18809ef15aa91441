import type { SchemaNode } from "../model/schemaNode.ts";
import { hclKey } from "./quoting.ts";

// HCL code that is derived from the schema of a document.

/**
 * The Terraform type constraint of a JSON Schema: `object({ … })` with `optional(…)` for what is not required.
 * Derived from the schema that checks the documents, so that the module and the documents cannot disagree.
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

/** Whether the user chooses the keys of an object. `$schema` and well-known keys do not make the keys fixed. */
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

/**
 * A Terraform expression that converts a snake_case value to the object of the AWS API: keys are renamed as the schema says,
 * null values are left out. `path` is a Terraform reference to the value.
 */
export function awsObject(schema: SchemaNode, path: string, indent: string, skip: readonly string[] = []): string {
  const lines = Object.entries(schema.properties ?? {})
    .filter(([key]) => !skip.includes(key))
    .map(([key, property]) => {
      const value = awsValue(property, `${path}.${key}`, `${indent}    `);
      return `${indent}    ${property["x-aws-name"] ?? camelCase(key)} = ${value}\n`;
    });
  return `{\n${indent}  for key, value in {\n${lines.join("")}${indent}  } : key => value if value != null\n${indent}}`;
}

function awsValue(schema: SchemaNode, path: string, indent: string): string {
  if (schema.properties) return `${path} == null ? null : ${awsObject(schema, path, indent)}`;
  if (schema.items?.properties) {
    const item = awsObject(schema.items, "item", `${indent}  `);
    return `${path} == null ? null : [\n${indent}  for item in ${path} : ${item}\n${indent}]`;
  }
  return path;
}

function camelCase(key: string): string {
  return key.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
