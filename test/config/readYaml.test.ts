import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { readYamlConfig } from "../../src/config/readYaml.ts";

const read = (text: string): ReturnType<typeof readYamlConfig> => readYamlConfig(text, "c.yaml");
const told = (text: string): string[] =>
  read(text).problems.map(
    ({ position, rule, found }) => `${position.line}:${position.column} ${rule} ${String(found)}`,
  );

test.each<[string, unknown]>([
  ["", {}],
  ["\ufeff# nothing\n", {}],
  ["---\n", {}],
  ["null", null],
  ["prefix: gss-dev\ncompute:\n  vcpus: 4\n  on: yes\n", { prefix: "gss-dev", compute: { vcpus: 4, on: "yes" } }],
  ["a: !!str 1\nb: 0o14\nc: 2024-01-01\nd: ~\ne:", { a: "1", b: 12, c: "2024-01-01", d: null, e: null }],
  ["a: &x {b: [1]}\nc: *x\n&k d: 2\ne: *k", { a: { b: [1] }, c: { b: [1] }, d: 2, e: "d" }],
  ['{"json": [1, true], "__proto__": 1}', JSON.parse('{"json": [1, true], "__proto__": 1}')],
])("%j is read as YAML 1.2, core schema", (text, value) => {
  expect(read(text).problems).toEqual([]);
  expect(read(text).value).toStrictEqual(value);
});

test("a value that an alias repeats is a copy", () => {
  const { a, b } = read("a: &x [1]\nb: *x").value as { a: unknown[]; b: unknown[] };
  a.push(2);
  expect(b).toEqual([1]);
});

test.each([
  ["a: [1", "1:6 yaml-syntax undefined"],
  ["a:\n\t- b", "2:1 yaml-syntax \t"],
  ["a: b: c", "1:4 yaml-syntax b"],
  ["a: @x", "1:4 yaml-syntax @"],
  ["a: 1\n---\nb: 2", "2:1 yaml-multiple-documents ---"],
  ["a: !!js/function 'x'", "1:4 yaml-tag !!js/function"],
  ["a: !!binary aGk=", "1:4 yaml-tag !!binary"],
  ["%YAML 1.1\n---\na: yes", "1:1 yaml-version %YAML 1.1"],
  ["b: *y", "1:4 yaml-alias *y"],
  ["a: &x [*x]", "1:8 yaml-alias *x"],
  ["a: 1\nb:\n  c: 1\n  c: 2", "4:3 yaml-duplicate-key c"],
  ["1: x", "1:1 yaml-key 1"],
  ["? [1]\n: 2", "1:3 yaml-key a collection or alias"],
  ["true: x", "1:1 yaml-key true"],
  ["a: &x {b: 1}\nc:\n  <<: *x", "3:3 yaml-merge-key <<"],
  ["a: .inf", "1:4 yaml-value .inf"],
  ["a: 1e999", "1:4 yaml-value 1e999"],
])("%j is refused at its place", (text, problem) => {
  expect(told(text)).toEqual([problem]);
});

test("text that is too long or too deep is refused before it costs anything", () => {
  expect(told("a".repeat(300_000))).toEqual(["1:1 yaml-size 300000"]);
  expect(told("[".repeat(101))).toEqual(["1:101 yaml-depth 101"]);
  expect(told("[".repeat(100_000))).toEqual(["1:101 yaml-depth 101"]);
  expect(read("[".repeat(100) + "]".repeat(100)).problems).toEqual([]);
});

test("a problem says what to do", () => {
  expect(read("a: b: c").problems[0]).toMatchObject({
    expected: "one key in a line",
    hint: "put text that contains a colon in quotes",
  });
  expect(read("a: 1\na: 2").problems[0]).toMatchObject({ pointer: "/a", hint: "it first appears at line 1, column 1" });
});

describe("places", () => {
  const { locate, locateKey } = read(
    "\ufeffa:\r\n  - 10\r\n  - {b: 'x', 😀: y}\r\nc: &k\r\n  d/e: |\r\n    text\r\nf: *k\r\n",
  );

  test.each([
    ["", 1, 1],
    ["/a", 2, 3],
    ["/a/0", 2, 5],
    ["/a/1/b", 3, 9],
    ["/a/1/😀", 3, 18],
    ["/a/1/no", 3, 5],
    ["/c/d~1e", 5, 8],
    ["/f/d~1e", 7, 4],
  ])("the value at %j starts at %i:%i", (pointer, line, column) => {
    expect(locate(pointer)).toEqual({ line, column });
  });

  test("a key and a missing value are found too", () => {
    expect(locateKey("/c/d~1e")).toEqual({ line: 5, column: 3 });
    expect(locateKey("/a/1/😀")).toEqual({ line: 3, column: 14 });
    expect(read("a:\nb: 1").locate("/a").line).toBe(1);
  });
});

test("any data that is written as YAML reads back equal", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 4 })), (data) => {
      const value = JSON.parse(JSON.stringify(data)) as unknown;
      fc.pre(!JSON.stringify(value).includes("<<"));
      const { value: readBack, problems } = read(stringify(value, { aliasDuplicateObjects: false }));
      expect(problems).toEqual([]);
      expect(readBack).toEqual(value);
    }),
  );
});

test("any text results in a value or problems, and never throws", () => {
  const pieces = [
    "a",
    ": ",
    "- ",
    "\n",
    "  ",
    "[",
    "]",
    "{",
    "}",
    ",",
    "&x ",
    "*x",
    "!!",
    "! ",
    "'",
    '"',
    "|",
    ">",
    "? ",
    "%",
    "---\n",
    "...\n",
    "#",
    "\t",
    "<<",
    "~",
  ];
  const texts = fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: "binary", maxLength: 2 })), {
    maxLength: 30,
  });
  fc.assert(
    fc.property(texts, (parts) => {
      const { value, problems, locate } = read(parts.join(""));
      expect(value !== undefined || problems.length > 0).toBe(true);
      expect(() => JSON.stringify(value)).not.toThrow();
      expect(locate("/a/0").line).toBeGreaterThan(0);
    }),
    { numRuns: 2000 },
  );
});

describe("hostile text ends soon, with few problems", { timeout: 30_000 }, () => {
  const size = 131_072;
  const fill = (piece: string): string => piece.repeat(size / piece.length);
  test.each([
    ["open brackets", fill("[")],
    ["open maps", fill("{a: ")],
    ["dashes", fill("- ")],
    ["question marks", fill("? ")],
    ["colons", fill("a: ")],
    ["closing brackets", fill("]")],
    ["quotes", fill('"')],
    ["tags", fill("!a ")],
    ["anchors", fill("&a ")],
    ["directives", fill("%X\n")],
    ["documents", fill("---\n")],
    ["indentation", Array.from({ length: 700 }, (_, depth) => `${" ".repeat(depth)}a:`).join("\n")],
  ])("%s", (_what, text) => {
    const { problems } = read(text);
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.length).toBeLessThanOrEqual(201);
  });

  test("aliases cannot make a small text a huge tree", () => {
    const levels = Array.from(
      { length: 12 },
      (_, i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(", ")}]`,
    );
    const { problems } = read(["a0: &a0 [x, x, x]", ...levels].join("\n"));
    expect(problems[0]).toMatchObject({ rule: "yaml-alias", expected: "aliases that repeat less" });
    expect(problems.length).toBeLessThanOrEqual(201);
  });

  test("many keys are no trouble", () => {
    const { value, problems } = read(Array.from({ length: 8_000 }, (_, i) => `key${i}: ${i}`).join("\n"));
    expect(problems).toEqual([]);
    expect(Object.keys(value as object)).toHaveLength(8_000);
  });
});
