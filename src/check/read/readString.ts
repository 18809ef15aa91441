import type { Placeholder } from "../../model/placeholder.ts";
import { LeafText } from "./leafText.ts";
import type { Reading } from "./reading.ts";
import { literally, reportEvaluated, skipDirective, takePlaceholder } from "./template.ts";
import { usePlaceholder } from "./usePlaceholder.ts";

export interface StringRead {
  readonly text: string;
  /** A list, map or number that is alone in the quotes, which is reported: the value that should have no quotes. */
  readonly instead?: Placeholder;
}

/** Reads a string, its escapes and its templates, from the opening quote under the cursor to behind the closing one. */
export function readString(reading: Reading, role: "key" | "value"): StringRead {
  const open = reading.at;
  const first = role === "value" ? open + 1 : undefined;
  const quote = reading.text.charAt(open);
  const leaf = new LeafText(reading.evaluations === 2);
  let instead: Placeholder | undefined;
  reading.at += 1;
  for (;;) {
    leaf.plain(reading.take(plainText));
    const next = reading.text.charAt(reading.at);
    if (next === quote) break;
    if (next === "$" || next === "%") instead = readSigns(reading, leaf, first) ?? instead;
    else if (next === "\\") readEscape(reading, leaf);
    else readOther(reading, leaf, open, next);
  }
  reading.at += 1;
  const text = leaf.end();
  for (const at of leaf.evaluated) reportEvaluated(reading, at);
  return instead ? { text, instead } : { text };
}

// Neither a quote, an escape, part of a template, a control character nor half of a surrogate pair.
const plainText = /[^"'\\$%{\p{Cc}\p{Cs}]*/uy;
const signs = /\$+|%+/y;

/** A run of `$` or `%`: before a brace a single one starts a template, and more are an escaped one; else it is text. */
function readSigns(reading: Reading, leaf: LeafText, first: number | undefined): Placeholder | undefined {
  const at = reading.at;
  const run = reading.take(signs);
  const sign = run.charAt(0);
  if (reading.text.charAt(reading.at) !== "{") {
    leaf.signs(sign, run.length, at);
    return undefined;
  }
  if (run.length > 1) {
    leaf.signs(sign, run.length - 1, at);
    return undefined; // the brace itself is read next
  }
  reading.at = at;
  if (sign === "$") return readPlaceholder(reading, leaf, first);
  skipDirective(reading);
  return undefined;
}

function readPlaceholder(reading: Reading, leaf: LeafText, first: number | undefined): Placeholder | undefined {
  const at = reading.at;
  const use = takePlaceholder(reading);
  if (use === undefined) return undefined;
  const alone = at === first && reading.text.charAt(reading.at) === reading.text.charAt(at - 1);
  const row = usePlaceholder(reading, { ...use, at, end: reading.at, place: "in-string", alone });
  const sample = row === undefined ? use.name : row.sample;
  leaf.plain(typeof sample === "string" ? sample : JSON.stringify(sample));
  return alone && row !== undefined && row.kind !== "string" ? row : undefined;
}

function readEscape(reading: Reading, leaf: LeafText): void {
  const at = reading.at;
  const taken = reading.take(escapes);
  if (taken === "") {
    const found = reading.text.slice(at, at + (reading.text.charAt(at + 1) === "u" ? 6 : 2));
    const expected = String.raw`one of \" \\ \/ \b \f \n \r \t or \u and four hexadecimal digits`;
    const hint = /^\\[$%]/.test(found) ? literally(reading, found.charAt(1)) : String.raw`write \\ for a backslash`;
    reading.report(at, { rule: "json-syntax", found, expected, hint });
    reading.at += 1;
    return;
  }
  if (/^\\u[dD][89a-fA-F]..$/.test(taken)) reportLoneSurrogate(reading, at, taken);
  const text = JSON.parse(`"${taken}"`) as string; // the pattern allows JSON escapes only
  if (text === "$" || text === "%") leaf.signs(text, 1, at);
  else if (text === "{") leaf.brace();
  else leaf.plain(text);
}

// Both halves of a pair are one escape, so that any other is a lone one.
const escapes = /\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

function readOther(reading: Reading, leaf: LeafText, open: number, next: string): void {
  const at = reading.at;
  if (next === "" || next === "\n" || next === "\r") {
    const rest = next === "" ? {} : { found: next };
    const hint = String.raw`the string starts at ${where(reading, open)}; a line break within it is written \n`;
    reading.stop(at, {
      rule: "json-syntax",
      ...rest,
      expected: `a ${reading.text.charAt(open)} that ends the string`,
      hint,
    });
  }
  if (next < " ") {
    const hint = next === "\t" ? String.raw`write \t` : `write ${JSON.stringify(next).slice(1, -1)}`;
    reading.report(at, { rule: "json-syntax", found: next, expected: "no control character within a string", hint });
  } else if (isSurrogate(next)) {
    reportLoneSurrogate(reading, at, next);
  }
  reading.at += 1;
  if (next === "{") leaf.brace();
  else leaf.plain(next);
}

function isSurrogate(character: string): boolean {
  return character >= "\ud800" && character <= "\udfff";
}

function reportLoneSurrogate(reading: Reading, at: number, found: string): void {
  const hint = "write the character itself, or both halves";
  reading.report(at, { rule: "json-syntax", found, expected: "a whole character, not half of a surrogate pair", hint });
}

function where(reading: Reading, offset: number): string {
  const { line, column } = reading.positionOf(offset);
  return `line ${line}, column ${column}`;
}
