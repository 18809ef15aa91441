import { isObject } from "../../model/json.ts";
import { evaluate } from "./intrinsics.ts";
import { type Scope, valueAtPath, withValueAt } from "./jsonPath.ts";

// What a state takes from its input, and what it hands on: InputPath, Parameters, ResultSelector, ResultPath, Assign and OutputPath.

type Fields = Readonly<Record<string, unknown>>;

export interface After {
  /** Undefined at the end. */
  readonly next: unknown;
  readonly scope: Scope;
}

/** Selector, path and output, in the order in which Step Functions applies them. ResultPath means the input as it came in. */
export function onward(state: Fields, own: Scope, raw: unknown, scope: Scope): After {
  const result = state.ResultSelector === undefined ? raw : fillIn(state.ResultSelector, { ...own, input: raw });
  const combined = placed(state.ResultPath, result, scope.input);
  const variables = assigned(state.Assign, { ...own, input: result });
  const input = pathOr(state.OutputPath, { ...own, input: combined });
  return { next: state.End === true ? undefined : state.Next, scope: { ...scope, variables, input } };
}

/** The input with the result where ResultPath says. */
export function placed(path: unknown, result: unknown, input: unknown): unknown {
  if (path === null) return input;
  return typeof path === "string" && path !== "$" ? withValueAt(path, result, input) : result;
}

/** What InputPath, ItemsPath or OutputPath selects; all of it without one. */
export function pathOr(path: unknown, scope: Scope): unknown {
  if (path === null) return {};
  return typeof path === "string" && path !== "$" ? valueAtPath(path, scope) : scope.input;
}

/** The variables with those of Assign. */
export function assigned(template: unknown, scope: Scope): Readonly<Record<string, unknown>> {
  return template === undefined ? scope.variables : { ...scope.variables, ...(fillIn(template, scope) as object) };
}

/** The Error or the Cause of a Fail state. */
export function textOf(state: Fields, key: "Error" | "Cause", scope: Scope): string {
  const path = state[`${key}Path`];
  if (typeof path !== "string") return typeof state[key] === "string" ? state[key] : "";
  const value = fillIn({ "text.$": path }, scope) as { readonly text: unknown };
  return typeof value.text === "string" ? value.text : JSON.stringify(value.text);
}

/** A template with its paths filled in: the value of a key that ends in `.$` is a path or a call, all else is itself. */
export function fillIn(template: unknown, scope: Scope): unknown {
  if (Array.isArray(template)) return template.map((item) => fillIn(item, scope));
  if (!isObject(template)) return template;
  return Object.fromEntries(
    Object.entries(template).map(([key, value]) =>
      key.endsWith(".$") && typeof value === "string"
        ? [key.slice(0, -2), evaluate(value, scope)]
        : [key, fillIn(value, scope)],
    ),
  );
}
