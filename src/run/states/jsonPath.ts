import { StatesError } from "./statesError.ts";

/** The values that paths of a state can refer to. */
export interface Scope {
  /** `$`: the input of the state, as processed so far. */
  readonly input: unknown;
  /** `$$`: the context object, with the execution and the item of a Map. */
  readonly context: unknown;
  /** `$name`: variables that states have assigned. */
  readonly variables: Readonly<Record<string, unknown>>;
}

/**
 * The value at a path such as `$.a.b`, `$['a'][0]` or `$$.Map.Item.Value`; undefined where there is none. Supports the part
 * of JSONPath that selects one value; filters and slices are refused.
 */
export function lookUp(path: string, scope: Scope): unknown {
  const root = /^\$(\$|[A-Za-z_]\w*)?/.exec(path);
  if (root === null) throw notUnderstood(path);
  let value = rootOf(root[1], scope);
  let at = root[0].length;
  while (at < path.length) {
    step.lastIndex = at;
    const match = step.exec(path);
    if (match === null) throw notUnderstood(path);
    value = memberOf(value, nameIn(match));
    at = step.lastIndex;
  }
  return value;
}

/** Like `lookUp`, but a missing value fails the state, as in Step Functions. */
export function valueAtPath(path: string, scope: Scope): unknown {
  const value = lookUp(path, scope);
  if (value !== undefined) return value;
  throw new StatesError("States.ParameterPathFailure", `there is no ${path} in the input of the state`);
}

/** The input with a value put in at a path such as `$.result`: what ResultPath does. */
export function withValueAt(path: string, value: unknown, input: unknown): unknown {
  const names: (string | number)[] = [];
  let at = 1;
  while (at < path.length) {
    step.lastIndex = at;
    const match = step.exec(path);
    if (match === null) throw notUnderstood(path);
    names.push(nameIn(match));
    at = step.lastIndex;
  }
  return putIn(input, names, value);
}

function putIn(target: unknown, [name, ...rest]: readonly (string | number)[], value: unknown): unknown {
  if (name === undefined) return value;
  const members = typeof target === "object" && target !== null ? target : {};
  const old = memberOf(members, name);
  const entries = Object.entries(members).filter(([key]) => key !== String(name));
  return Object.fromEntries([...entries, [String(name), putIn(old, rest, value)]]);
}

const step = /\.([A-Za-z_][\w-]*)|\[(?:'([^']*)'|"([^"]*)"|(\d+))\]/y;

function nameIn([, plain, single, double, index]: RegExpExecArray): string | number {
  return index === undefined ? (plain ?? single ?? double ?? "") : Number(index);
}

function rootOf(name: string | undefined, { input, context, variables }: Scope): unknown {
  if (name === undefined) return input;
  return name === "$" ? context : memberOf(variables, name);
}

function memberOf(value: unknown, name: string | number): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Record<string | number, unknown>)[name];
}

function notUnderstood(path: string): StatesError {
  return new StatesError("States.Runtime", `the path ${JSON.stringify(path)} uses JSONPath that run does not support`);
}
