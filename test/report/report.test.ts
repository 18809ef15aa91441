import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Problem } from "../../src/model/problem.ts";
import { problemFormats } from "../../src/report/formats.ts";
import { problemsAsJson } from "../../src/report/json.ts";
import { formatProblems } from "../../src/report/report.ts";
import type { RuleHelp } from "../../src/report/sarif.ts";
import { sentence, shown } from "../../src/report/sentence.ts";
import { sarifSchema } from "./sarifSchema.ts";

const range: Problem = {
  rule: "vcpu-range",
  severity: "error",
  file: "batch-json/compute-environment.json",
  position: { line: 14, column: 13 },
  pointer: "/compute_resources/max_vcpus",
  found: 12,
  expected: "an integer of at least min_vcpus (16)",
  hint: "raise max_vcpus or lower min_vcpus",
};
const missing: Problem = {
  rule: "schema/required",
  severity: "error",
  file: "batch-json/job-queue.json",
  position: { line: 1, column: 1 },
  pointer: "/priority",
  expected: "a whole number from 0 to 1000",
};
const packing: Problem = {
  rule: "memory-packing",
  severity: "warning",
  file: "batch-json/job-queue.json",
  position: { line: 9, column: 3 },
  pointer: "",
  found: { memory: 8192 },
  expected: "memory, that fits: 100%",
};
const syntax: Problem = {
  rule: "json-syntax",
  severity: "error",
  file: "a.json",
  position: { line: 2, column: 1 },
  pointer: "/a",
  found: "]",
  expected: "a comma or }",
};
const problems = [packing, missing, range];
const rules = new Map<string, RuleHelp>([
  [
    "vcpu-range",
    {
      summary: "max_vcpus is not below min_vcpus.",
      why: "AWS refuses it.",
      source: "https://docs.aws.amazon.com/batch/",
      url: "https://x/rules#vcpu-range",
    },
  ],
  [
    "memory-packing",
    {
      summary: "Jobs fill instances.",
      why: "Memory is paid for.",
      source: "measured with moto",
      url: "https://x/rules#memory-packing",
    },
  ],
]);

describe("text", () => {
  test("is one line for each problem, its hint and a summary", async () => {
    expect(await formatProblems(problems)).toBe(
      `batch-json/compute-environment.json:14:13  error  /compute_resources/max_vcpus is 12; expected an integer of at least min_vcpus (16)  [vcpu-range]
   hint: raise max_vcpus or lower min_vcpus
batch-json/job-queue.json:1:1  error  /priority is missing; expected a whole number from 0 to 1000  [schema/required]
batch-json/job-queue.json:9:3  warning  the document is {"memory":8192}; expected memory, that fits: 100%  [memory-packing]
2 errors, 1 warning in 2 files
`,
    );
  });

  test.each([
    [[], "no problems\n"],
    [[range], "1 error in 1 file\n"],
    [[packing], "1 warning in 1 file\n"],
    [[packing, { ...packing, pointer: "/b" }], "2 warnings in 1 file\n"],
  ])("counts (%#)", async (some, summary) => {
    expect((await formatProblems(some)).endsWith(summary)).toBe(true);
  });

  test("is coloured when asked, and says the same", async () => {
    const colored = await formatProblems(problems, { color: true });
    expect(colored).toContain("\u001b[31merror\u001b[39m");
    expect(colored).toContain("\u001b[33mwarning\u001b[39m");
    expect(colored.replaceAll(/\u001b\[\d+m/g, "")).toBe(await formatProblems(problems));
  });
});

describe("the sentence", () => {
  test("of a mistake in the text does not speak of a value", () => {
    expect(sentence(syntax)).toBe('found "]"; expected a comma or }');
    const { found: _, ...atEnd } = syntax;
    expect(sentence(atEnd)).toBe("the text ends here; expected a comma or }");
  });

  test.each<[unknown, string]>([
    ["a", '"a"'],
    ['a"\n\\', '"a\\"\\n\\\\"'],
    [null, "null"],
    [false, "false"],
    [[1, { a: "b" }], '[1,{"a":"b"}]'],
    [Number.NaN, "NaN"],
    [Number.POSITIVE_INFINITY, "Infinity"],
    [12n, "12"],
    [Symbol("s"), "Symbol(s)"],
    ["\u001b[31m", '"\\u001b[31m"'],
    ["\u009b31m\u007f", '"\\u009b31m\\u007f"'],
    ["a\u202eb\u200b\u2028", '"a\\u202eb\\u200b\\u2028"'],
    ["\ud800", '"\\ud800"'],
    ["\u{e0041}", '"\\udb40\\udc41"'],
    ["é😀", '"é😀"'],
    ["x".repeat(10_000_000), `"${"x".repeat(60)}…"`],
    ["😀".repeat(100), `"${"😀".repeat(30)}…"`],
    ["\u0000".repeat(100), `"${"\\u0000".repeat(10)}…"`],
    [Array(100).fill(1), `[${"1,".repeat(29)}1…`],
  ])("shows the value %# in one safe, short line", (value, text) => {
    expect(shown(value)).toBe(text);
  });

  test("a value that contains itself is shown somehow", () => {
    const circle: unknown[] = [];
    circle.push({ circle });
    expect(shown(circle)).toBe("[object Object]");
  });

  test("a long pointer is cut off", () => {
    expect(sentence({ ...range, pointer: `/${"k".repeat(1000)}` })).toBe(
      `/${"k".repeat(199)}… is 12; expected an integer of at least min_vcpus (16)`,
    );
  });
});

test("json is an object with a version, whole values, the sentence and a summary", async () => {
  const json = await formatProblems(problems, { format: "json" });
  expect(JSON.parse(json)).toEqual({
    version: 1,
    problems: [
      {
        rule: "vcpu-range",
        severity: "error",
        file: "batch-json/compute-environment.json",
        line: 14,
        column: 13,
        pointer: "/compute_resources/max_vcpus",
        found: 12,
        expected: "an integer of at least min_vcpus (16)",
        hint: "raise max_vcpus or lower min_vcpus",
        message: "/compute_resources/max_vcpus is 12; expected an integer of at least min_vcpus (16)",
      },
      {
        rule: "schema/required",
        severity: "error",
        file: "batch-json/job-queue.json",
        line: 1,
        column: 1,
        pointer: "/priority",
        expected: "a whole number from 0 to 1000",
        message: "/priority is missing; expected a whole number from 0 to 1000",
      },
      {
        rule: "memory-packing",
        severity: "warning",
        file: "batch-json/job-queue.json",
        line: 9,
        column: 3,
        pointer: "",
        found: { memory: 8192 },
        expected: "memory, that fits: 100%",
        message: 'the document is {"memory":8192}; expected memory, that fits: 100%',
      },
    ],
    summary: { errors: 2, warnings: 1, files: 2 },
  });
  expect({ version: 1, ...problemsAsJson(problems) }).toEqual(JSON.parse(json));
  expect(JSON.parse(await formatProblems([{ ...range, found: 12n }], { format: "json" })).problems[0].found).toBe("12");
});

test("github is a workflow command for each problem, escaped as GitHub undoes it", async () => {
  const odd = { ...packing, file: "a:b,c%\n::error::d", hint: "first\nsecond" };
  expect(await formatProblems([range, odd], { format: "github" })).toBe(
    `::warning file=a%3Ab%2Cc%25%0A%3A%3Aerror%3A%3Ad,line=9,col=3,title=memory-packing::the document is {"memory":8192}; expected memory, that fits: 100%25%0Ahint: first\\u000asecond
::error file=batch-json/compute-environment.json,line=14,col=13,title=vcpu-range::/compute_resources/max_vcpus is 12; expected an integer of at least min_vcpus (16)%0Ahint: raise max_vcpus or lower min_vcpus
1 error, 1 warning in 2 files
`,
  );
});

describe("sarif", () => {
  const isSarif = new Ajv2020({ strict: false }).compile(sarifSchema);

  test("contains the rules that occurred, with help, and a result for each problem", async () => {
    const log = JSON.parse(await formatProblems(problems, { format: "sarif", rules }));
    expect(isSarif(log), JSON.stringify(isSarif.errors)).toBe(true);
    const [run] = log.runs;
    expect(run.tool.driver).toEqual({
      name: "gen-batch-config",
      rules: [
        {
          id: "memory-packing",
          shortDescription: { text: "Jobs fill instances." },
          fullDescription: { text: "Memory is paid for." },
          help: { text: "Memory is paid for.\nSource: measured with moto" },
          helpUri: "https://x/rules#memory-packing",
        },
        { id: "schema/required" },
        {
          id: "vcpu-range",
          shortDescription: { text: "max_vcpus is not below min_vcpus." },
          fullDescription: { text: "AWS refuses it." },
          help: { text: "AWS refuses it.\nSource: https://docs.aws.amazon.com/batch/" },
          helpUri: "https://x/rules#vcpu-range",
        },
      ],
    });
    expect(run.columnKind).toBe("utf16CodeUnits");
    expect(run.results[0]).toEqual({
      ruleId: "vcpu-range",
      ruleIndex: 2,
      level: "error",
      message: {
        text: "/compute_resources/max_vcpus is 12; expected an integer of at least min_vcpus (16)\nhint: raise max_vcpus or lower min_vcpus",
      },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: "batch-json/compute-environment.json" },
            region: { startLine: 14, startColumn: 13 },
          },
          logicalLocations: [{ fullyQualifiedName: "/compute_resources/max_vcpus" }],
        },
      ],
    });
    expect(run.results.map(({ level }: { level: string }) => level)).toEqual(["error", "error", "warning"]);
  });

  test.each([
    ["a b#c?d/é.json", "a%20b%23c%3Fd/%C3%A9.json"],
    ["http:x", "http%3Ax"],
    ["/tmp/x.json", "file:///tmp/x.json"],
    ["../x.json", "../x.json"],
    ["\ud800", "%EF%BF%BD"],
  ])("the file %j is the URI %s", async (file, uri) => {
    const log = JSON.parse(await formatProblems([{ ...range, file }], { format: "sarif" }));
    expect(log.runs[0].results[0].locations[0].physicalLocation.artifactLocation).toEqual({ uri });
  });

  test("nothing found is a valid report too", async () => {
    expect(isSarif(JSON.parse(await formatProblems([], { format: "sarif" })))).toBe(true);
  });

  test("any problem results in a valid report", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyProblem, { maxLength: 5 }), async (some) => {
        const log = JSON.parse(await formatProblems(some, { format: "sarif", rules: anyHelp(some) }));
        expect(isSarif(log), JSON.stringify(isSarif.errors)).toBe(true);
        const { tool, results } = log.runs[0];
        for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex].id).toBe(ruleId);
      }),
    );
  });
});

const anyText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({
    unit: fc.constantFrom("\u001b[2J", "\n", "\r", "::error::", "%0A", "\u202e", "\u009b", "\ud800", ",", ":", "a"),
  }),
);
const anyProblem: fc.Arbitrary<Problem> = fc
  .record({
    rule: anyText,
    severity: fc.constantFrom("error" as const, "warning" as const),
    file: anyText,
    position: fc.record({ line: fc.integer({ min: 1 }), column: fc.integer({ min: 1 }) }),
    pointer: anyText,
    found: fc.oneof(fc.jsonValue(), anyText),
    expected: anyText,
    hint: fc.option(anyText, { nil: undefined }),
  })
  .map(({ hint, ...problem }) => (hint === undefined ? problem : { ...problem, hint }));

function anyHelp(some: readonly Problem[]): ReadonlyMap<string, RuleHelp> {
  return new Map(
    some.map(({ rule, expected }) => [
      rule,
      { summary: expected, why: expected, source: expected, url: `https://x/${expected}` },
    ]),
  );
}

describe("in every format", () => {
  test.each(problemFormats)(
    "%s does not depend on the order in which problems were found, and tells each once",
    async (format) => {
      const twice = [...problems, ...problems.map((problem) => ({ ...problem })).reverse()];
      expect(await formatProblems(twice, { format, rules })).toBe(await formatProblems(problems, { format, rules }));
    },
  );

  test.each(problemFormats)("%s shows nothing that a terminal or GitHub would obey", async (format) => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyProblem, { maxLength: 4 }), async (some) => {
        const report = await formatProblems(some, { format, rules: anyHelp(some) });
        expect(report.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
        expect(report.endsWith("\n")).toBe(true);
        if (format === "json")
          expect(JSON.parse(report)).toEqual(JSON.parse(JSON.stringify({ version: 1, ...problemsAsJson(some) })));
      }),
    );
  });

  test("a hostile problem stays in its own lines", async () => {
    const hostile = "x\n::error file=a::b\r\u001b[31m";
    const problem: Problem = {
      ...range,
      rule: hostile,
      file: hostile,
      pointer: hostile,
      found: hostile,
      expected: hostile,
      hint: hostile,
    };
    expect((await formatProblems([problem])).split("\n")).toHaveLength(4);
    const commands = (await formatProblems([problem], { format: "github" })).split("\n");
    expect(commands).toHaveLength(3);
    expect(commands[0]?.startsWith("::error file=x%0A%3A%3Aerror file=a%3A%3Ab%0D\\u001b[31m,line=14,")).toBe(true);
  });
});

test("problems are sorted by file, line, column and rule; the line counts as a number", async () => {
  const at = (file: string, line: number, column: number, rule: string): Problem => ({
    ...range,
    file,
    position: { line, column },
    rule,
  });
  const sorted = [
    at("B", 1, 1, "a"),
    at("a", 2, 9, "b"),
    at("a", 2, 10, "a"),
    at("a", 10, 1, "a"),
    at("a", 10, 1, "b"),
  ];
  const json = JSON.parse(await formatProblems([...sorted].reverse(), { format: "json" }));
  const places = json.problems.map((p: { file: string; line: number; column: number; rule: string }) => [
    p.file,
    p.line,
    p.column,
    p.rule,
  ]);
  expect(places).toEqual(sorted.map(({ file, position, rule }) => [file, position.line, position.column, rule]));
});
