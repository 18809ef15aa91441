import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compilePattern } from "../../../../workers/checks/pattern/compilePattern.ts";
import { PatternRefused } from "../../../../workers/checks/pattern/patternRefused.ts";
import { accepts } from "../byteChecks.ts";

describe("compilePattern", () => {
  test("agrees with the engine's own expressions, on text and on bytes", () => {
    let matches = 0;
    let automata = 0;
    fc.assert(
      fc.property(pattern, fc.array(text, { minLength: 1, maxLength: 12 }), (source, texts) => {
        const native = nativeMatcher(source);
        const linear = compilePattern(source);
        const automaton = linear.automaton();
        if (automaton !== undefined) automata += 1;
        for (const one of texts) {
          const expected = native(one);
          if (expected) matches += 1;
          expect(linear.test(one), `${source} on ${JSON.stringify(one)}`).toBe(expected);
          if (automaton === undefined) continue;
          const bytes = Buffer.from(one);
          const found = accepts({ kind: "pattern", automaton }, bytes, 0, bytes.length);
          expect(found, `bytes: ${source} on ${JSON.stringify(one)}`).toBe(expected);
        }
      }),
      { numRuns: 600 },
    );
    expect(matches).toBeGreaterThan(300);
    expect(automata).toBeGreaterThan(300);
  });

  test("finds no place between the halves of a surrogate pair", () => {
    expect(compilePattern("\\B").test("a😀a")).toBe(false);
  });

  test.each([
    "^[A-Z]{3}$",
    "^\\d{4}-\\d{2}-\\d{2}$",
    "^(?:\\+|00)[1-9]\\d{6,14}$",
    "^\\p{Lu}[\\p{L}' -]*$",
    "^[^\\s@]+@[^\\s@]+\\.[^\\s@]+$",
    "(?<year>\\d{4})",
    "^\\S(?:.*\\S)?$",
    "^[\\u{1F600}-\\u{1F64F}]+$",
    "",
    "^$",
    "$^",
    "a$b",
    "^|a",
  ])("reads %s as the engine does", (source) => {
    const native = new RegExp(source, "u");
    const linear = compilePattern(source);
    const automaton = linear.automaton();
    for (const one of samples) {
      expect(linear.test(one), one).toBe(native.test(one));
      if (automaton === undefined) throw new Error("no automaton");
      const bytes = Buffer.from(one);
      expect(accepts({ kind: "pattern", automaton }, bytes, 0, bytes.length), one).toBe(native.test(one));
    }
  });

  test.each(["(a+)+$", "(a|aa)+$", "^(([a-z])+.)+[A-Z]([a-z])+$", "(.*a){20}$", "^(\\w+\\s?)*$", "(a?){50}a{50}$"])(
    "reads a hundred thousand characters with %s, which make backtracking take for ever",
    (source) => {
      const linear = compilePattern(source);
      expect(linear.test(`${"a".repeat(100_000)}!`)).toBe(false);
    },
  );

  test("forgets states that take too much memory, and still gives the right answer", () => {
    // A state has to remember which of the last 16 characters were an a: 65,536 states.
    const linear = compilePattern("a[ab]{15}c");
    let seed = 1;
    const random = Array.from({ length: 100_000 }, () => {
      seed = (seed * 48_271) % 0x7fffffff;
      return seed % 2 === 0 ? "a" : "b";
    }).join("");
    expect(linear.test(`${random}a${"b".repeat(15)}`)).toBe(false);
    expect(linear.test(`${random}a${"b".repeat(15)}c`)).toBe(true);
    expect(linear.automaton()).toBeUndefined();
  });

  test("gives no automaton for a pattern that looks at word boundaries", () => {
    expect(compilePattern("\\bno\\b").automaton()).toBeUndefined();
    expect(compilePattern("\\bno\\b").test("yes, no!")).toBe(true);
    expect(compilePattern("\\bno\\b").test("know")).toBe(false);
  });

  test("the automaton is as small as it can be", () => {
    // The dead state, one per position and one that has matched.
    expect(compilePattern("^[A-Z]{3}$").automaton()?.states).toBe(5);
    expect(compilePattern("^abc").automaton()?.states).toBe(5);
  });

  test.each([
    ["^(?=a)b", "the lookahead (?=a) at character 2 cannot be used"],
    ["(?<!a)b", "the lookbehind (?<!a) at character 1 cannot be used"],
    ["(a)\\1", "the back-reference \\1 at character 4 cannot be used"],
    ["x(", "unterminated group at character 3"],
    ["\\i", "invalid escape at character 2"],
    ["a{2,1}", "numbers out of order in {} quantifier"],
    ["(?i:a)", "invalid group at character"],
    ["a{10001}", "more than 10000 parts"],
    ["((a{100}){100}){100}", "more than 10000 parts"],
    ["(((){1000}){1000}){1000}", "more than 10000 parts"],
  ])("refuses %s and says where and why", (source, message) => {
    expect(() => compilePattern(source)).toThrow(PatternRefused);
    expect(() => compilePattern(source)).toThrow(message);
  });

  test("refuses patterns that are too long or too deep to be read", () => {
    expect(() => compilePattern("(".repeat(600))).toThrow("600 opening parentheses");
    expect(() => compilePattern("a".repeat(10_001))).toThrow("10001 characters");
  });
});

/**
 * Whether the engine's own expression matches anywhere. Each place is asked for by itself: V8, asked for the whole text, also
 * looks between the two halves of a surrogate pair, where the standard has no place, and finds its \B there.
 */
function nativeMatcher(source: string): (text: string) => boolean {
  const native = new RegExp(source, "uy");
  return (text) => {
    for (let at = 0; at <= text.length; at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1) {
      native.lastIndex = at;
      if (native.test(text)) return true;
    }
    return false;
  };
}

const samples = [
  ..."aZ09 é😀\n-",
  "",
  "ABC",
  "ABCD",
  "xABC",
  "ABC\n",
  "2026-01-31",
  "2026-01-311",
  "+4912345678",
  "Émile O'Neill",
  "émile",
  "a@b.c",
  "a@b",
  "😀🙏",
  "year 2026",
  " x",
  "x y",
  "ab",
  "ß\u2028",
];

const characters = [
  "a",
  "b",
  "c",
  "Z",
  "0",
  "_",
  "-",
  " ",
  "\n",
  "é",
  "€",
  "😀",
  "\u2028",
  "\u00a0",
  "\u07ff",
  "\uffff",
];

const text = fc.array(fc.constantFrom(...characters), { maxLength: 8 }).map((parts) => parts.join(""));

const classMember = fc.oneof(
  fc.constantFrom("a", "b", "Z", "0", "_", "\\-", " ", "é", "€", "😀", "\\n"),
  fc.constantFrom("a-c", "0-9", "é-€", "\\u{80}-\\u{7ff}", "€-\\u{1F600}", "\\d", "\\W", "\\s", "\\p{L}", "\\P{Lu}"),
);

const { pattern } = fc.letrec<{ pattern: string; part: string; atom: string }>((tie) => ({
  pattern: fc.array(tie("part"), { minLength: 0, maxLength: 4 }).map((parts) => parts.join("")),
  part: fc.oneof(
    { weight: 5, arbitrary: tie("atom") },
    {
      weight: 3,
      arbitrary: fc
        .tuple(
          tie("atom"),
          fc.constantFrom("*", "+", "?", "{2}", "{0}", "{1,3}", "{2,}", "{0,2}"),
          fc.constantFrom("", "?"),
        )
        .map((parts) => parts.join("")),
    },
    { weight: 1, arbitrary: fc.constantFrom("^", "$", "\\b", "\\B") },
  ),
  atom: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    {
      weight: 4,
      arbitrary: fc.constantFrom("a", "b", "c", "Z", "0", "é", "😀", ".", "\\d", "\\w", "\\S", "\\p{L}", "\\P{L}"),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.constantFrom("", "^"), fc.array(classMember, { maxLength: 3 }))
        .map(([negation, members]) => `[${negation}${members.join("")}]`),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.constantFrom("(?:", "("), fc.array(tie("pattern"), { minLength: 1, maxLength: 3 }))
        .map(([opening, alternatives]) => `${opening}${alternatives.join("|")})`),
    },
  ),
}));
