import { isObject } from "../../model/json.ts";
import { evaluate } from "./intrinsics.ts";
import { type Scope, valueAtPath, withValueAt } from "./jsonPath.ts";

// Input and output processing of a state: InputPath, Parameters, ResultSelector, ResultPath, Assign and OutputPath.

type Fields = Readonly<Record<string, unknown>>;

export interface After {
  /** Undefined at the end. */
  readonly next: unknown;
  readonly scope: Scope;
}

/** Selector, path and output, in the order in which Step Functions applies them. ResultPath refers to the raw input. */
export function onward(state: Fields, own: Scope, raw: unknown, scope: Scope): After {
  const result = state.ResultSelector === undefined ? raw : fillIn(state.ResultSelector, { ...own, input: raw });
  const combined = placed(state.ResultPath, result, scope.input);
  const variables = assigned(state.Assign, { ...own, input: result });
  const input = pathOr(state.OutputPath, { ...own, input: combined });
  return { next: state.End === true ? undefined : state.Next, scope: { ...scope, variables, input } };
}

/** The input with the result at ResultPath. */
export function placed(path: unknown, result: unknown, input: unknown): unknown {
  if (path === null) return input;
  return typeof path === "string" && path !== "$" ? withValueAt(path, result, input) : result;
}

/** The part that InputPath, ItemsPath or OutputPath selects; everything without one. */
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

/** A template with its paths filled in: the value of a key that ends in `.$` is a path or a call, every other one a literal. */
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
