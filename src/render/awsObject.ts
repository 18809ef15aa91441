import type { SchemaNode } from "../model/schemaNode.ts";

/**
 * A Terraform expression that turns a snake_case value into the object that the AWS API takes: keys renamed as the schema
 * says, what is null left out. `path` is a Terraform reference to the value.
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
