import { isObject } from "../model/json.ts";

/** A string literal whose content is data: quotes, newlines, `${` and `%{` cannot end it or become code. */
export function hclString(text: string): string {
  return `"${escapeHcl(text)}"`;
}

/**
 * A string literal from text of the model, which is template text already: a placeholder becomes the expression that
 * supplies it, and everything else is escaped for two rounds. One is this file; the other is the reading of a map or object
 * input, to which a literal `${` or `%{` has to come escaped as well. (No text that Terraform reads once may hold one.)
 */
export function hclTemplateString(text: string, expressions: ReadonlyMap<string, string>): string {
  const pieces = text.split(placeholder).map((piece, index) => {
    if (index % 2 === 0) return escapeCharacters(piece);
    const expression = expressions.get(piece);
    if (expression === undefined) throw new Error(`nothing supplies ${piece}`);
    return `\${${expression}}`;
  });
  return `"${pieces.join("")}"`;
}

const placeholder = /(?<!\$)\$\{([A-Z][A-Z0-9_]*)\}/;

function escapeHcl(text: string): string {
  return escapeCharacters(text).replaceAll("${", "$$${").replaceAll("%{", "%%{");
}

function escapeCharacters(text: string): string {
  return text
    .replaceAll("\\", "\\\\")
    .replaceAll('"', '\\"')
    .replaceAll("\n", "\\n")
    .replaceAll("\r", "\\r")
    .replaceAll("\t", "\\t")
    .replace(
      /[\u0000-\u001f\u007f\u2028\u2029\ufeff]/g,
      (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
}

/** Any plain value, laid out as `terraform fmt` wants it. */
export function hclValue(value: unknown, indent: string, text: (text: string) => string = hclString): string {
  if (typeof value === "string") return text(value);
  if (Array.isArray(value)) return hclList(value, indent, text);
  if (isObject(value)) return hclObject(value, indent, text);
  return String(value);
}

function hclList(items: readonly unknown[], indent: string, text: (text: string) => string): string {
  const inner = items.map((item) => hclValue(item, `${indent}  `, text));
  const line = `[${inner.join(", ")}]`;
  if (!line.includes("\n") && line.length + indent.length < 100) return line;
  return `[\n${inner.map((item) => `${indent}  ${item},\n`).join("")}${indent}]`;
}

function hclObject(object: Record<string, unknown>, indent: string, text: (text: string) => string): string {
  const entries = Object.entries(object);
  if (entries.length === 0) return "{}";
  const lines = entries.map(([key, value]) => `${indent}  ${hclKey(key)} = ${hclValue(value, `${indent}  `, text)}\n`);
  return `{\n${lines.join("")}${indent}}`;
}

/** A key of an object or an attribute: bare when it is an identifier, quoted otherwise. */
export function hclKey(key: string): string {
  return /^[A-Za-z_][A-Za-z0-9_-]*$/.test(key) && !["null", "true", "false", "for"].includes(key)
    ? key
    : hclString(key);
}
