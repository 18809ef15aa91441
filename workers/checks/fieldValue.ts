import type { ValueType } from "./valueTypes.ts";

/**
 * The value that the text of a field represents, in a column of these types. Numbers must be written as in JSON: 007,
 * +5 and .5 are text, because a number keeps its digits in the message. Text that no type accepts stays text, which the
 * type rule then refuses.
 */
export function fieldValue(text: string, types: ReadonlySet<ValueType>): string | number | boolean {
  if ((types.has("number") || types.has("integer")) && isJsonNumber(text)) {
    const value = Number(text);
    if (types.has("number") || Number.isInteger(value) || !types.has("string")) return value;
  }
  if (types.has("boolean") && (text === "true" || text === "false")) return text === "true";
  return text;
}

/** `-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?`, in one pass over the text. */
export function isJsonNumber(text: string): boolean {
  let at = text.charCodeAt(0) === minus ? 1 : 0;
  if (text.charCodeAt(at) === zero) at += 1;
  else {
    const after = skipDigits(text, at);
    if (after === at) return false;
    at = after;
  }
  if (text.charCodeAt(at) === dot) {
    const after = skipDigits(text, at + 1);
    if (after === at + 1) return false;
    at = after;
  }
  if ((text.charCodeAt(at) | 0x20) === lowerE) {
    at += 1;
    if (text.charCodeAt(at) === plus || text.charCodeAt(at) === minus) at += 1;
    const after = skipDigits(text, at);
    if (after === at) return false;
    at = after;
  }
  return at === text.length;
}

function skipDigits(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) >= zero && text.charCodeAt(at) <= nine) at += 1;
  return at;
}

const plus = 0x2b;
const minus = 0x2d;
const dot = 0x2e;
const zero = 0x30;
const nine = 0x39;
const lowerE = 0x65;
