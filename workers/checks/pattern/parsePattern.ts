import { type AST, RegExpParser } from "@eslint-community/regexpp";
import { PatternRefused } from "./patternRefused.ts";

/** Reads an ECMAScript pattern as with the u flag (as JSON Schema recommends). Throws PatternRefused. */
export function parsePattern(source: string): AST.Pattern {
  if (source.length > maxLength) {
    throw new PatternRefused(`the pattern has ${source.length} characters, at most ${maxLength} are allowed`, 0);
  }
  const groups = source.split("(").length - 1;
  if (groups > maxGroups) {
    throw new PatternRefused(`the pattern has ${groups} opening parentheses, at most ${maxGroups} are allowed`, 0);
  }
  try {
    return parser.parsePattern(source, 0, source.length, { unicode: true, unicodeSets: false });
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const at = "index" in error ? Number(error.index) : 0;
    const reason = error.message.replace(/^Invalid regular expression: \/.*\/\w*: /su, "");
    throw new PatternRefused(`${lowerFirst(reason)} at character ${at + 1}`, at);
  }
}

/** 2024: supported by every Node version that we run on, so that the same pattern means the same everywhere. */
const parser = new RegExpParser({ ecmaVersion: 2024 });

const maxLength = 10_000;

/** Nested groups are parsed recursively. */
const maxGroups = 500;

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
