import { randomUUID } from "node:crypto";
import { lookUp, type Scope, valueAtPath } from "./jsonPath.ts";
import { StatesError } from "./statesError.ts";

/** Evaluates the text of a key that ends in `.$`: a path, or a call such as `States.Format('{}', $.index)`. */
export function evaluate(text: string, scope: Scope): unknown {
  if (text.startsWith("$")) return valueAtPath(text, scope);
  const call = new Call(text, scope);
  const value = call.read();
  call.expectEnd();
  return value;
}

/** Parses and evaluates in one pass; calls may be nested. */
class Call {
  readonly #text: string;
  readonly #scope: Scope;
  #at = 0;

  constructor(text: string, scope: Scope) {
    this.#text = text;
    this.#scope = scope;
  }

  read(): unknown {
    const name = this.#take(/\s*(States\.\w+)\s*\(\s*/y)?.[1];
    if (name === undefined) return this.#literal();
    const values: unknown[] = [];
    if (this.#take(/\)\s*/y) === undefined) {
      do values.push(this.read());
      while (this.#take(/,\s*/y) !== undefined);
      if (this.#take(/\)\s*/y) === undefined) throw this.#wrong();
    }
    const work = functions[name];
    if (work === undefined) throw new StatesError("States.Runtime", `run does not support ${name}`);
    return work(values);
  }

  expectEnd(): void {
    if (this.#at < this.#text.length) throw this.#wrong();
  }

  #literal(): unknown {
    const text = this.#take(/'((?:[^'\\]|\\.)*)'\s*/y)?.[1];
    // Escaped braces keep their backslash for States.Format.
    if (text !== undefined) return text.replaceAll(/\\(['\\])/g, "$1");
    const path = this.#take(/(\$(?:[^,()\s'"[\]]|\[(?:'[^']*'|"[^"]*"|\d+)\])*)\s*/y)?.[1];
    if (path !== undefined) return lookUp(path, this.#scope) ?? valueAtPath(path, this.#scope);
    const plain = this.#take(/(null|true|false|-?\d+(?:\.\d+)?)\s*/y)?.[1];
    if (plain === undefined) throw this.#wrong();
    return JSON.parse(plain);
  }

  #take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match === null) return undefined;
    this.#at = pattern.lastIndex;
    return match;
  }

  #wrong(): StatesError {
    return new StatesError("States.IntrinsicFailure", `${JSON.stringify(this.#text)} is not a call that run supports`);
  }
}

const functions: Readonly<Record<string, (values: readonly unknown[]) => unknown>> = {
  "States.Format": ([text, ...values]) => {
    let next = 0;
    return String(text).replaceAll(/\\([{}])|\{\}/g, (_, escaped: string | undefined) => {
      if (escaped !== undefined) return escaped;
      const value = values[next++];
      return typeof value === "string" ? value : JSON.stringify(value);
    });
  },
  "States.StringToJson": ([text]) => {
    try {
      return JSON.parse(String(text));
    } catch {
      throw new StatesError("States.IntrinsicFailure", "the argument of States.StringToJson is not JSON");
    }
  },
  "States.JsonToString": ([value]) => JSON.stringify(value),
  "States.JsonMerge": ([first, second]) => ({ ...(first as object), ...(second as object) }),
  "States.Array": (values) => [...values],
  "States.ArrayLength": ([list]) => listOf(list).length,
  "States.ArrayGetItem": ([list, index]) => listOf(list)[Number(index)],
  "States.ArrayContains": ([list, value]) => listOf(list).some((item) => item === value),
  "States.ArrayUnique": ([list]) => [...new Set(listOf(list))],
  "States.StringSplit": ([text, separators]) => splitAtAny(String(text), String(separators)),
  "States.MathAdd": ([first, second]) => Number(first) + Number(second),
  "States.Base64Encode": ([text]) => Buffer.from(String(text)).toString("base64"),
  "States.Base64Decode": ([text]) => Buffer.from(String(text), "base64").toString(),
  "States.UUID": () => randomUUID(),
};

function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new StatesError("States.IntrinsicFailure", "a list was expected");
}

/** Every character of the second text is a separator; empty parts are left out. */
function splitAtAny(text: string, separators: string): string[] {
  const parts = [""];
  for (const character of text) {
    if (separators.includes(character)) parts.push("");
    else parts[parts.length - 1] += character;
  }
  return parts.filter((part) => part !== "");
}
