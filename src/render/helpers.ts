import type { SchemaNode } from "../model/schemaNode.ts";
import { codeSpan, documentText, hclKey, hclString, hclTemplateString, hclValue, prose, shellWord } from "./quoting.ts";
import { awsObject, terraformType } from "./schemaHcl.ts";

const localExpressions = new Map([["PREFIX", "local.prefix"]]);

/**
 * The only ways for a value to reach a file: each quotes for the language of the place it stands in. Handlebars' own
 * escaping is for HTML and is off; a test holds every template to these helpers.
 */
export const helpers = {
  /** A line of our own making: no value of the user's. */
  line: (text: string) => `${text}\n`.trimEnd(),
  document: (document: unknown) => documentText(document),
  hcl: (value: unknown) => hclValue(value, "  "),
  /** Text of the config in which ${PREFIX} may be left for Terragrunt. */
  hclLocal: (value: unknown) => hclValue(value, "  ", (text) => hclTemplateString(text, localExpressions)),
  hclKey: (key: string) => hclKey(key),
  /** Part of a path within a string literal. */
  hclPath: (path: string) => hclString(path).slice(1, -1),
  /** Code: an expression that config/expression.ts has let through. */
  hclExpression: (expression: string) => expression,
  moduleUrl: (url: string | undefined) =>
    url === undefined ? '"${get_terragrunt_dir()}/terraform-aws-batch//batch"' : hclString(url),
  shell: (text: string) => shellWord(text),
  code: (text: string) => codeSpan(text),
  prose: (text: string) => prose(text),
  terraformType: (schema: SchemaNode) => terraformType(schema, "  "),
  eventPattern: (schema: SchemaNode) => awsObject(schema, "each.value.event_pattern", "  "),
  containerProperties: (schema: SchemaNode) =>
    awsObject(schema, "job.container_properties", "      ", ["vcpus", "memory", "resource_requirements"]),
};
