import type { Reading } from "./reading.ts";

/** Reads a number, `true`, `false` or `null`; reports and repairs what was meant as one. Undefined without a word here. */
export function readBare(reading: Reading): { readonly value: unknown } | undefined {
  const at = reading.at;
  const word = reading.take(words);
  if (word === "") return undefined;
  const exact = keywords.get(word);
  if (exact !== undefined) return { value: exact.value };
  if (strictNumber.test(word)) return readNumber(reading, at, word);
  const { value, expected, hint } = repair(word);
  reading.report(at, { rule: "json-syntax", found: word.slice(0, 80), expected, hint });
  return { value };
}

const words = /[\w+-][\w.+-]*|\.[\w.+-]+/y;
const strictNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const keywords = new Map([
  ["true", { value: true }],
  ["false", { value: false }],
  ["null", { value: null }],
]);

/** As a double, like every number of JavaScript: of a number with more than 15 digits the last ones may be lost. */
function readNumber(reading: Reading, at: number, word: string): { readonly value: number } {
  const value = Number(word);
  if (Number.isFinite(value)) return { value };
  reading.report(at, { rule: "json-syntax", found: word.slice(0, 80), expected: "a number of at most 1.79e308" });
  return { value: Math.sign(value) * Number.MAX_VALUE };
}

interface Repaired {
  readonly value: unknown;
  readonly expected: string;
  readonly hint: string;
}

function repair(word: string): Repaired {
  const keyword = word.toLowerCase();
  const meant = keywords.get(keyword);
  if (meant !== undefined) return { value: meant.value, expected: keyword, hint: "JSON keywords are lower-case" };
  if (["none", "nil", "undefined"].includes(keyword)) return { value: null, expected: "null", hint: "write null" };
  const number = Number(word);
  if (/^[-+.]?\d/.test(word) && Number.isFinite(number)) {
    return { value: number, expected: "a number as JSON writes it", hint: `write ${number}` };
  }
  const hint = /^[-+]?(?:nan|infinity|inf)$/.test(keyword)
    ? "JSON has no such number"
    : `put text in quotes: "${word.slice(0, 80)}"`;
  return { value: word, expected: "a value", hint };
}
