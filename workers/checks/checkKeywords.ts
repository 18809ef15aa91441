import { nearest } from "../../src/shared/nearest.ts";
import { pointerTo } from "../../src/shared/pointer.ts";
import { formats } from "./formats.ts";
import { type Keyword, keywords } from "./keywords.ts";
import { compilePattern } from "./pattern/compilePattern.ts";
import { PatternRefused } from "./pattern/patternRefused.ts";
import { maxDepth, type Resolve } from "./references.ts";
import { nodesOf, type SchemaNode, type SchemaObject } from "./schemaNode.ts";
import type { SchemaProblem } from "./schemaProblem.ts";

/**
 * What a part of a schema is about: every record (the root and what it is put together of), a record in some case (below anyOf, if
 * and their like), one value, or (a definition nobody refers to) not known.
 */
type Level = "layer" | "record" | "value" | "unknown";

/**
 * Everything that would make ajv refuse a schema, or silently check less than it says: keywords that are not known or have a
 * wrong value, references to nothing or in a circle, formats and patterns that cannot be used.
 */
export function checkKeywords(root: SchemaObject, resolve: Resolve): readonly SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  const visited = new Set<string>();
  const under = new Set<string>();
  visit(root, "", "layer", 0);
  for (const name of ["$defs", "definitions"]) {
    for (const [key, node] of nodesOf(root[name])) visit(node, pointerTo(`/${name}`, key), "unknown", 0);
  }
  return problems;

  function visit(node: SchemaNode, pointer: string, level: Level, depth: number): void {
    if (typeof node === "boolean") return;
    if (under.has(pointer)) {
      problems.push({ pointer, found: "a $ref that leads back here", expected: "references that come to an end" });
      return;
    }
    if (level === "unknown" ? visitedAtAll(pointer) : visited.has(`${level} ${pointer}`)) return;
    visited.add(`${level} ${pointer}`);
    if (depth > maxDepth) {
      problems.push({
        pointer,
        found: "another one",
        expected: `schemas inside of each other at most ${maxDepth} deep`,
      });
      return;
    }
    under.add(pointer);
    for (const [name, value] of Object.entries(node)) {
      const at = pointerTo(pointer, name);
      const keyword = keywords.get(name);
      const problem =
        pointer === "" && (name === "$schema" || name === "$id")
          ? rootProblem(name, value)
          : keyword === undefined
            ? unknownKeyword(name)
            : valueProblem(name, keyword, value, level, node);
      if (problem !== undefined) problems.push({ pointer: at, ...problem });
      else if (name === "$ref") follow(String(value), at, level, depth);
      else if (keyword?.holds !== undefined) inside(name, keyword.holds, value, at, level, depth);
    }
    under.delete(pointer);
  }

  function visitedAtAll(pointer: string): boolean {
    return ["layer", "record", "value", "unknown"].some((level) => visited.has(`${level} ${pointer}`));
  }

  function follow(reference: string, at: string, level: Level, depth: number): void {
    const target = resolve(reference);
    if (target !== undefined) visit(target.node, target.pointer, level, depth + 1);
    else
      problems.push({
        pointer: at,
        found: reference,
        expected: "a reference to a part of this schema like #/$defs/name",
      });
  }

  function inside(name: string, holds: string, value: unknown, at: string, level: Level, depth: number): void {
    // Definitions are visited where they are referred to, which tells what they are about.
    if (name === "$defs" || name === "definitions") return;
    const below = levelBelow(name, level);
    if (holds === "schema") visit(value as SchemaNode, at, below, depth + 1);
    else if (holds === "list") {
      for (const [index, node] of (value as SchemaNode[]).entries())
        visit(node, pointerTo(at, index), below, depth + 1);
    } else {
      for (const [key, node] of nodesOf(value)) {
        if (!Array.isArray(node)) visit(node, pointerTo(at, key), below, depth + 1);
      }
    }
  }
}

function levelBelow(name: string, level: Level): Level {
  if (name === "properties" || name === "additionalProperties" || name === "propertyNames") return "value";
  return level === "layer" && name !== "allOf" ? "record" : level;
}

type Finding = Omit<SchemaProblem, "pointer">;

function rootProblem(name: string, value: unknown): Finding | undefined {
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

function unknownKeyword(name: string): Finding | undefined {
  if (name.startsWith("x-")) return undefined;
  if (aboutLists.has(name)) return { found: name, expected: "no keyword about lists: a column holds one value" };
  const reason = notSupported.get(name);
  if (reason !== undefined) return { found: name, expected: reason };
  const close = nearest(name, keywords.keys());
  const suggestion = close === undefined ? "a keyword of JSON Schema" : `the keyword ${close}`;
  return { found: name, expected: `${suggestion} (keywords of your own begin with x-)` };
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

function valueProblem(
  name: string,
  keyword: Keyword,
  value: unknown,
  level: Level,
  node: SchemaObject,
): Finding | undefined {
  if (!keyword.isFine(value)) return { found: value, expected: keyword.expected };
  if (level === "value" && keyword.about === "record") {
    return { found: name, expected: "no keyword about objects here: a column holds one value" };
  }
  const isRecord = level === "layer" || level === "record";
  if (isRecord && (keyword.about === "text" || keyword.about === "number" || aboutValues.has(name))) {
    return { found: name, expected: "a keyword about records here: this one belongs to a column under properties" };
  }
  switch (name) {
    case "type":
      return typeProblem(value, level);
    case "enum":
      return (value as unknown[]).every(isPlain) ? undefined : { found: value, expected: plainValues };
    case "const":
      return isPlain(value) ? undefined : { found: value, expected: plainValues };
    case "properties":
      // ajv would leave it out without a word.
      return level === "record" && Object.hasOwn(value as object, "__proto__")
        ? { found: "__proto__", expected: "another name for a column in a rule between columns" }
        : undefined;
    case "unevaluatedProperties":
      return level === "record" ? { found: name, expected: "it at the root: it is decided by the header" } : undefined;
    case "then":
    case "else":
      return Object.hasOwn(node, "if") ? undefined : { found: name, expected: "an if beside it" };
    case "format":
      return formatProblem(String(value));
    case "pattern":
      return patternProblem(String(value));
    default:
      return undefined;
  }
}

const isPlain = (value: unknown): boolean => value === null || typeof value !== "object";
const plainValues = "text, numbers, true, false or null: a column holds one value";

const aboutValues: ReadonlySet<string> = new Set(["enum", "const", "format"]);

function typeProblem(value: unknown, level: Level): Finding | undefined {
  const types = Array.isArray(value) ? value : [value];
  if ((level === "layer" || level === "record") && !types.includes("object"))
    return { found: value, expected: '"object": a record has columns' };
  if (level === "value" && types.some((type) => type === "object" || type === "array")) {
    return { found: value, expected: "string, integer, number, boolean or null: a column holds one value" };
  }
  return undefined;
}

function formatProblem(format: string): Finding | undefined {
  if (formats.has(format)) return undefined;
  const close = nearest(format, formats.keys());
  const known = `one of ${[...formats.keys()].join(", ")}`;
  return { found: format, expected: close === undefined ? known : `the format ${close}? Known is ${known}` };
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
