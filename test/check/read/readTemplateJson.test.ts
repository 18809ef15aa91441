import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ReadResult, readTemplateJson } from "../../../src/check/read/readTemplateJson.ts";
import { type Placeholder, placeholders } from "../../../src/model/placeholder.ts";
import { pointerTo, valueAt } from "../../../src/shared/pointer.ts";

const count: Placeholder = { name: "COUNT", kind: "number", meaning: "A number.", sample: 4 };
const letter: Placeholder = { name: "X", kind: "string", meaning: "A letter.", sample: "v" };
const known = new Map([...placeholders, count, letter].map((placeholder) => [placeholder.name, placeholder]));

const read = (text: string): ReadResult => readTemplateJson(text, "f.json", known);
const valueIn = (text: string): unknown => read(text).document?.value;

/** "line:column rule found" of each problem. */
function reported(text: string): string[] {
  return read(text).problems.map(({ position, rule, found }) => {
    const what = found === undefined ? "nothing" : String(found);
    return `${position.line}:${position.column} ${rule} ${what}`;
  });
}

describe("placeholders", () => {
  test("are samples in the value, and are listed with their positions", () => {
    const { document, problems } = read(
      '{\n  "name": "${PREFIX}-batch",\n  "subnets": ${ SUBNETS },\n  "n": [${COUNT}]\n}',
    );
    expect(problems).toEqual([]);
    expect(document?.value).toEqual({ name: "gss-dev-batch", subnets: known.get("SUBNETS")?.sample, n: [4] });
    expect(document?.placeholders).toEqual([
      { name: "PREFIX", place: "in-string", pointer: "/name", position: { line: 2, column: 12 } },
      { name: "SUBNETS", place: "bare", pointer: "/subnets", position: { line: 3, column: 14 } },
      { name: "COUNT", place: "bare", pointer: "/n/0", position: { line: 4, column: 9 } },
    ]);
  });

  test("a sample in the value is a copy, so that changing a document leaves the table alone", () => {
    const value = valueIn("${SUBNETS}");
    expect(value).toEqual(known.get("SUBNETS")?.sample);
    expect(value).not.toBe(known.get("SUBNETS")?.sample);
  });

  test("a key may contain one; it belongs to the object", () => {
    const { document, problems } = read('{"a": {"${PREFIX}-x": "${NO}"}}');
    expect(document?.value).toEqual({ a: { "gss-dev-x": "NO" } });
    expect(document?.placeholders.map(({ pointer }) => pointer)).toEqual(["/a", "/a/gss-dev-x"]);
    expect(problems.map(({ pointer }) => pointer)).toEqual(["/a/gss-dev-x"]);
  });

  test("jsonencode(NAME) is refused, because batch.hcl has encoded every value already", () => {
    const { document, problems } = read("[${jsonencode(VPC_ID)}, ${ jsonencode( SUBNETS ) }]");
    expect(problems.map(({ rule }) => rule)).toEqual(["placeholder-kind", "placeholder-kind"]);
    expect(document?.value).toEqual([known.get("VPC_ID")?.sample, known.get("SUBNETS")?.sample]);
    expect(document?.placeholders.map(({ name, place }) => `${name} ${place}`)).toEqual([
      "VPC_ID bare",
      "SUBNETS bare",
    ]);
  });

  test.each([
    [
      '["${PREFX}"]',
      "placeholder-unknown",
      "did you mean ${PREFIX}? If not, declare it under placeholders in the config",
      ["PREFX"],
    ],
    ["[${NOPE}]", "placeholder-unknown", "declare it under placeholders in the config", [null]],
    ['["${prefix}"]', "placeholder-name", "did you mean ${PREFIX}?", ["gss-dev"]],
    ['["${vpc-id}"]', "placeholder-name", "did you mean ${VPC_ID}?", [known.get("VPC_ID")?.sample]],
    ['["${_PREFIX}"]', "placeholder-name", "did you mean ${PREFIX}?", ["_PREFIX"]],
    ['["${SUBNETS}"]', "placeholder-kind", "remove the quotes: ${SUBNETS}", [known.get("SUBNETS")?.sample]],
    ['["x-${COUNT}"]', "placeholder-kind", "text can contain only placeholders of kind string", ["x-4"]],
    ['["${TAGS} "]', "placeholder-kind", "text can contain only placeholders of kind string", ["{} "]],
    ["[${PREFIX}]", "placeholder-kind", 'write "${PREFIX}"', ["gss-dev"]],
    ['["${jsonencode(PREFIX)}"]', "placeholder-kind", "write ${PREFIX}", ["gss-dev"]],
    ['["${PREFIX"]', "placeholder-unclosed", "write ${PREFIX}", ["gss-dev"]],
    ["[${SUBNETS]", "placeholder-unclosed", "write ${SUBNETS}", [known.get("SUBNETS")?.sample]],
  ])("%s is reported as %s, and reading continues", (text, rule, hint, value) => {
    const { document, problems } = read(text);
    expect(problems).toEqual([
      expect.objectContaining({ rule, hint, pointer: "/0", severity: "error", file: "f.json" }),
    ]);
    expect(document?.value).toEqual(value);
  });

  test("a list in the quotes of a key gets no advice to remove them", () => {
    expect(read('{"${SUBNETS}": 1}').problems).toEqual([
      expect.objectContaining({ rule: "placeholder-kind", hint: "text can contain only placeholders of kind string" }),
    ]);
  });

  test.each([
    ["${upper(PREFIX)}", "${upper(PREFIX)}"],
    ['${lookup(M, \\"}\\")}', '${lookup(M, \\"}'],
    ["${M.key}", "${M.key}"],
    ["${true}", "${true}"],
    ["${}", "${}"],
    ["${~PREFIX~}", "${~PREFIX~}"],
    ["${[for s in L : {a = s}]}", "${[for s in L : {a = s}"],
  ])("the expression %s is refused as a whole", (expression, found) => {
    expect(reported(`["a${expression}b", 1]`)).toEqual([`1:4 placeholder-expression ${found}`]);
    expect(valueIn(`["a${expression}b", 1]`)).toEqual(["ab", 1]);
  });

  test("directives are refused, within strings one by one", () => {
    expect(reported('["%{ if a }x%{ endif }"]')).toEqual([
      "1:3 placeholder-directive %{ if a }",
      "1:13 placeholder-directive %{ endif }",
    ]);
    expect(read('[%{ for x in y }"${x}",%{ endfor }]').document).toBeUndefined();
    expect(reported('[%{ for x in y }"${x}",%{ endfor }]')).toEqual(["1:2 placeholder-directive %{ for x in y }"]);
  });

  test("what is not closed up to the end is reported where it starts", () => {
    expect(reported('{"a": "${PREFIX b", "c": "${X}"}')[0]).toContain("1:8 placeholder-unclosed");
    expect(reported('{"a": "%{ if"}')[0]).toContain("1:8 placeholder-directive");
  });

  test("hints say how to write text that looks like a template", () => {
    expect(read('["${a+b}"]').problems[0]?.hint).toContain("a literal ${ is written $$${ inside quotes");
    expect(read('["%{x}"]').problems[0]?.hint).toContain("a literal %{ is written %%%{ inside quotes");
    const once = readTemplateJson('["${a+b}"]', "f.json", known, { evaluations: 1 });
    expect(once.problems[0]?.hint).toContain("a literal ${ is written $${ inside quotes");
  });
});

/**
 * Measured with Terraform 1.11.4: `templatefile` with X = "v", then `jsondecode`, then the result as TF_VAR of an input of type
 * any. Null: the second evaluation failed. The same came out for keys.
 */
const evaluatedTwice: [string, string | null][] = [
  ["$${X}", null],
  ["%%{x}", null],
  ["$$${X}", "${X}"],
  ["%%%{x}", "%{x}"],
  ["$$$${X}", "$${X}"],
  ["%%%%{x}", "%%{x}"],
  ["\\u0024{X}", null],
  ["\\u0024\\u0024{X}", "${X}"],
  ["$\\u0024{X}", "${X}"],
  ["$\\u007bX}", null],
  ["$$\\u007bX}", "${X}"],
  ["\\u0025{x}", null],
  ["$ 100% %% $$ $1 {x} $", "$ 100% %% $$ $1 {x} $"],
  ["%$$${X}", "%${X}"],
  ["$%%%{x}", "$%{x}"],
  ["$$%%%{x}", "$$%{x}"],
  ["a$$${b}$$${c}", "a${b}${c}"],
  ["$$${", "${"],
  ["%%%{", "%{"],
  ["é😀$$${X}", "é😀${X}"],
  ["${X}$$${X}", "v${X}"],
  ["$$${X}${X}", "${X}v"],
  ["%${X}", "%v"],
  ["$\\u0024\\u007b", "${"],
  ["$$${${X}}", "${v}"],
];

/** Measured in the same way, `templatefile` only. Null: it failed. */
const evaluatedOnce: [string, string | null][] = [
  ["${X}", "v"],
  ["${\tX }", "v"],
  ["$${X}", "${X}"],
  ["$$${X}", "$${X}"],
  ["$$$$${X}", "$$$${X}"],
  ["%%{x}", "%{x}"],
  ["%%%%{x}", "%%%{x}"],
  ["100% $ $$ %% a$", "100% $ $$ %% a$"],
  ["$ {X}", "$ {X}"],
  ["$%%{x}", "$%{x}"],
  ["%%${X}", "%%v"],
  ["%$${X}", "%${X}"],
  ["${", null],
  ["${}", null],
  ["${X", null],
  ["%{x}", null],
  ["$%{x}", null],
  ["$$%{x}", null],
  ["${X-Y}", null],
];

describe("escapes", () => {
  test.each(evaluatedTwice)("%s in a document means what Terraform makes of it: %s", (text, meaning) => {
    for (const json of [`{"k": "${text}"}`, `{"${text}": "k"}`]) {
      const { document, problems } = read(json);
      const entry = Object.entries(document?.value as object)[0];
      if (meaning === null) expect(problems.map(({ rule }) => rule)).toEqual(["template-escape"]);
      else expect(problems).toEqual([]);
      if (meaning !== null) expect(entry?.find((part) => part !== "k")).toBe(meaning);
    }
  });

  test.each(evaluatedOnce)("%s in a template that is evaluated once means %s", (text, meaning) => {
    const { document, problems } = readTemplateJson(`["${text}"]`, "f.json", known, { evaluations: 1 });
    if (meaning === null) expect(problems.length).toBeGreaterThan(0);
    else expect([problems, document?.value]).toEqual([[], [meaning]]);
  });

  test("the second evaluation of a single escape is reported with the right spelling, and the value is what was meant", () => {
    const { document, problems } = read('{"command": ["echo $${HOME} at 100%", "%%{http_code}"]}');
    expect(document?.value).toEqual({ command: ["echo ${HOME} at 100%", "%{http_code}"] });
    const [dollar, percent] = problems;
    expect(dollar).toMatchObject({ pointer: "/command/0", position: { line: 1, column: 20 }, found: "$${HOME}" });
    expect(dollar?.hint).toBe("write $$${HOME}");
    expect(percent).toMatchObject({ pointer: "/command/1", found: "%%{http_code}", hint: "write %%%{http_code}" });
  });
});

describe("JSON mistakes", () => {
  test.each([
    ["", "1:1 json-syntax nothing"],
    [" \n ", "2:2 json-syntax nothing"],
    ['{"a": "x', "1:9 json-syntax nothing"],
    ['{"a": "x\r\ny"}', "1:9 json-syntax \r"],
    ['{"a": 1]', "1:8 json-syntax ]"],
    ["[1, 2", "1:6 json-syntax nothing"],
    ['{"a": }', "1:7 json-syntax }"],
    ['{"a"}', "1:5 json-syntax }"],
    ["{“a”: 1}", "1:2 json-syntax “"],
    ['{"a":\u00a01}', "1:6 json-syntax \u00a0"],
    ['{"a": $${X}}', "1:7 json-syntax $${X}"],
    ["{${X}: 1}", "1:2 json-syntax ${X}"],
    ["[😀]", "1:2 json-syntax 😀"],
    ["[/* x", "1:2 json-syntax /*"],
  ])("%j ends the reading at the character that is wrong", (text, problem) => {
    expect(reported(text)).toEqual([problem]);
    expect(read(text).document).toBeUndefined();
  });

  test.each<[string, unknown, string[]]>([
    ['{"a": [1, 2,], "b": 2,}', { a: [1, 2], b: 2 }, ["1:12 json-syntax ,", "1:22 json-syntax ,"]],
    ["[,1,,2]", [1, 2], ["1:2 json-syntax ,", "1:5 json-syntax ,"]],
    ['{"a" 1, "b" = 2}', { a: 1, b: 2 }, ["1:6 json-syntax 1", "1:13 json-syntax ="]],
    ['{"a": 1 "b": 2}', { a: 1, b: 2 }, ['1:9 json-syntax "b"']],
    ["[1 2]", [1, 2], ["1:4 json-syntax 2"]],
    ["[${COUNT} ${COUNT}]", [4, 4], ["1:11 json-syntax ${COUNT}"]],
    ["// c\n[1 /* x */, # y\n2]", [1, 2], ["1:1 json-syntax //", "2:4 json-syntax /*", "2:13 json-syntax #"]],
    ["{'a': 'it \"is\"'}", { a: 'it "is"' }, ["1:2 json-syntax '", "1:7 json-syntax '"]],
    ["{a-b: 1}", { "a-b": 1 }, ["1:2 json-syntax a-b"]],
    [
      "[True, None, FALSE]",
      [true, null, false],
      ["1:2 json-syntax True", "1:8 json-syntax None", "1:14 json-syntax FALSE"],
    ],
    [
      "[01, .5, +1, 2.]",
      [1, 0.5, 1, 2],
      ["1:2 json-syntax 01", "1:6 json-syntax .5", "1:10 json-syntax +1", "1:14 json-syntax 2."],
    ],
    ["[us-east-1]", ["us-east-1"], ["1:2 json-syntax us-east-1"]],
    ["[-Infinity]", ["-Infinity"], ["1:2 json-syntax -Infinity"]],
    ["[-1e999]", [-Number.MAX_VALUE], ["1:2 json-syntax -1e999"]],
    ['["\\x", "\\u12g4"]', ["x", "u12g4"], ["1:3 json-syntax \\x", "1:9 json-syntax \\u12g4"]],
    ['["a\tb\u0000"]', ["a\tb\u0000"], ["1:4 json-syntax \t", "1:6 json-syntax \u0000"]],
    ['["\\ud83d", "\\ude00"]', ["\ud83d", "\ude00"], ["1:3 json-syntax \\ud83d", "1:13 json-syntax \\ude00"]],
    ['["\ud83d!"]', ["\ud83d!"], ["1:3 json-syntax \ud83d"]],
    ["[1] [2]", [1], ["1:5 json-syntax ["]],
    ["\ufeff[1 2]", [1, 2], ["1:1 json-bom \ufeff", "1:4 json-syntax 2"]],
    ['{"a":1,\n"a":2}', { a: 2 }, ["2:1 json-duplicate-key a"]],
  ])("%j is reported and repaired", (text, value, problems) => {
    expect(reported(text)).toEqual(problems);
    expect(valueIn(text)).toEqual(value);
  });

  test("a duplicate key names the first place", () => {
    expect(read('{\n "a": 1,\n "\\u0061": 2\n}').problems).toEqual([
      expect.objectContaining({ pointer: "/a", hint: expect.stringContaining("line 2, column 2") }),
    ]);
  });

  test("each one says what was expected and what to do", () => {
    expect(read("[1}").problems[0]).toMatchObject({
      rule: "json-syntax",
      found: "}",
      expected: "a comma or ]",
      hint: "the open [ is at line 1, column 1",
    });
    expect(read('{"a": "x').problems[0]?.hint).toContain("the string starts at line 1, column 7");
    expect(read('["\\${X}"]').problems[0]?.hint).toContain("a literal ${ is written $$${");
    expect(read("{a: 1}").problems[0]).toMatchObject({ expected: "double quotes around a key", hint: 'write "a"' });
  });
});

describe("places", () => {
  const text = '{\r\n  "a/b": [10, {"~": "😀", "c": 1}],\r\n  "subnets": ${SUBNETS}\r\n}';
  const { document } = read(text);

  test.each([
    ["", 1, 1],
    ["/a~1b", 2, 10],
    ["/a~1b/0", 2, 11],
    ["/a~1b/1/~0", 2, 21],
    ["/a~1b/1/c", 2, 32],
    ["/a~1b/1/no/such", 2, 15],
    ["/a~1b/01", 2, 10],
    ["/a~1b/7", 2, 10],
    ["/subnets/1", 3, 14],
    ["/__proto__", 1, 1],
    ["/toString/length", 1, 1],
  ])("the value at %j, or its nearest ancestor, starts at %i:%i", (pointer, line, column) => {
    expect(document?.locate(pointer)).toEqual({ line, column });
  });

  test.each([
    ["/a~1b", 2, 3],
    ["/a~1b/1/c", 2, 27],
    ["/a~1b/1", 2, 15],
    ["/a~1b/1/no", 2, 15],
    ["", 1, 1],
  ])("the key at %j starts at %i:%i", (pointer, line, column) => {
    expect(document?.locateKey(pointer)).toEqual({ line, column });
  });
});

describe("for any JSON value", () => {
  const json = fc
    .jsonValue({ maxDepth: 5, stringUnit: "binary" })
    .map((value) => JSON.parse(JSON.stringify(value)) as unknown);
  /** The text of a value as a person has to write it: three signs before a brace where JSON alone needs one. */
  const written = (value: unknown, indent: number): string =>
    JSON.stringify(value, null, indent).replaceAll(/([$%])(?=\{)/g, "$1$1$1");

  test("what is written reads back equal, without a problem", () => {
    fc.assert(
      fc.property(json, fc.constantFrom(0, 2), (value, indent) => {
        const { document, problems } = read(written(value, indent));
        expect(problems).toEqual([]);
        expect(document?.value).toStrictEqual(value);
      }),
    );
  });

  test("text full of signs and braces reads back equal", () => {
    const signs = fc
      .array(fc.constantFrom("$", "%", "{", "}", "\\", '"', "a", "\u0007", "😀"))
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(signs, (text) => {
        expect(valueIn(written([text], 0))).toEqual([text]);
      }),
      { numRuns: 500 },
    );
  });

  test("every value is at its position, and every key at its own", () => {
    fc.assert(
      fc.property(json, (value) => {
        const text = JSON.stringify(value, null, 2);
        fc.pre(!/[$%]\{/.test(text));
        const lines = text.split("\n");
        const { document } = read(text);
        for (const { pointer, key } of everyPointer(value)) {
          const from = document?.locate(pointer) ?? { line: 0, column: 0 };
          const rest = [lines[from.line - 1]?.slice(from.column - 1), ...lines.slice(from.line)].join("");
          const here = JSON.stringify(valueAt(value, pointer));
          expect(withoutSpace(rest).startsWith(withoutSpace(here))).toBe(true);
          if (key === undefined) continue;
          const keyAt = document?.locateKey(pointer) ?? { line: 0, column: 0 };
          expect(lines[keyAt.line - 1]?.slice(keyAt.column - 1).startsWith(`${JSON.stringify(key)}: `)).toBe(true);
        }
      }),
    );
  });

  test("without its last character it is not read as something else without a problem", () => {
    fc.assert(
      fc.property(json, (value) => {
        fc.pre(typeof value === "object" && value !== null);
        expect(read(written(value, 2).slice(0, -1)).problems.length).toBeGreaterThan(0);
      }),
    );
  });
});

test("what is read without a problem is what JSON.parse reads, and what JSON.parse refuses has a problem", () => {
  const pieces = [
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    '"a"',
    '"b"',
    "1",
    "-0.5e1",
    "true",
    "null",
    " ",
    "\n",
    "01",
    "'",
    "x",
    '"',
    "\\",
  ];
  const texts = fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map((parts) => parts.join(""));
  fc.assert(
    fc.property(texts, (text) => {
      const { document, problems } = read(text);
      const duplicates = problems.length > 0 && problems.every(({ rule }) => rule === "json-duplicate-key");
      // JSON.parse turns a number too large for a double into Infinity; the reader rejects it.
      const overflows = problems.some(({ expected }) => expected.includes("at most 1.79"));
      if (overflows) return;
      if (problems.length === 0 || duplicates) expect(document?.value).toStrictEqual(JSON.parse(text));
      else expect(() => JSON.parse(text)).toThrow();
    }),
    { numRuns: 3000 },
  );
});

test("any text results in problems or a document, and never throws", () => {
  const pieces = [
    "${",
    "%{",
    "}",
    "$",
    "%",
    '"',
    "'",
    "\\",
    "\\u",
    "{",
    "[",
    "]",
    ",",
    ":",
    "X",
    "jsonencode(",
    ")",
    "//",
    "/*",
    "*/",
    "\n",
  ];
  const template = fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: "binary", maxLength: 3 })), {
    maxLength: 40,
  });
  const bytes = fc.uint8Array({ maxLength: 60 }).map((array) => new TextDecoder("utf-16le").decode(array));
  fc.assert(
    fc.property(
      fc.oneof(
        template.map((parts) => parts.join("")),
        fc.string({ unit: "binary" }),
        bytes,
      ),
      (text) => {
        const { document, problems } = read(text);
        expect(document !== undefined || problems.length > 0).toBe(true);
        for (const { position } of problems) {
          const line = text.replace(/^\ufeff/, "").split("\n")[position.line - 1];
          expect(line).toBeDefined();
          expect(position.column).toBeLessThanOrEqual((line?.length ?? 0) + 1);
        }
      },
    ),
    { numRuns: 2000 },
  );
});

describe("hostile text is read in linear time", { timeout: 30_000 }, () => {
  const million = 1_000_000;
  test.each<[string, () => string, string]>([
    ["open brackets", () => "[".repeat(10 * million), "json-depth"],
    ["open braces", () => '{"a":'.repeat(2 * million), "json-depth"],
    ["open placeholders", () => `["${"${".repeat(2 * million)}`, "placeholder-unclosed"],
    ["open directives", () => `["${"%{".repeat(2 * million)}`, "placeholder-directive"],
    ["half placeholders", () => `["${"${X, ".repeat(million)}`, "placeholder-unclosed"],
    ["blanks in a placeholder", () => `["\${${" ".repeat(5 * million)}`, "placeholder-unclosed"],
    ["unknown placeholders", () => `["${`\${${"A".repeat(90)}B}`.repeat(50_000)}"]`, "placeholder-unknown"],
    ["missing commas", () => `[${"1 ".repeat(3 * million)}]`, "json-too-many-problems"],
    ["comments", () => "#\n".repeat(3 * million), "json-too-many-problems"],
    ["escapes", () => `["${"\\q".repeat(3 * million)}"]`, "json-too-many-problems"],
    ["single escapes", () => `["${"$${".repeat(2 * million)}"]`, "json-too-many-problems"],
    ["a word", () => `[${"a".repeat(10 * million)}]`, "json-syntax"],
    ["a number", () => `[${"9".repeat(5 * million)}]`, "json-syntax"],
  ])("%s", (_what, text, rule) => {
    const { problems } = read(text());
    expect(problems.map((problem) => problem.rule)).toContain(rule);
    expect(problems.length).toBeLessThanOrEqual(201);
    expect(JSON.stringify(problems).length).toBeLessThan(200_000);
  });

  test.each<[string, () => string]>([
    ["numbers", () => `[${"1,".repeat(2 * million)}1]`],
    ["empty lists", () => `[${"[],".repeat(million)}[]]`],
    ["signs", () => `["${"$".repeat(5 * million)}"]`],
    ["escaped braces", () => `["${"$$${".repeat(million)}"]`],
    ["text", () => `["${"😀".repeat(2 * million)}"]`],
    ["placeholders", () => `{"${"k".repeat(100_000)}": ["${"${X}".repeat(200_000)}"${`, "\${X}"`.repeat(100_000)}]}`],
    ["keys", () => `{${Array.from({ length: 200_000 }, (_, index) => `"k${index}":0`).join(",")}}`],
    ["lines", () => `[${"\n".repeat(5 * million)}]`],
  ])("%s, without a problem", (_what, text) => {
    expect(read(text()).problems).toEqual([]);
  });

  test("strings of 10,000 characters stay whole", () => {
    const long = "é😀x".repeat(2_500);
    expect(valueIn(JSON.stringify({ [long]: [long] }))).toEqual({ [long]: [long] });
  });

  test("nesting is fine up to 200 levels", () => {
    expect(read("[".repeat(200) + "]".repeat(200)).problems).toEqual([]);
    expect(reported("[".repeat(201) + "]".repeat(201))).toEqual(["1:201 json-depth ["]);
  });

  test("__proto__ is a key like any other", () => {
    const value = valueIn('{"__proto__": {"polluted": true}, "constructor": 1}') as Record<string, unknown>;
    expect(Object.keys(value)).toEqual(["__proto__", "constructor"]);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(value.polluted).toBeUndefined();
    expect(read('{"__proto__": 1, "__proto__": 2}').problems).toHaveLength(1);
    expect(read('["${__proto__}", "${CONSTRUCTOR}"]').problems).toHaveLength(2);
  });
});

function everyPointer(value: unknown, pointer = ""): { pointer: string; key?: string }[] {
  if (typeof value !== "object" || value === null) return [{ pointer }];
  const isList = Array.isArray(value);
  const below = Object.entries(value).flatMap(([key, item]) => {
    const [own, ...rest] = everyPointer(item, pointerTo(pointer, key));
    return [{ pointer: pointerTo(pointer, key), ...own, ...(isList ? {} : { key }) }, ...rest];
  });
  return [{ pointer }, ...below];
}

/** Indentation is between the parts; blanks within strings are removed on both sides. */
function withoutSpace(text: string): string {
  return text.replaceAll(/\s/g, "");
}
