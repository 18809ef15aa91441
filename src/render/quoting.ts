import { isObject } from "../model/json.ts";
import { BarePlaceholder } from "../model/model.ts";

// Values as text of each output language: nothing in a value can end its literal or become code.

// HCL

/** A string literal whose content is data: quotes, newlines, `${` and `%{` cannot end it or become code. */
export function hclString(text: string): string {
  return `"${escapeHcl(text)}"`;
}

/**
 * A string literal from text of the model, which is template text already: a placeholder becomes the expression that
 * supplies it, and everything else is escaped for two rounds of evaluation: of this file, and of a map or object input, in
 * which a literal `${` or `%{` has to be escaped as well. (Text that Terraform evaluates once must not contain one.)
 */
export function hclTemplateString(text: string, expressions: ReadonlyMap<string, string>): string {
  const pieces = text.split(placeholder).map((piece, index) => {
    if (index % 2 === 0) return escapeCharacters(piece);
    const expression = expressions.get(piece);
    if (expression === undefined) throw new Error(`${piece} has no expression`);
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

/** Any plain value, formatted as by `terraform fmt`. */
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

// JSON

/**
 * A document as JSON text with its placeholders. Strings are already template text; here they are only quoted as JSON.
 * A command has each flag and its value on one line, so that it is easy to read.
 */
export function documentText(value: unknown, indent = "", key = ""): string {
  if (value instanceof BarePlaceholder) return `\${${value.name}}`;
  if (Array.isArray(value)) {
    if (value.length === 0) return "[]";
    const items = value.map((item) => documentText(item, `${indent}  `));
    const lines = key === "command" ? pairFlags(items) : items;
    return `[\n${lines.map((line) => `${indent}  ${line}`).join(",\n")}\n${indent}]`;
  }
  if (isObject(value)) {
    // A value from another document may be missing; the schema reports it.
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    if (entries.length === 0) return "{}";
    const lines = entries.map(
      ([name, item]) => `${indent}  ${JSON.stringify(name)}: ${documentText(item, `${indent}  `, name)}`,
    );
    return `{\n${lines.join(",\n")}\n${indent}}`;
  }
  return JSON.stringify(value);
}

function pairFlags(items: readonly string[]): readonly string[] {
  const lines: string[] = [];
  for (let index = 0; index < items.length; index += 1) {
    const flag = items[index] as string;
    const value = items[index + 1];
    if (flag.startsWith('"--') && value !== undefined && !value.startsWith('"--')) {
      lines.push(`${flag}, ${value}`);
      index += 1;
    } else {
      lines.push(flag);
    }
  }
  return lines;
}

// Shell

/**
 * One word of shell in which everything is data. Single quotes work for any text; double quotes with escapes are used where
 * shellcheck would suspect a mistake in single ones: for `$`, backticks, typographic apostrophes and `\\'`.
 */
export function shellWord(text: string): string {
  if (!suspectInSingle.test(text)) return single(text);
  // In double quotes it suspects typographic double quotes in turn.
  return text
    .split(/([“”″‶]+)/)
    .filter((piece) => piece !== "")
    .map((piece) => (suspectInDouble.test(piece) ? single(piece) : double(piece)))
    .join("");
}

const suspectInSingle = /[$`‘’]|\\(?:'|$)/;
const suspectInDouble = /[“”″‶]/;

function single(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function double(text: string): string {
  return `"${text.replace(/[\\"$`]/g, "\\$&")}"`;
}

// Markdown

/** Text as inline code: the fence is longer than any run of backticks inside, and line breaks cannot end it. */
export function codeSpan(text: string): string {
  const flat = text.replaceAll(/[\r\n\u2028\u2029]+/g, " ").replaceAll("|", "\\|");
  const maxRun = Math.max(0, ...(flat.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(maxRun + 1);
  const pad = flat.startsWith("`") || flat.endsWith("`") ? " " : "";
  return `${fence}${pad}${flat}${pad}${fence}`;
}

/** Plain text: nothing in it is markup, and it stays on its line and in its table cell. */
export function prose(text: string): string {
  return text.replaceAll(/[\r\n\u2028\u2029]+/g, " ").replaceAll(/[\\`*_{}[\]<>#|~!]/g, "\\$&");
}
