import fc from "fast-check";
import { expect, test } from "vitest";
import { plainText, visibleJson, visibleSegments } from "../../../workers/report/visibleText.ts";
import { hostileText } from "./hostileText.ts";

/** "a[LF]b" */
const drawn = (text: string) =>
  visibleSegments(text)
    .map((segment) => ("text" in segment ? segment.text : `[${segment.mark}]`))
    .join("");

test.each([
  ["", ""],
  ["a b", "a b"],
  [" a ", "[·]a[·]"],
  ["a   b", "a[···]b"],
  ["  ", "[··]"],
  [" ", "[·]"],
  ["a\r\nb", "a[CR][LF]b"],
  ["\t\0\u007f\u0080", "[TAB][NUL][DEL][U+0080]"],
  ["NL\u00a0", "NL[NBSP]"],
  ["abc\u202edef", "abc[RLO]def"],
  ["\ud800a\udc00", "[U+D800]a[U+DC00]"],
  ["\u{e0041}", "[U+E0041]"],
  ["\ufeffid", "[BOM]id"],
  ["😀 é 中 شكر", "😀 é 中 شكر"],
])("%j is drawn as %j", (text, expected) => {
  expect(drawn(text)).toBe(expected);
});

// Asked of the Unicode tables of this Node, which the code does not use.
const unseen = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}]/u;

test("nothing that cannot be seen is left, but for the variation of a character before it", () => {
  const selectors = /[\ufe00-\ufe0f]/g;
  for (let code = 0; code <= 0x10ffff; code += 1) {
    const text = `a${String.fromCodePoint(code)}b`;
    if (unseen.test(drawn(text).replace(selectors, ""))) expect.fail(`U+${code.toString(16)} is not drawn`);
  }
});

test("what is not drawn as a mark is the text itself", () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      const kept = visibleSegments(text).map((segment) => ("text" in segment ? segment.text : ""));
      const marked = visibleSegments(text).filter((segment) => "mark" in segment);
      expect(kept.join("").length).toBeLessThanOrEqual(text.length);
      if (marked.length === 0) expect(kept.join("")).toBe(text);
      expect(plainText(text)).not.toMatch(unseen);
    }),
  );
});

test("JSON text stays the same JSON", () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      const json = visibleJson(JSON.stringify({ [text]: text }, null, 2));
      expect(JSON.parse(json)).toEqual({ [text]: text });
      expect(json.replaceAll("\n", "")).not.toMatch(unseen);
    }),
  );
});

test("a million spaces are read once", () => {
  expect(visibleSegments(`a${" ".repeat(1_000_000)}b`)).toHaveLength(3);
});
