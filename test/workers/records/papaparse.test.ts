import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import type { ParseConfig, ParseError } from "papaparse";
import { describe, expect, test } from "vitest";
import { detectEncoding } from "../../../workers/decode/decode.ts";
import type { Dialect } from "../../../workers/model/dialect.ts";
import { sniffDialect } from "../../../workers/records/sniffDialect.ts";
import { allSplits, type ParsedRecord, parsePieces } from "./parse.ts";

/** A test case that papaparse publishes. */
interface Case {
  readonly description: string;
  readonly input: string;
  readonly config?: ParseConfig & { readonly skipFirstNLines?: number };
  readonly expected: {
    readonly data: readonly (readonly unknown[] | Readonly<Record<string, unknown>>)[];
    readonly errors: readonly ParseError[];
  };
}

interface CaseOfSuite extends Case {
  readonly suite: "core" | "parse";
}

/** What papaparse can do and this parser leaves to others, or to nobody. */
const absent: readonly { readonly why: string; readonly has: (one: Case) => boolean }[] = [
  {
    why: "there are no comments in CSV",
    has: ({ config }) => typeof config?.comments === "string" || Number(config?.comments) === 1,
  },
  {
    why: "values stay the bytes that they are",
    has: ({ config }) => Boolean(config?.dynamicTyping || config?.transform),
  },
  { why: "names of columns stay as they are", has: ({ config }) => config?.transformHeader !== undefined },
  { why: "no line is left out by its number", has: ({ config }) => Number(config?.skipFirstNLines) > 0 },
  { why: "a line of delimiters alone is a record", has: ({ config }) => config?.skipEmptyLines === "greedy" },
  {
    why: "a delimiter is one ASCII character that ends no line",
    has: ({ config }) => config?.delimiter !== undefined && !/^[^\n\r]$/.test(String(config.delimiter)),
  },
];

/** By the beginning of its description, with the reason why a single case is different here. */
const different: Readonly<Record<string, string>> = {
  "Custom escape character in the middle": "a quote is doubled to stand for itself, and has no other escape",
  "Custom escape character at the end": "a quote is doubled to stand for itself, and has no other escape",
  "Simple duplicated header names": "a name that is there twice refuses the file; nothing is renamed",
  "Duplicated header names existing column": "a name that is there twice refuses the file; nothing is renamed",
  "Duplicate header names with __proto__ field": "a name that is there twice refuses the file; nothing is renamed",
};

/** Input that breaks the rules of quoting, which papaparse mends by guessing: it is reported here, with the same rule. */
const malformed: Readonly<Record<string, string>> = {
  "Quoted field has no closing quote": "unclosed-quote",
  "Quoted field has invalid trailing quote after delimiter with a valid closer": "text-after-quote",
  "Quoted field has invalid trailing quote after delimiter": "text-after-quote",
  "Quoted field has invalid trailing quote before delimiter": "text-after-quote",
  "Quoted field has invalid trailing quote after new line": "text-after-quote",
  "Quoted fields with spaces between closing quote and next delimiter": "text-after-quote",
  "Quoted fields with spaces between closing quote and next new line": "text-after-quote",
  "Quoted fields with spaces after closing quote": "text-after-quote",
  "Quoted fields with spaces between closing quote and next delimiter and contains delimiter": "text-after-quote",
  "Quoted fields with spaces between closing quote and newline and contains newline": "text-after-quote",
};

const { version } = createRequire(import.meta.url)("papaparse/package.json") as { readonly version: string };
const cases = publishedCases();
const isAbsent = (one: Case) => absent.some(({ has }) => has(one));
const compared = cases.filter(
  (one) => !isAbsent(one) && !(one.description in different) && !(one.description in malformed),
);

describe("papaparse's own test cases", () => {
  test.each(compared)("$suite: $description", (one) => {
    for (const records of parsedInAllSplits(one, { strayQuotes: "keep" })) {
      expect(records.filter((record) => record.malformed !== undefined)).toEqual([]);
      expect(rowsAsPapaparse(one, records)).toEqual(expectedRows(one));
    }
  });

  const strays = compared.filter((one) => parsedInAllSplits(one)[0]?.some((record) => record.malformed));
  test("report a stray quote unless stray quotes are kept, and are the same when there is none", () => {
    expect(strays.map(({ description }) => description)).toEqual([
      "Unquoted field with quotes at end of field",
      "Quoted field with whitespace around quotes",
      "Misplaced quotes in data, not as opening quotes",
      "Misplaced quotes in data twice, not as opening quotes",
    ]);
    for (const one of strays) {
      const rules = parsedInAllSplits(one)
        .flat()
        .flatMap(({ malformed: found }) => found?.rule ?? []);
      expect(new Set(rules)).toEqual(new Set(["stray-quote"]));
    }
    for (const one of compared.filter((other) => !strays.includes(other))) {
      for (const records of parsedInAllSplits(one)) expect(rowsAsPapaparse(one, records)).toEqual(expectedRows(one));
    }
  });

  test.each(cases.filter(({ description }) => description in malformed))("malformed: $description", (one) => {
    for (const records of parsedInAllSplits(one, { strayQuotes: "keep" })) {
      const found = records.find((record) => record.malformed !== undefined);
      expect(found?.malformed?.rule).toBe(malformed[one.description]);
      // The lines are all there, in whichever record: nothing was swallowed.
      expect(
        records
          .map(({ text }) => text)
          .join("\n")
          .replaceAll("\r", ""),
      ).toBe(one.input.replaceAll("\r", ""));
    }
  });

  test("are all accounted for: compared, malformed, or left out for a reason that still holds", () => {
    const names = new Set(cases.map(({ description }) => description));
    const listed = [...Object.keys(different), ...Object.keys(malformed)];
    expect(listed.filter((name) => !names.has(name))).toEqual([]);
    // What is left out although it could be compared would be a stale entry.
    const same = cases.filter(
      (one) => (one.description in different || one.description in malformed) && !isAbsent(one) && isTheSame(one),
    );
    expect(same.map(({ description }) => description)).toEqual([]);
    for (const { why, has } of absent) expect(cases.some(has), why).toBe(true);
    const leftOut = cases.filter((one) => isAbsent(one) || one.description in different);
    const asMalformed = cases.length - compared.length - leftOut.length;
    console.log(
      `papaparse ${version}: ${compared.length} of ${cases.length} cases give the same, ` +
        `${asMalformed} are reported as malformed, ${leftOut.length} are about what is not here`,
    );
    expect(compared.length).toBeGreaterThan(100);
  });
});

describe("sniffing a delimiter", () => {
  const guessed = cases.filter(({ description }) => /delimiter is guessed|guessing the delimiter/.test(description));

  test.each(guessed.filter((one) => !isAbsent(one)))("finds what papaparse does: $description", (one) => {
    const { delimiter, lineEnd } = dialectOf(one);
    const width = expectedRows(one)[0]?.length ?? 0;
    expect(one.input.split(delimiter).length).toBeGreaterThanOrEqual(width);
    expect(lineEnd).toBe("lf");
  });

  test.each([",", "\t", "|", ";"])(
    "finds %j in a file of two columns and two lines, with every line end",
    (delimiter) => {
      for (const lineEnd of ["\n", "\r\n", "\r"]) {
        for (const last of ["", lineEnd]) {
          const bytes = Buffer.from(`id${delimiter}name${lineEnd}1${delimiter}x${last}`);
          const found = sniffDialect(bytes, { delimiter: undefined, quote: undefined });
          expect(found).toEqual({ delimiter, quote: '"', lineEnd: lineEnd === "\r" ? "cr" : "lf" });
        }
      }
    },
  );

  test("looks past what stands in quotes, whatever the quote is", () => {
    for (const quote of ['"', "'", "|"]) {
      const bytes = Buffer.from(`a;b\n${quote}1,2,3\t4${quote};x\n${quote}1,2,3${quote};y\n`);
      expect(sniffDialect(bytes, { delimiter: undefined, quote }).delimiter).toBe(";");
    }
  });

  test("does not take blank lines for uneven records", () => {
    const bytes = Buffer.from("a;b\n\n1;2,5\n\n3;4\n\n");
    expect(sniffDialect(bytes, { delimiter: undefined, quote: undefined }).delimiter).toBe(";");
  });

  test("leaves a given one alone, and takes a comma where there is one column", () => {
    const bytes = Buffer.from("a;b\n1;2\n");
    expect(sniffDialect(bytes, { delimiter: "|", quote: undefined }).delimiter).toBe("|");
    expect(sniffDialect(Buffer.from("a\n1\n2\n"), { delimiter: undefined, quote: undefined }).delimiter).toBe(",");
  });
});

/** The arrays of a file of tests that exports nothing: it is run with stand-ins for what the tests are made of. */
function publishedCases(): CaseOfSuite[] {
  const path = createRequire(import.meta.url).resolve("papaparse/tests/test-cases.js");
  const nothing = Object.assign(() => {}, { skip: () => {} });
  const names = "[CORE_PARSER_TESTS, PARSE_TESTS]";
  const stands = {
    chai: { assert: nothing },
    describe: nothing,
    it: nothing,
    document: { getElementById: () => ({ src: "" }) },
  };
  const [core, parse] = runInNewContext(`${readFileSync(path, "utf8")};\n${names}`, stands) as [Case[], Case[]];
  return [
    ...core.map((one) => ({ ...one, suite: "core" as const })),
    ...parse.map((one) => ({ ...one, suite: "parse" as const })),
  ];
}

function dialectOf({ suite, config, input }: CaseOfSuite): Dialect {
  const given = typeof config?.delimiter === "string" ? config.delimiter : suite === "core" ? "," : undefined;
  const bytes = new TextEncoder().encode(input);
  return sniffDialect(bytes, { delimiter: given, quote: config?.quoteChar ?? undefined });
}

function parsedInAllSplits(one: CaseOfSuite, options: Partial<Dialect> = {}): ParsedRecord[][] {
  const bytes = new TextEncoder().encode(one.input);
  const text = bytes.subarray(detectEncoding(bytes).bomBytes);
  const cuts = fc.sample(fc.array(fc.nat({ max: 1000 }), { maxLength: 6 }), { numRuns: 5, seed: bytes.length });
  return [[], ...cuts]
    .flatMap((places) => allSplits(text, places))
    .map((pieces) => parsePieces(pieces, { ...dialectOf(one), ...options }));
}

/** The records with what papaparse's configuration of the case does to them afterwards. */
function rowsAsPapaparse({ config }: Case, records: readonly ParsedRecord[]): string[][] {
  const kept = records.filter(({ text }) => !(config?.skipEmptyLines === true && text === ""));
  const rows = kept.map(({ fields }) => [...fields]).slice(config?.header ? 1 : 0);
  return config?.preview ? rows.slice(0, config.preview) : rows;
}

function expectedRows({ input, config, expected }: Case): unknown[][] {
  const rows = expected.data.map((row) => (Array.isArray(row) ? [...row] : Object.values(row).flat()));
  // papaparse sees one more record behind the last line end; here a line end ends a record and begins none.
  const endsWithLine = /[\r\n]$/.test(input) && !config?.skipEmptyLines && !config?.preview;
  const last = rows.at(-1);
  if (endsWithLine && last?.length === 1 && last[0] === "") rows.pop();
  return rows;
}

function isTheSame(one: CaseOfSuite): boolean {
  const [records = []] = parsedInAllSplits(one, { strayQuotes: "keep" });
  const rows = rowsAsPapaparse(one, records);
  return !records.some((record) => record.malformed) && JSON.stringify(rows) === JSON.stringify(expectedRows(one));
}
