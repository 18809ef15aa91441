import { isObject } from "../model/json.ts";
import { BarePlaceholder } from "../model/model.ts";

/**
 * A document as JSON text with its placeholders. Strings are already template text; here they are only quoted as JSON.
 * A command keeps each flag and its value on one line, as the document does, because that is how it is read.
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
    // What another document would have said may be missing; the schema tells.
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
