import { isObject } from "../../model/json.ts";
import { lookUp, type Scope, valueAtPath } from "./jsonPath.ts";
import { StatesError } from "./statesError.ts";

/** The first matching rule of a Choice state; undefined when none matches. */
export function choose(choices: readonly unknown[], scope: Scope): Record<string, unknown> | undefined {
  return choices.filter(isObject).find((rule) => holds(rule, scope));
}

/** Evaluates in the order of Step Functions: And stops at the first false condition, Or at the first true one. */
export function holds(rule: Readonly<Record<string, unknown>>, scope: Scope): boolean {
  if (Array.isArray(rule.And)) return rule.And.every((part) => holds(part, scope));
  if (Array.isArray(rule.Or)) return rule.Or.some((part) => holds(part, scope));
  if (isObject(rule.Not)) return !holds(rule.Not, scope);
  const operator = Object.keys(rule).find((key) => isOperator(key));
  if (operator === undefined || typeof rule.Variable !== "string") {
    throw new StatesError("States.Runtime", `run does not support the choice ${JSON.stringify(rule)}`);
  }
  const found = lookUp(rule.Variable, scope);
  if (operator === "IsPresent") return (found !== undefined) === rule.IsPresent;
  // As in Step Functions, a comparison with a missing value fails the execution; its result is not false.
  const value = valueAtPath(rule.Variable, scope);
  const test = typeTests[operator];
  if (test !== undefined) return test(value) === rule[operator];
  const given = rule[operator];
  const operand = operator.endsWith("Path") ? valueAtPath(String(given), scope) : given;
  return compare(operator.replace(/Path$/, ""), value, operand);
}

function isOperator(key: string): boolean {
  return key === "IsPresent" || key in typeTests || comparison.test(key);
}

const comparison =
  /^(String|Numeric|Boolean|Timestamp)(Equals|Matches|LessThan|GreaterThan|LessThanEquals|GreaterThanEquals)(Path)?$/;

const typeTests: Readonly<Record<string, (value: unknown) => boolean>> = {
  IsNull: (value) => value === null,
  IsNumeric: (value) => typeof value === "number",
  IsString: (value) => typeof value === "string",
  IsBoolean: (value) => typeof value === "boolean",
  IsTimestamp: (value) => typeof value === "string" && isTimestamp(value),
};

/** For a value of another type than the operator's, the comparison is false. */
function compare(operator: string, value: unknown, operand: unknown): boolean {
  const [, kind = "", relation = ""] = comparison.exec(operator) ?? [];
  const [left, right] = [comparable(kind, value), comparable(kind, operand)];
  if (left === undefined || right === undefined) return false;
  switch (relation) {
    case "Equals":
      return left === right;
    case "Matches":
      return matchesWildcards(String(left), String(right));
    case "LessThan":
      return left < right;
    case "GreaterThan":
      return left > right;
    case "LessThanEquals":
      return left <= right;
    default:
      return left >= right;
  }
}

function comparable(kind: string, value: unknown): string | number | boolean | undefined {
  if (kind === "Timestamp") return typeof value === "string" && isTimestamp(value) ? Date.parse(value) : undefined;
  if (kind === "String") return typeof value === "string" ? value : undefined;
  if (kind === "Numeric") return typeof value === "number" ? value : undefined;
  return typeof value === "boolean" ? value : undefined;
}

function isTimestamp(text: string): boolean {
  return /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text));
}

/** `*` matches any text, `\*` a star. Linear in both: each part is searched once, from the end of the last match. */
function matchesWildcards(text: string, pattern: string): boolean {
  const parts = pattern.split(/(?<!\\)\*/).map((part) => part.replaceAll("\\*", "*").replaceAll("\\\\", "\\"));
  const [first = "", ...others] = parts;
  const last = others.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first) || text.length < first.length + last.length) return false;
  let at = first.length;
  const end = text.length - last.length;
  for (const part of others) {
    const found = text.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return text.endsWith(last);
}
