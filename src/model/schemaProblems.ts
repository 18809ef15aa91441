import type { ErrorObject } from "ajv";
import { nearest } from "../shared/nearest.ts";
import { pointerKeys, pointerTo, valueAt } from "../shared/pointer.ts";
import { isObject } from "./json.ts";
import type { Problem } from "./problem.ts";
import { type SchemaNode, schemaAt } from "./schemaNode.ts";

/** What a JSON Schema found wrong, before it has a position in a file. */
export type SchemaFinding = Pick<Problem, "rule" | "pointer" | "found" | "expected" | "hint"> & {
  /** True when the key itself is wrong, so that the message points at the key and not at its value. */
  readonly atKey: boolean;
};

/** Turns ajv's errors into findings that name the value, what was expected, and what to do. One per pointer and keyword. */
export function schemaFindings(
  errors: readonly ErrorObject[],
  value: unknown,
  schema: SchemaNode,
): readonly SchemaFinding[] {
  const findings = errors.map((error) => toFinding(error, value, schema)).filter((finding) => finding !== undefined);
  const unique = new Map(findings.map((finding) => [`${finding.pointer} ${finding.rule}`, finding]));
  return [...unique.values()];
}

/**
 * True for findings about the form of a text or the size of a number or list. Where a placeholder has no declared form, its
 * sample is arbitrary, and such a finding would be about the sample.
 */
export function isAboutForm(rule: string): boolean {
  return /^schema\/(?:pattern|enum|const|multipleOf|(?:exclusive)?(?:min|max|Min|Max)\w*)$/.test(rule);
}

function toFinding(error: ErrorObject, value: unknown, schema: SchemaNode): SchemaFinding | undefined {
  const describe = describers[error.keyword];
  // A wrapper such as "if" or "propertyNames" repeats what the keyword inside it has said.
  if (describe === undefined) return undefined;
  const pointer =
    error.propertyName === undefined ? error.instancePath : pointerTo(error.instancePath, error.propertyName);
  const facts: Facts = {
    params: error.params as Record<string, unknown>,
    pointer,
    value: error.propertyName ?? valueAt(value, error.instancePath),
    node: schemaAt(schema, pointerKeys(error.instancePath)),
    aboutKey: error.propertyName !== undefined,
  };
  const base = { rule: `schema/${error.keyword}`, pointer, found: facts.value, atKey: facts.aboutKey };
  const { hint, ...description } = describe(facts);
  return { ...base, ...description, ...(hint !== undefined && { hint }) };
}

interface Facts {
  readonly params: Readonly<Record<string, unknown>>;
  readonly pointer: string;
  readonly value: unknown;
  readonly node: SchemaNode | undefined;
  readonly aboutKey: boolean;
}

type Description = { expected: string; hint?: string | undefined; pointer?: string; found?: unknown; atKey?: boolean };

const describers: Readonly<Record<string, (facts: Facts) => Description>> = {
  additionalProperties: ({ params, pointer, node }) => unknownKey(String(params.additionalProperty), pointer, node),
  required: ({ params, pointer, node }) => missingKey(String(params.missingProperty), pointer, node),
  type: ({ params, node }) => ({ expected: typeName(params.type), hint: example(node) }),
  enum: ({ params, value }) => oneOf(params.allowedValues as readonly unknown[], value),
  const: ({ params }) => ({ expected: JSON.stringify(params.allowedValue) }),
  pattern: ({ params, node, aboutKey }) => ({
    expected: `${aboutKey ? "a key" : "text"} matching ${String(params.pattern)}`,
    hint: aboutKey ? undefined : example(node),
  }),
  not: ({ aboutKey }) => ({
    expected: `another ${aboutKey ? "key" : "value"}`,
    hint: "AWS reserves keys that start with aws: for itself",
  }),
  minimum: ({ params }) => ({ expected: `at least ${String(params.limit)}` }),
  maximum: ({ params }) => ({ expected: `at most ${String(params.limit)}` }),
  exclusiveMinimum: ({ params }) => ({ expected: `more than ${String(params.limit)}` }),
  exclusiveMaximum: ({ params }) => ({ expected: `less than ${String(params.limit)}` }),
  multipleOf: ({ params }) => ({ expected: `a multiple of ${String(params.multipleOf)}` }),
  minLength: ({ params }) => ({ expected: `at least ${String(params.limit)} characters` }),
  maxLength: ({ params }) => ({ expected: `at most ${String(params.limit)} characters` }),
  minItems: ({ params }) => ({ expected: `at least ${String(params.limit)} entries` }),
  maxItems: ({ params }) => ({ expected: `at most ${String(params.limit)} entries` }),
  uniqueItems: () => ({ expected: "entries that differ from each other" }),
  minProperties: ({ params }) => ({ expected: `at least ${String(params.limit)} keys` }),
  maxProperties: ({ params }) => ({ expected: `at most ${String(params.limit)} keys` }),
};

function unknownKey(key: string, parent: string, node: SchemaNode | undefined): Description {
  const allowed = Object.keys(node?.properties ?? {}).filter((name) => name !== "$schema");
  const close = nearest(key, allowed);
  return {
    pointer: pointerTo(parent, key),
    found: key,
    atKey: true,
    expected: allowed.length === 0 ? "no keys" : `one of the keys ${allowed.join(", ")}`,
    hint: close ? `did you mean ${close}?` : undefined,
  };
}

function missingKey(key: string, parent: string, node: SchemaNode | undefined): Description {
  const property = node?.properties?.[key];
  return {
    pointer: pointerTo(parent, key),
    found: undefined,
    expected: meaning(property, key),
    hint: example(property),
  };
}

function meaning(node: SchemaNode | undefined, key: string): string {
  return node?.type ? `${typeName(node.type)} (${node.title ?? key})` : key;
}

function oneOf(allowed: readonly unknown[], value: unknown): Description {
  const close =
    typeof value === "string"
      ? nearest(
          value,
          allowed.filter((item) => typeof item === "string"),
        )
      : undefined;
  return {
    expected: `one of ${allowed
      .filter((item) => item !== null)
      .map((item) => JSON.stringify(item))
      .join(", ")}`,
    hint: close ? `did you mean ${JSON.stringify(close)}?` : undefined,
  };
}

const typeNames: Readonly<Record<string, string>> = {
  string: "text",
  integer: "a whole number",
  number: "a number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
};

function typeName(type: unknown): string {
  const types = (Array.isArray(type) ? type : String(type).split(",")).filter((name) => name !== "null");
  return types.map((name) => typeNames[name as string] ?? String(name)).join(" or ");
}

function example(node: SchemaNode | undefined): string | undefined {
  const value = node?.examples?.[0] ?? (isObject(node?.default) ? undefined : node?.default);
  return value === undefined ? undefined : `for example ${JSON.stringify(value)}`;
}
