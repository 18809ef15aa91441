import { nearest } from "../../src/shared/nearest.ts";
import { formats } from "./formats.ts";
import { type Keyword, keywords } from "./keywords.ts";
import { compilePattern } from "./pattern/compilePattern.ts";
import { PatternRefused } from "./pattern/patternRefused.ts";
import type { SchemaObject } from "./schemaNode.ts";
import type { SchemaProblem } from "./schemaProblem.ts";

/**
 * What a part of a schema applies to: every record (the root and what it is composed of), a record in some cases (below
 * anyOf, if and the like), one value, or (a definition that nothing refers to) unknown.
 */
export type Level = "layer" | "record" | "value" | "unknown";

export type Finding = Omit<SchemaProblem, "pointer">;

/** What is wrong with `$schema` or `$id` at the root of a schema. */
export function rootProblem(name: string, value: unknown): Finding | undefined {
  if (typeof value !== "string") return { found: value, expected: "text" };
  if (name === "$id" || drafts.has(value.replace(/#$/, ""))) return undefined;
  return { found: value, expected: `one of ${[...drafts].join(", ")}` };
}

const drafts: ReadonlySet<string> = new Set([
  "https://json-schema.org/draft/2020-12/schema",
  "https://json-schema.org/draft/2019-09/schema",
  "http://json-schema.org/draft-07/schema",
  "http://json-schema.org/draft-06/schema",
]);

/** What is wrong with any other keyword, considered alone. */
export function keywordProblem(name: string, value: unknown, level: Level, node: SchemaObject): Finding | undefined {
  const keyword = keywords.get(name);
  if (keyword === undefined) return unknownKeyword(name);
  if (!keyword.isFine(value)) return { found: value, expected: keyword.expected };
  return misplaced(name, keyword, level, node) ?? valueProblem(name, value, level);
}

function unknownKeyword(name: string): Finding | undefined {
  if (name.startsWith("x-")) return undefined;
  if (aboutLists.has(name)) return { found: name, expected: "no keyword about lists: a column has one value" };
  const reason = notSupported.get(name);
  if (reason !== undefined) return { found: name, expected: reason };
  const close = nearest(name, keywords.keys());
  const suggestion = close === undefined ? "a keyword of JSON Schema" : `the keyword ${close}`;
  return { found: name, expected: `${suggestion} (custom keywords start with x-)` };
}

const aboutLists: ReadonlySet<string> = new Set([
  "items",
  "prefixItems",
  "additionalItems",
  "contains",
  "minContains",
  "maxContains",
  "minItems",
  "maxItems",
  "uniqueItems",
  "unevaluatedItems",
]);

const notSupported: ReadonlyMap<string, string> = new Map([
  ["patternProperties", "every column under its name in properties"],
  ["nullable", 'a list of types like ["integer", "null"]'],
  ["$id", "no $id below the root: it would change what every $ref means"],
  ["$schema", "no $schema below the root"],
  ["$dynamicRef", "$ref"],
  ["$recursiveRef", "$ref"],
  ["formatMinimum", "no limits of formats: they are not in JSON Schema"],
  ["formatMaximum", "no limits of formats: they are not in JSON Schema"],
]);

function misplaced(name: string, { about }: Keyword, level: Level, node: SchemaObject): Finding | undefined {
  if (level === "value" && about === "record") {
    return { found: name, expected: "no keyword about objects here: a column has one value" };
  }
  const isRecord = level === "layer" || level === "record";
  if (isRecord && (about === "text" || about === "number" || aboutValues.has(name))) {
    return { found: name, expected: "a keyword about records here: this one belongs to a column under properties" };
  }
  if (level === "record" && name === "unevaluatedProperties") {
    return { found: name, expected: "it at the root only: the header decides it" };
  }
  if ((name === "then" || name === "else") && !Object.hasOwn(node, "if")) {
    return { found: name, expected: "an if beside it" };
  }
  return undefined;
}

function valueProblem(name: string, value: unknown, level: Level): Finding | undefined {
  switch (name) {
    case "type":
      return typeProblem(value, level);
    case "enum":
      return (value as unknown[]).every(isPlain) ? undefined : { found: value, expected: plainValues };
    case "const":
      return isPlain(value) ? undefined : { found: value, expected: plainValues };
    case "properties":
      // ajv would silently ignore it.
      return level === "record" && Object.hasOwn(value as object, "__proto__")
        ? { found: "__proto__", expected: "another name for a column in a rule between columns" }
        : undefined;
    case "format":
      return formatProblem(String(value));
    case "pattern":
      return patternProblem(String(value));
    default:
      return undefined;
  }
}

const isPlain = (value: unknown): boolean => value === null || typeof value !== "object";
const plainValues = "text, numbers, true, false or null: a column has one value";

const aboutValues: ReadonlySet<string> = new Set(["enum", "const", "format"]);

function typeProblem(value: unknown, level: Level): Finding | undefined {
  const types = Array.isArray(value) ? value : [value];
  if ((level === "layer" || level === "record") && !types.includes("object"))
    return { found: value, expected: '"object": a record has columns' };
  if (level === "value" && types.some((type) => type === "object" || type === "array")) {
    return { found: value, expected: "string, integer, number, boolean or null: a column has one value" };
  }
  return undefined;
}

function formatProblem(format: string): Finding | undefined {
  if (formats.has(format)) return undefined;
  const close = nearest(format, formats.keys());
  const known = `one of ${[...formats.keys()].join(", ")}`;
  return { found: format, expected: close === undefined ? known : `${known} (did you mean ${close}?)` };
}

function patternProblem(pattern: string): Finding | undefined {
  try {
    compilePattern(pattern);
    return undefined;
  } catch (error) {
    if (!(error instanceof PatternRefused)) throw error;
    return { found: pattern, expected: `a pattern that can be matched in linear time: ${error.message}` };
  }
}
