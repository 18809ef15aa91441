import { Composer, type Document, Parser, type YAMLError } from "yaml";
import type { TemplateDocument } from "../model/document.ts";
import type { Position, Problem } from "../model/problem.ts";
import { positionsIn } from "../model/text/lines.ts";
import { locatorsFor, type Place } from "../model/text/places.ts";
import { tokenAt } from "../model/text/tokenAt.ts";
import { type YamlMistake, yamlValue } from "./yamlValue.ts";

export { decodeUtf8 } from "../model/text/decodeUtf8.ts";

export interface YamlRead extends Pick<TemplateDocument, "locate" | "locateKey"> {
  /** Plain JSON data; undefined when the text is not valid YAML. */
  readonly value: unknown;
  readonly problems: readonly Problem[];
}

/**
 * Reads a config: one YAML 1.2 document, core schema, of data that JSON can represent. An empty text is an empty object.
 * Numbers become doubles. Never throws. This file loads the package `yaml`: import it only when there is a config.
 */
export function readYamlConfig(text: string, file: string): YamlRead {
  const source = text.startsWith("\ufeff") ? text.slice(1) : text; // YAML allows a byte order mark; editors do not count it
  const positionOf = positionsIn(source);
  const problemOf = (mistake: YamlMistake): Problem => {
    const { at, pointer = "", ...facts } = mistake;
    return { ...facts, severity: "error", file, position: positionOf(at), pointer };
  };
  const { value, place, mistakes } = read(source, positionOf);
  return { value, problems: shortened(mistakes).map(problemOf), ...locatorsFor(place, positionOf) };
}

interface ReadTree {
  readonly value: unknown;
  readonly place: Place;
  readonly mistakes: readonly YamlMistake[];
}

// The package needs about 8 microseconds per character of hostile text, so the size bounds the time.
// A config is a few thousand characters long.
const maxLength = 128 * 1024;
const maxProblems = 200;

function read(source: string, positionOf: (offset: number) => Position): ReadTree {
  if (source.length > maxLength) {
    return refused({
      rule: "yaml-size",
      at: 0,
      expected: `a config of at most ${maxLength} characters`,
      found: source.length,
    });
  }
  const tokens = [...new Parser().parse(source)];
  const tooDeep = firstTooDeep(tokens);
  if (tooDeep !== undefined) {
    return refused({
      rule: "yaml-depth",
      at: tooDeep,
      found: maxDepth + 1,
      expected: `at most ${maxDepth} levels of nesting`,
    });
  }
  const [document, second] = new Composer(options).compose(tokens, true, source.length);
  const mistakes = documentMistakes(source, document as Document.Parsed); // compose returns one for any text with these options
  if (second) mistakes.push(secondDocument(second.range[0]));
  if (mistakes.length > 0) return { value: undefined, place: 0, mistakes };
  return yamlValue(document?.contents ?? null, positionOf);
}

const options = {
  version: "1.2",
  schema: "core",
  merge: false,
  strict: true,
  prettyErrors: false,
  resolveKnownTags: false,
  uniqueKeys: false, // it compares them pairwise, which is slow for many keys; yamlValue checks them
} as const;

function refused(mistake: YamlMistake): ReadTree {
  return { value: undefined, place: 0, mistakes: [mistake] };
}

function secondDocument(at: number): YamlMistake {
  const hint = "a config is one document; remove the line --- and everything below it";
  return { rule: "yaml-multiple-documents", at, found: "---", expected: "the end of the file", hint };
}

function shortened(mistakes: readonly YamlMistake[]): readonly YamlMistake[] {
  const next = mistakes[maxProblems];
  if (next === undefined) return mistakes;
  const expected = `at most ${maxProblems} problems; the rest is not shown`;
  const hint = "fix these first and try again";
  const last = { rule: "yaml-too-many-problems", at: next.at, found: mistakes.length, expected, hint };
  return [...mistakes.slice(0, maxProblems), last];
}

// Far more than any config needs. The package composes recursively, and a stack overflow in it can end the process.
const maxDepth = 100;

interface Token {
  readonly offset?: number;
  readonly value?: unknown;
  readonly items?: readonly Token[];
  readonly key?: unknown;
}

/** The position where the tokens first exceed the maximum depth. Walks level by level, without recursion. */
function firstTooDeep(tokens: readonly object[]): number | undefined {
  let level: readonly Token[] = tokens;
  // Below the document, collections and their entries alternate: the collection of level n is 2n - 1 steps down.
  for (let steps = 0; level.length > 0; steps += 1) {
    const tooDeep = steps < 2 * maxDepth ? undefined : level.find(({ items }) => items !== undefined);
    if (tooDeep !== undefined) return tooDeep.offset ?? 0;
    level = level.flatMap(({ value, items = [], key }) => [...items, ...[key, value].filter(isToken)]);
  }
  return undefined;
}

function isToken(value: unknown): value is Token {
  return typeof value === "object" && value !== null;
}

function documentMistakes(source: string, document: Document.Parsed): YamlMistake[] {
  const mistakes = document.errors.map((error) => syntaxMistake(source, error));
  for (const { code, pos } of document.warnings) {
    if (code !== "TAG_RESOLVE_FAILED") continue;
    const found = source.slice(...pos);
    mistakes.push({ rule: "yaml-tag", at: pos[0], found, expected: "no tag", hint: `remove ${found}` });
  }
  const { yaml } = document.directives;
  if (yaml.explicit === true && yaml.version !== "1.2") {
    const hint = "remove the %YAML line; the config is read as YAML 1.2";
    mistakes.push({
      rule: "yaml-version",
      at: 0,
      found: `%YAML ${yaml.version}`,
      expected: "%YAML 1.2, or no %YAML line",
      hint,
    });
  }
  return mistakes;
}

function syntaxMistake(source: string, { code, message, pos: [at] }: YAMLError): YamlMistake {
  const found = tokenAt(source, at);
  const { expected, hint } = advice[code] ?? { expected: "YAML 1.2" };
  const said = message.replace(/\.?$/, "");
  return {
    rule: "yaml-syntax",
    at: Math.min(at, source.length),
    ...(found !== undefined && { found }),
    expected,
    hint: hint ?? `the parser says: ${said}`,
  };
}

interface Advice {
  readonly expected: string;
  readonly hint?: string;
}

const advice: Partial<Record<YAMLError["code"], Advice>> = {
  BAD_DQ_ESCAPE: {
    expected: "an escape sequence of YAML",
    hint: String.raw`write \\ for a backslash, or use single quotes`,
  },
  BAD_INDENT: { expected: "indentation that matches the lines above, or the closing bracket of the collection" },
  BAD_SCALAR_START: { expected: "text that starts with another character", hint: "put the text in quotes" },
  BLOCK_AS_IMPLICIT_KEY: { expected: "one key in a line", hint: "put text that contains a colon in quotes" },
  MISSING_CHAR: { expected: "the character that is missing here" },
  MULTILINE_IMPLICIT_KEY: {
    expected: "a key and a colon in the same line",
    hint: "write key: value; is a colon missing?",
  },
  TAB_AS_INDENT: { expected: "spaces as indentation", hint: "replace the tab with two spaces" },
};
