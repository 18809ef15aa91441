import type { SchemaNode } from "../model/schemaNode.ts";
import { codeSpan, documentText, hclKey, hclString, hclTemplateString, hclValue, prose, shellWord } from "./quoting.ts";
import { awsObject, terraformType } from "./schemaHcl.ts";

const localExpressions = new Map([["PREFIX", "local.prefix"]]);

/**
 * The only ways for a value to reach a file: each helper quotes for the language around it. Handlebars' own escaping is
 * for HTML and switched off; a test checks that templates use only these helpers.
 */
export const helpers = {
  /** A line of ours, without a value of the user. */
  line: (text: string) => `${text}\n`.trimEnd(),
  document: (document: unknown) => documentText(document),
  hcl: (value: unknown) => hclValue(value, "  "),
  /** Text of the config that may contain ${PREFIX} for Terragrunt. */
  hclLocal: (value: unknown) => hclValue(value, "  ", (text) => hclTemplateString(text, localExpressions)),
  hclKey: (key: string) => hclKey(key),
  /** A part of a path within a string literal. */
  hclPath: (path: string) => hclString(path).slice(1, -1),
  /** Code: an expression that config/expression.ts has accepted. */
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
