import { setKey } from "../../model/json.ts";
import type { MemberPlace, Place } from "../../model/text/places.ts";
import { tokenAt } from "../../model/text/tokenAt.ts";
import { readBare } from "./readBare.ts";
import { type Reading, Stop } from "./reading.ts";
import { readString } from "./readString.ts";
import { skipSpace } from "./skipSpace.ts";
import { takePlaceholder } from "./template.ts";
import { usePlaceholder } from "./usePlaceholder.ts";

export interface ValueRead {
  readonly value: unknown;
  readonly place: Place;
}

/** Reads the one value of a document and makes sure that nothing follows it. */
export function readRoot(reading: Reading): ValueRead {
  skipSpace(reading);
  const root = readValue(reading, "a JSON value");
  skipSpace(reading);
  const extra = tokenAt(reading.text, reading.at);
  if (extra !== undefined) syntax(reading, "the end of the file", "a file contains one JSON value");
  return root;
}

/** Reads the value under the cursor. Recursion is safe, because `Reading.enter` limits the depth. */
function readValue(reading: Reading, expected: string): ValueRead {
  const at = reading.at;
  const next = reading.text.charAt(at);
  if (next === "{") return readObject(reading);
  if (next === "[") return readList(reading);
  if (next === '"' || next === "'") {
    if (next === "'") syntax(reading, "double quotes around a string", "replace each ' with \"");
    const { text, instead } = readString(reading, "value");
    return { value: instead ? structuredClone(instead.sample) : text, place: at };
  }
  if (next === "$" && reading.text.charAt(at + 1) === "{") return { value: readBarePlaceholder(reading), place: at };
  const bare = readBare(reading);
  if (bare !== undefined) return { value: bare.value, place: at };
  syntax(reading, expected, hintForStray(reading));
  throw new Stop();
}

/** The sample of the placeholder; null when it is not known, and the caller finds it in `placeholders`. */
function readBarePlaceholder(reading: Reading): unknown {
  const at = reading.at;
  const use = takePlaceholder(reading);
  if (use === undefined) return null;
  const row = usePlaceholder(reading, { ...use, at, end: reading.at, place: "bare" });
  // A copy, so that changing a document does not change the table.
  return row === undefined ? null : structuredClone(row.sample);
}

function readList(reading: Reading): ValueRead {
  const at = reading.at;
  const value: unknown[] = [];
  const items: Place[] = [];
  reading.enter();
  reading.at += 1;
  for (let more = starts(reading, "]"); more; more = continues(reading, at, "]")) {
    reading.select(items.length);
    const item = readValue(reading, "a value or ]");
    reading.select(undefined);
    value.push(item.value);
    items.push(item.place);
  }
  reading.leave();
  return { value, place: { at, items } };
}

function readObject(reading: Reading): ValueRead {
  const at = reading.at;
  const value: Record<string, unknown> = {};
  const members = new Map<string, MemberPlace>();
  reading.enter();
  reading.at += 1;
  for (let more = starts(reading, "}"); more; more = continues(reading, at, "}")) {
    const keyAt = reading.at;
    const key = readKey(reading);
    reading.select(key);
    reportDuplicate(reading, keyAt, key, members.get(key));
    readColon(reading);
    const member = readValue(reading, "a value");
    reading.select(undefined);
    if (key === "__proto__") setKey(value, key, member.value);
    else value[key] = member.value;
    members.set(key, { keyAt, value: member.place });
  }
  reading.leave();
  return { value, place: { at, members } };
}

function reportDuplicate(reading: Reading, at: number, key: string, earlier: MemberPlace | undefined): void {
  if (earlier === undefined) return;
  const { line, column } = reading.positionOf(earlier.keyAt);
  const hint = `it is first defined at line ${line}, column ${column}; Terraform would use the last one`;
  reading.report(at, { rule: "json-duplicate-key", found: key, expected: "each key once", hint });
}

function readKey(reading: Reading): string {
  const next = reading.text.charAt(reading.at);
  if (next === '"') return readString(reading, "key").text;
  if (next === "'") {
    syntax(reading, "double quotes around a key", "replace each ' with \"");
    return readString(reading, "key").text;
  }
  const word = wordAt(reading);
  if (word === "") {
    syntax(
      reading,
      "a key in double quotes or }",
      next === "$" ? "a placeholder in a key needs quotes" : hintForStray(reading),
    );
    throw new Stop();
  }
  syntax(reading, "double quotes around a key", `write "${word}"`);
  reading.at += word.length;
  return word;
}

function wordAt(reading: Reading): string {
  const token = tokenAt(reading.text, reading.at) ?? "";
  return /^\w[\w.+-]*$/.test(token) ? token : "";
}

function readColon(reading: Reading): void {
  skipSpace(reading);
  const next = reading.text.charAt(reading.at);
  if (next !== ":") {
    syntax(reading, "a colon after the key", next === "=" ? "JSON has : between key and value" : undefined);
    if (!/["'\w[{=]/.test(next)) throw new Stop();
  }
  if (next === ":" || next === "=") reading.at += 1;
  skipSpace(reading);
}

/** Whether a first entry follows the bracket that was just read; moves behind the closing one otherwise. */
function starts(reading: Reading, close: "]" | "}"): boolean {
  skipSpace(reading);
  if (reading.text.charAt(reading.at) === ",") {
    syntax(reading, close === "]" ? "a value or ]" : "a key in double quotes or }", "remove the comma");
    skipCommas(reading);
  }
  return !accepts(reading, close);
}

/** Whether another entry follows the one that was just read. Repairs a missing comma, or one too many. */
function continues(reading: Reading, open: number, close: "]" | "}"): boolean {
  skipSpace(reading);
  if (accepts(reading, close)) return false;
  const comma = reading.at;
  if (accepts(reading, ",")) {
    skipSpace(reading);
    if (reading.text.charAt(reading.at) === ",") {
      syntax(reading, close === "]" ? "a value" : "a key in double quotes", "remove one of the commas");
      skipCommas(reading);
    } else if (reading.text.charAt(reading.at) === close) {
      syntax(reading, `no comma before ${close}`, "remove the comma", comma);
    }
    return !accepts(reading, close);
  }
  const next = reading.text.charAt(reading.at);
  const entryFollows = close === "]" ? /["{[\w$-]/.test(next) : /["]/.test(next);
  const { line, column } = reading.positionOf(open);
  const opened = `the open ${close === "]" ? "[" : "{"} is at line ${line}, column ${column}`;
  syntax(reading, `a comma or ${close}`, entryFollows ? "add a comma before it" : opened);
  if (!entryFollows) throw new Stop();
  return true;
}

function skipCommas(reading: Reading): void {
  while (accepts(reading, ",")) skipSpace(reading);
}

function accepts(reading: Reading, character: string): boolean {
  if (reading.text.charAt(reading.at) !== character) return false;
  reading.at += 1;
  return true;
}

function hintForStray(reading: Reading): string | undefined {
  const rest = reading.text.slice(reading.at, reading.at + 3);
  if (/^[“”„«»‘’]/.test(rest)) return 'replace typographic quotes with "';
  if (/^[$%]{2,}/.test(rest)) return "a literal ${ or %{ is only possible inside quotes";
  if (/^[\s\ufeff\u200b]/.test(rest)) return "JSON allows only space, tab and line break between its parts";
  return undefined;
}

/** Reports what is under the cursor, or at an offset. */
function syntax(reading: Reading, expected: string, hint: string | undefined, at = reading.at): void {
  const found = tokenAt(reading.text, at);
  reading.report(at, { rule: "json-syntax", ...(found !== undefined && { found }), expected, ...(hint && { hint }) });
}
