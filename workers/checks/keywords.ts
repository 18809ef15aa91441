import { isObject } from "./schemaNode.ts";

/** A supported keyword of JSON Schema. */
export interface Keyword {
  /** The values that it applies to; "any": all of them. */
  readonly about: "any" | "text" | "number" | "record";
  /** Whether its value is valid, and what is expected otherwise. */
  readonly isFine: (value: unknown) => boolean;
  readonly expected: string;
  /** The form in which it contains schemas. */
  readonly contains?: "schema" | "list" | "map";
}

const isCount = (value: unknown): boolean => Number.isInteger(value) && (value as number) >= 0;
const isNumber = (value: unknown): boolean => Number.isFinite(value);
const isText = (value: unknown): boolean => typeof value === "string";
const isBoolean = (value: unknown): boolean => typeof value === "boolean";
const isAnything = (): boolean => true;
const isNode = (value: unknown): boolean => isObject(value) || isBoolean(value);
const isNodeList = (value: unknown): boolean => Array.isArray(value) && value.length > 0 && value.every(isNode);
const isNodeMap = (value: unknown): boolean => isObject(value) && Object.values(value).every(isNode);
const isNameList = (value: unknown): boolean =>
  Array.isArray(value) && value.every(isText) && new Set(value).size === value.length;
const isType = (value: unknown): boolean => typeof value === "string" && types.has(value);

const types: ReadonlySet<string> = new Set(["string", "integer", "number", "boolean", "null", "object", "array"]);

const count = { isFine: isCount, expected: "an integer of at least 0" } as const;
const number = { about: "number", isFine: isNumber, expected: "a number" } as const;
const node = { about: "any", isFine: isNode, expected: "a schema", contains: "schema" } as const;
const nodeList = {
  about: "any",
  isFine: isNodeList,
  expected: "a list of schemas, not empty",
  contains: "list",
} as const;
const nodeMap = { isFine: isNodeMap, expected: "an object of schemas", contains: "map" } as const;
const text = { about: "any", isFine: isText, expected: "text" } as const;
const flag = { about: "any", isFine: isBoolean, expected: "true or false" } as const;
const note = { about: "any", isFine: isAnything, expected: "anything" } as const;

export const keywords: ReadonlyMap<string, Keyword> = new Map<string, Keyword>([
  [
    "type",
    {
      about: "any",
      isFine: (value) =>
        isType(value) || (isNameList(value) && (value as []).length > 0 && (value as []).every(isType)),
      expected: `one of ${[...types].join(", ")}, or a list of different ones of them`,
    },
  ],
  [
    "enum",
    { about: "any", isFine: (value) => Array.isArray(value) && value.length > 0, expected: "a list, not empty" },
  ],
  ["const", note],
  ["multipleOf", { about: "number", isFine: (v) => isNumber(v) && (v as number) > 0, expected: "a number above 0" }],
  ["minimum", number],
  ["maximum", number],
  ["exclusiveMinimum", number],
  ["exclusiveMaximum", number],
  ["minLength", { about: "text", ...count }],
  ["maxLength", { about: "text", ...count }],
  ["pattern", { ...text, about: "text" }],
  ["format", text],
  ["allOf", nodeList],
  ["anyOf", nodeList],
  ["oneOf", nodeList],
  ["not", node],
  ["if", node],
  ["then", node],
  ["else", node],
  ["$ref", text],
  ["$anchor", text],
  ["$defs", { about: "any", ...nodeMap }],
  ["definitions", { about: "any", ...nodeMap }],
  ["properties", { about: "record", ...nodeMap }],
  ["required", { about: "record", isFine: isNameList, expected: "a list of different column names" }],
  ["additionalProperties", { ...node, about: "record" }],
  ["unevaluatedProperties", { ...flag, about: "record" }],
  ["propertyNames", { ...node, about: "record" }],
  ["minProperties", { about: "record", ...count }],
  ["maxProperties", { about: "record", ...count }],
  [
    "dependentRequired",
    {
      about: "record",
      isFine: (value) => isObject(value) && Object.values(value).every(isNameList),
      expected: "an object of lists of column names",
    },
  ],
  ["dependentSchemas", { about: "record", ...nodeMap }],
  [
    "dependencies",
    {
      about: "record",
      isFine: (value) => isObject(value) && Object.values(value).every((one) => isNameList(one) || isNode(one)),
      expected: "an object of lists of column names or schemas",
      contains: "map",
    },
  ],
  ["title", text],
  ["description", text],
  ["$comment", text],
  ["default", note],
  ["examples", { about: "any", isFine: Array.isArray, expected: "a list" }],
  ["deprecated", flag],
  ["readOnly", flag],
  ["writeOnly", flag],
  ["contentEncoding", text],
  ["contentMediaType", text],
  ["contentSchema", note],
  ["x-unique", flag],
  ["x-sensitive", flag],
]);

/** They inform people, or name parts; no value fails because of them. */
export const annotations: ReadonlySet<string> = new Set([
  "title",
  "description",
  "$comment",
  "default",
  "examples",
  "deprecated",
  "readOnly",
  "writeOnly",
  "contentEncoding",
  "contentMediaType",
  "contentSchema",
  "$schema",
  "$id",
  "$anchor",
  "$defs",
  "definitions",
]);

export const isAnnotation = (keyword: string): boolean => annotations.has(keyword) || keyword.startsWith("x-");
