import { expect, test } from "vitest";
import { dialectWords, limitWords } from "../../../workers/report/factWords.ts";

test("characters that have a name are named, others are shown", () => {
  expect(dialectWords({ delimiter: "\t", quote: "'", lineEnd: "cr" })).toBe(
    "Separated by tabs, quoted with single quotes ('), lines end with CR",
  );
  expect(dialectWords({ delimiter: "~", quote: "`", lineEnd: "lf" })).toContain("Separated by “~”, quoted with “`”");
});

test("a name that objects are born with is not the name of a character", () => {
  expect(dialectWords({ delimiter: "constructor", quote: '"', lineEnd: "lf" })).toContain("Separated by “constructor”");
});

test.each([
  ["0", "None"],
  ["1", "At most 1 record"],
  ["1000", "At most 1,000 records"],
  ["5%", "At most 5% of the records"],
])("a limit of %s is told as %s", (maxInvalid, words) => {
  expect(limitWords(maxInvalid)).toBe(words);
});
