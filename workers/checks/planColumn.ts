import type { ByteCheck } from "../model/columnPlan.ts";
import { reduced, toDecimal } from "./decimal.ts";
import { formats } from "./formats.ts";
import { isAnnotation } from "./keywords.ts";
import { compilePattern } from "./pattern/compilePattern.ts";
import type { Resolve } from "./references.ts";
import { isObject, type SchemaNode, type SchemaObject } from "./schemaNode.ts";
import type { ValueType } from "./valueTypes.ts";

export interface Checks {
  readonly checks: readonly ByteCheck[];
  readonly alwaysSuspect: boolean;
}

/**
 * The byte checks of a column whose fields become values of these types. A field that all of them accept is valid; a
 * keyword without a byte form makes the column always suspect.
 */
export function planColumn(node: SchemaNode, types: ReadonlySet<ValueType>, resolve: Resolve): Checks {
  const [type, ...others] = [...types].filter((one) => one !== "null");
  if (type === undefined) return suspects;
  if (others.length > 0) return planMixed(node, types);
  const { checks, alwaysSuspect } = plan(node, type as PlainType, resolve);
  return { checks: withoutRepeats(checks), alwaysSuspect };
}

const suspects: Checks = { checks: [], alwaysSuspect: true };

/** Every part of a schema checks the type; once is enough. */
function withoutRepeats(checks: readonly ByteCheck[]): readonly ByteCheck[] {
  const isBare = (check: ByteCheck): boolean =>
    Object.values(check).every((value) => value === null || value === check.kind);
  return checks.filter(
    (check, index) =>
      !isBare(check) || !checks.some((other, at) => other.kind === check.kind && (at < index || !isBare(other))),
  );
}

/** When text is one of the types, any text is a valid value. Everything else is left to the exact check. */
function planMixed(node: SchemaNode, types: ReadonlySet<ValueType>): Checks {
  const rules = isObject(node) ? Object.keys(node).filter((name) => !isAnnotation(name) && name !== "type") : [];
  return { checks: [], alwaysSuspect: node === false || rules.length > 0 || !types.has("string") };
}

type PlainType = Exclude<ValueType, "null">;

function plan(node: SchemaNode, type: PlainType, resolve: Resolve): Checks {
  if (typeof node === "boolean") return { checks: [], alwaysSuspect: !node };
  const parts = [ownPlan(node, type)];
  for (const [name, value] of Object.entries(node)) {
    if (name === "$ref") {
      const target = resolve(String(value));
      parts.push(target === undefined ? suspects : plan(target.node, type, resolve));
    } else if (name === "allOf") {
      parts.push(...(value as SchemaNode[]).map((part) => plan(part, type, resolve)));
    } else if (name === "anyOf" || name === "oneOf") {
      // Optional[int] of Python and the like: a field that is not empty is never null.
      const real = (value as SchemaNode[]).filter((part) => !isNullOnly(part));
      parts.push(real.length === 1 ? plan(real[0] as SchemaNode, type, resolve) : suspects);
    } else if (!ownKeywords.has(name) && !isAnnotation(name)) {
      parts.push(suspects);
    }
  }
  return {
    checks: parts.flatMap(({ checks }) => checks),
    alwaysSuspect: parts.some(({ alwaysSuspect }) => alwaysSuspect),
  };
}

const isNullOnly = (node: SchemaNode): boolean => isObject(node) && node.type === "null";

/** The keywords that `ownPlan` supports, for the types that they apply to. */
const ownKeywords: ReadonlySet<string> = new Set([
  "type",
  "enum",
  "const",
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "multipleOf",
  "minLength",
  "maxLength",
  "pattern",
  "format",
]);

function ownPlan(node: SchemaObject, type: PlainType): Checks {
  const allowed = node.type === undefined ? [type] : [node.type].flat();
  const fits = allowed.includes(type) || (type === "integer" && allowed.includes("number"));
  const parts = [typePlan(node, type), valuesPlan(node, type)];
  return {
    checks: parts.flatMap(({ checks }) => checks),
    alwaysSuspect: !fits || parts.some(({ alwaysSuspect }) => alwaysSuspect),
  };
}

function typePlan(node: SchemaObject, type: PlainType): Checks {
  switch (type) {
    case "boolean":
      return { checks: [{ kind: "boolean" }], alwaysSuspect: false };
    case "integer":
      return integerPlan(node);
    case "number":
      return numberPlan(node);
    case "string":
      return textPlan(node);
  }
}

/**
 * ajv compares doubles, the byte check compares digits. Rounding preserves the order, so an integer that is at least a
 * limit stays at least the limit. Only "more than" a limit beyond 2 ** 53 and multiples beyond it can be lost: those
 * are suspects.
 */
function integerPlan(node: SchemaObject): Checks {
  const lower = [wholeAtLeast(node.minimum), wholeAbove(node.exclusiveMinimum)];
  const upper = [negated(wholeAtLeast(negative(node.maximum))), negated(wholeAbove(negative(node.exclusiveMaximum)))];
  let multipleOf: bigint | null = null;
  if (typeof node.multipleOf === "number") {
    // An integer is a multiple of 5 / 2 when it is one of 5.
    multipleOf = lowestTerms(node.multipleOf);
    lower.push(-BigInt(Number.MAX_SAFE_INTEGER));
    upper.push(BigInt(Number.MAX_SAFE_INTEGER));
  }
  if (node.format === "int32") {
    lower.push(-(2n ** 31n));
    upper.push(2n ** 31n - 1n);
  }
  const limits = [...lower, ...upper];
  const minimum = lower.reduce<bigint | null>((a, b) => (isLimit(b) && (a === null || b > a) ? b : a), null);
  const maximum = upper.reduce<bigint | null>((a, b) => (isLimit(b) && (a === null || b < a) ? b : a), null);
  const undecided =
    limits.includes(undecidable) ||
    tooLarge(minimum) ||
    tooLarge(maximum) ||
    (multipleOf !== null && tooLarge(multipleOf));
  if (undecided) return suspects;
  return { checks: [{ kind: "integer", minimum, maximum, multipleOf }], alwaysSuspect: false };
}

type Limit = bigint | null | typeof undecidable;
const undecidable = "undecidable";
const isLimit = (limit: Limit): limit is bigint => typeof limit === "bigint";

/** The scanner counts in 64 bits. */
const tooLarge = (value: bigint | null): boolean => value !== null && (value > 10n ** 18n || value < -(10n ** 18n));

/** A number that is below every integer of 18 digits is not a limit. */
const wholeAtLeast = (limit: unknown): Limit =>
  typeof limit === "number" && limit > -1e18 ? BigInt(Math.ceil(limit)) : null;

function wholeAbove(limit: unknown): Limit {
  if (typeof limit !== "number" || limit < -1e18) return null;
  return Math.abs(limit) < Number.MAX_SAFE_INTEGER ? BigInt(Math.floor(limit)) + 1n : undecidable;
}

const negative = (limit: unknown): unknown => (typeof limit === "number" ? -limit : limit);
const negated = (limit: Limit): Limit => (isLimit(limit) ? -limit : limit);

function lowestTerms(unit: number): bigint {
  const { coefficient, scale } = reduced(toDecimal(unit));
  return coefficient / greatestDivisor(coefficient, 10n ** BigInt(scale));
}

function greatestDivisor(one: bigint, other: bigint): bigint {
  let [a, b] = [one, other];
  while (b !== 0n) [a, b] = [b, a % b];
  return a;
}

function numberPlan(node: SchemaObject): Checks {
  const multiple = typeof node.multipleOf === "number" ? reduced(toDecimal(node.multipleOf)) : null;
  if (multiple !== null && tooLarge(multiple.coefficient)) return suspects;
  const check: ByteCheck = {
    kind: "number",
    minimum: numberOr(node.minimum),
    maximum: numberOr(node.maximum),
    exclusiveMinimum: numberOr(node.exclusiveMinimum),
    exclusiveMaximum: numberOr(node.exclusiveMaximum),
    multipleOf: multiple && { unit: multiple.coefficient, scale: multiple.scale },
  };
  return { checks: [check], alwaysSuspect: node.format === "int32" || node.format === "int64" };
}

const numberOr = (value: unknown): number | null => (typeof value === "number" ? value : null);

function textPlan(node: SchemaObject): Checks {
  const checks: ByteCheck[] = [];
  let alwaysSuspect = false;
  const minimum = numberOr(node.minLength) ?? 0;
  const maximum = numberOr(node.maxLength) ?? maxFieldLength;
  if (minimum > maxFieldLength) return suspects;
  if (minimum > 0 || maximum < maxFieldLength) {
    checks.push({ kind: "length", minimum, maximum: maximum < maxFieldLength ? maximum : null });
  }
  const format = typeof node.format === "string" ? formats.get(node.format) : undefined;
  if (format?.byteForm !== undefined) checks.push({ kind: format.byteForm });
  else if (format?.about === "text") alwaysSuspect = true;
  if (typeof node.pattern === "string") {
    const automaton = compilePattern(node.pattern).automaton();
    if (automaton === undefined) alwaysSuspect = true;
    else checks.push({ kind: "pattern", automaton });
  }
  return { checks, alwaysSuspect };
}

/** A lone surrogate would become the bytes of a different text. */
const isUtf8 = (value: string): boolean => Buffer.from(value).toString() === value;

/** Lengths beyond it do not occur, so they need not fit the scanner's numbers. */
const maxFieldLength = 2 ** 31 - 1;

/** Of a number only the form that JavaScript writes; 1.0 and 1e0 are suspects. */
function valuesPlan(node: SchemaObject, type: PlainType): Checks {
  const lists = [
    Array.isArray(node.enum) ? node.enum : undefined,
    Object.hasOwn(node, "const") ? [node.const] : undefined,
  ];
  const kind = type === "integer" ? "number" : type;
  const checks = lists
    .filter((list) => list !== undefined)
    .map((list) =>
      list.filter((value) => typeof value === kind && isUtf8(String(value))).map((value) => Buffer.from(String(value))),
    )
    .map((values): ByteCheck => ({ kind: "oneOf", values }));
  return { checks, alwaysSuspect: false };
}
