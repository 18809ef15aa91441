import { WorkerFault } from "../model/fault.ts";

/** What is wrong with a schema. */
export interface SchemaProblem {
  /** JSON pointer; "" is the schema as a whole. */
  readonly pointer: string;
  readonly found: unknown;
  /** To follow "expected". */
  readonly expected: string;
}

/** All problems of a schema in one fault. */
export function schemaFault(uri: string, problems: readonly SchemaProblem[]): WorkerFault {
  const listed = problems.slice(0, maxListed).map(sentence);
  const more = problems.length - listed.length;
  const rest = more > 0 ? `; and ${more} more` : "";
  return new WorkerFault("configuration", `the schema ${uri} cannot be used: ${listed.join("; ")}${rest}`, {
    hint: "Correct the schema; it must be a JSON Schema (2020-12 or draft-07) or a Frictionless Table Schema with one property or field per column.",
  });
}

const maxListed = 20;

function sentence({ pointer, found, expected }: SchemaProblem): string {
  return `${pointer === "" ? "the schema as a whole" : pointer}: found ${shown(found)}, expected ${expected}`;
}

/** A value as JSON, truncated: it is foreign data in our message, of any size and depth. */
export function shown(value: unknown, maxCharacters = 80): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(shortened(value, maxCharacters, 3));
  const characters = Array.from(text);
  return characters.length > maxCharacters ? `${characters.slice(0, maxCharacters).join("")}…` : text;
}

function shortened(value: unknown, maxCharacters: number, maxDepth: number): unknown {
  if (typeof value === "string") return value.slice(0, 2 * maxCharacters);
  if (typeof value !== "object" || value === null) return value;
  if (maxDepth === 0) return "…";
  if (Array.isArray(value)) return value.slice(0, 10).map((item) => shortened(item, maxCharacters, maxDepth - 1));
  const members = Object.entries(value).slice(0, 10);
  return Object.fromEntries(members.map(([key, item]) => [key, shortened(item, maxCharacters, maxDepth - 1)]));
}
