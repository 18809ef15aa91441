/**
 * How Terraform reads template text, written again and apart from the product: in a run of signs before "{" one sign
 * begins code, and of more than one the last is dropped. https://developer.hashicorp.com/terraform/language/expressions/strings
 */
export function evaluateTemplate(text: string, code: (source: string) => string): string {
  let result = "";
  for (let at = 0; at < text.length; ) {
    const run = /^(?:\$+|%+)(?=\{)/.exec(text.slice(at, at + 4096))?.[0];
    if (run === undefined) {
      result += text.charAt(at);
      at += 1;
    } else if (run.length === 1) {
      const end = text.indexOf("}", at);
      if (run === "%" || end === -1) throw new BecameCode(text.slice(at, at + 80));
      result += code(text.slice(at + 2, end).trim());
      at = end + 1;
    } else {
      result += `${run.slice(1)}{`;
      at += run.length + 1;
    }
  }
  return result;
}

/** Text of a config has become something that Terraform would run. */
export class BecameCode extends Error {}

/** What a text of the config says, in the config's own language; undefined when it has to be refused. */
export function decodeConfigText(text: string, placeholders: ReadonlyMap<string, string>): string | undefined {
  // Three signs have two readings, so the config takes none of them.
  if (/\$\$\$\{|%%%\{/.test(text)) return undefined;
  try {
    return evaluateTemplate(text, (name) => {
      const value = placeholders.get(name);
      if (value === undefined) throw new BecameCode(name);
      return value;
    });
  } catch (error) {
    if (error instanceof BecameCode) return undefined;
    throw error;
  }
}

/** Every text in a value and its keys, evaluated once more. */
export function evaluateDeep(value: unknown, code: (source: string) => string): unknown {
  if (typeof value === "string") return evaluateTemplate(value, code);
  if (Array.isArray(value)) return value.map((item) => evaluateDeep(item, code));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [evaluateTemplate(key, code), evaluateDeep(item, code)]),
  );
}

export function noCode(source: string): string {
  throw new BecameCode(source);
}

export interface Leaf {
  /** "*" for the index of a list. */
  readonly path: readonly string[];
  readonly text: string;
  readonly role: "value" | "key";
}

/** Every text in a value, and every key. */
export function leavesOf(value: unknown, path: readonly string[] = []): Leaf[] {
  if (typeof value === "string") return [{ path, text: value, role: "value" }];
  if (Array.isArray(value)) return value.flatMap((item) => leavesOf(item, [...path, "*"]));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => [
    { path: [...path, key], text: key, role: "key" as const },
    ...leavesOf(item, [...path, key]),
  ]);
}

/** What every placeholder of a kind stands for in these tests. */
export const suppliedValues = { string: "supplied", list: ["supplied"], map: { supplied: "x" }, number: 7 } as const;

interface Supplied {
  readonly name: string;
  readonly kind: keyof typeof suppliedValues;
}

/** A document after `templatefile` and `jsondecode`. */
export function boundDocument(text: string, supplied: readonly Supplied[]): unknown {
  const kinds = new Map(supplied.map(({ name, kind }) => [name, kind]));
  const bound = evaluateTemplate(text, (name) => {
    const kind = kinds.get(name);
    if (kind === undefined) return noCode(name);
    if (name === "PREFIX") return "gss-dev";
    return kind === "string" ? suppliedValues.string : JSON.stringify(suppliedValues[kind]);
  });
  return JSON.parse(bound);
}
