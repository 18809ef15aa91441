import { Ajv2020, type AnySchemaObject, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import type { FormatName } from "ajv-formats/dist/formats.js";
import { multiplesOf } from "./decimal.ts";
import { formats } from "./formats.ts";
import { keywords } from "./keywords.ts";
import { compilePattern } from "./pattern/compilePattern.ts";
import type { Resolve } from "./references.ts";
import { nodesOf, type SchemaNode } from "./schemaNode.ts";

/** Creates ajv's check of a part of a schema. */
export type Compile = (node: SchemaNode) => ValidateFunction;

/**
 * One ajv for all columns of a schema: with one each, 300 columns would take over a second to start. What `$ref`
 * means is looked up here, and ajv sees names that we give, so that names from the schema cannot be misread.
 */
export function exactSchemas(resolve: Resolve): Compile {
  const schemas = new ExactSchemas(resolve);
  return (node) => schemas.compile(node);
}

class ExactSchemas {
  readonly #ajv = createAjv();
  readonly #resolve: Resolve;
  /** Names of the parts that `$ref` refers to, by their pointers. */
  readonly #names = new Map<string, string>();

  constructor(resolve: Resolve) {
    this.#resolve = resolve;
  }

  compile(node: SchemaNode): ValidateFunction {
    return this.#ajv.compile(this.#rewritten(node) as AnySchemaObject);
  }

  #rewritten(node: SchemaNode): SchemaNode {
    if (typeof node === "boolean") return node;
    const entries = Object.entries(node).filter(([name]) => !dropped.has(name) && !name.startsWith("x-"));
    return Object.fromEntries(entries.map(([name, value]) => [name, this.#rewrittenValue(name, value)]));
  }

  #rewrittenValue(name: string, value: unknown): unknown {
    if (name === "$ref") return this.#nameOf(String(value));
    switch (keywords.get(name)?.contains) {
      case "schema":
        return this.#rewritten(value as SchemaNode);
      case "list":
        return (value as SchemaNode[]).map((node) => this.#rewritten(node));
      case "map":
        return Object.fromEntries(
          nodesOf(value).map(([key, node]) => [key, Array.isArray(node) ? node : this.#rewritten(node)]),
        );
      default:
        return value;
    }
  }

  #nameOf(reference: string): string {
    const target = this.#resolve(reference);
    if (target === undefined) throw new Error(`the schema was not checked: ${reference} does not resolve`);
    const known = this.#names.get(target.pointer);
    if (known !== undefined) return known;
    const name = `part-${this.#names.size}`;
    this.#names.set(target.pointer, name);
    this.#ajv.addSchema(this.#rewritten(target.node) as AnySchemaObject, name);
    return name;
  }
}

function createAjv(): Ajv2020 {
  const ajv = new Ajv2020({
    // The schema was already checked, keyword by keyword, with better messages.
    strict: false,
    // 1e999 is infinite as a double, and then not a number.
    strictNumbers: true,
    meta: false,
    validateSchema: false,
    // Errors include the part of the schema that they are about.
    verbose: true,
    code: { regExp: linearExpression },
  });
  addFormats.default(ajv, { formats: [...formats.keys()] as FormatName[], keywords: false });
  // ajv divides doubles, and then 19.99 / 0.01 is not an integer.
  ajv.removeKeyword("multipleOf");
  ajv.addKeyword({ keyword: "multipleOf", type: "number", schemaType: "number", compile: multiplesOf });
  return ajv;
}

/** Keywords that would rename parts of the schema, or only use memory. */
const dropped: ReadonlySet<string> = new Set([
  "$schema",
  "$id",
  "$anchor",
  "$defs",
  "definitions",
  "$comment",
  "default",
  "examples",
  "contentSchema",
]);

/**
 * ajv calls this to create its expressions. It distinguishes them by their string form, so they need one: without it,
 * every pattern of a schema would be treated as the first one.
 */
const linearExpression = Object.assign(
  (pattern: string) => {
    const { test } = compilePattern(pattern);
    return { test, toString: () => `/${pattern}/u` };
  },
  { code: "linearExpression" },
);
