import type { Problem } from "../model/problem.ts";
import { excerpt, printable } from "./printable.ts";

/** The sentence about a problem in every format. It is safe to print. */
export function sentence(problem: Problem): string {
  return `${observation(problem)}; expected ${printable(problem.expected)}`;
}

/** A value as JSON, on one line, safe to print, and cut off when it is long. */
export function shown(value: unknown): string {
  if (typeof value === "string") {
    const quoted = JSON.stringify(cutEarly(value)).slice(1, -1);
    return `"${excerpt(quoted, foundLimit)}"`;
  }
  return excerpt(asJson(value), foundLimit);
}

const foundLimit = 60;
const pointerLimit = 200;

function observation(problem: Problem): string {
  const { rule, found, pointer } = problem;
  // A syntax error: there may be no value for a pointer.
  if (/^(?:json|yaml|text)-/.test(rule)) return found === undefined ? "the text ends here" : `found ${shown(found)}`;
  // About a file on disk: `found` is a phrase of ours.
  if (/^(?:write|drift)\/|^document-kind$/.test(rule) && typeof found === "string")
    return `the file is ${printable(excerpt(found, pointerLimit))}`;
  const whole = /\.(?:sh|hcl)$/.test(problem.file) ? "the line" : "the document";
  const subject = pointer === "" ? whole : excerpt(pointer, pointerLimit);
  if (rule === "schema/additionalProperties") return `${subject} is not a key here`;
  return found === undefined ? `${subject} is missing` : `${subject} is ${shown(found)}`;
}

/** Long text is cut before it is quoted, so that a huge value costs no time. */
function cutEarly(text: string): string {
  return text.slice(0, 2 * foundLimit);
}

function asJson(value: unknown): string {
  if (typeof value === "number") return String(value); // JSON turns NaN and Infinity into null
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return String(value); // a BigInt, or an object that contains itself
  }
}
