import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileSchema } from "../../../workers/checks/compileSchema.ts";
import type { FieldFailure } from "../../../workers/model/columnPlan.ts";
import { accepts } from "./byteChecks.ts";

/** Of a text: does the plan of the column accept it without the exact check, and what does the exact check say? */
function looker(property: unknown): (text: string) => { accepted: boolean; failure: FieldFailure | undefined } {
  const checks = compileSchema({ properties: { a: property } }, ["a"], "file:///schema.json");
  const plan = checks.columns[0];
  if (plan === undefined) throw new Error("no plan");
  return (text) => {
    const bytes = Buffer.from(`<${text}>`);
    const accepted = !plan.alwaysSuspect && plan.checks.every((check) => accepts(check, bytes, 1, bytes.length - 1));
    return { accepted, failure: checks.judgeField(0, text) };
  };
}

describe("the byte checks", () => {
  test("accept nothing that the exact check refuses", () => {
    let accepted = 0;
    let refused = 0;
    let alsoSuspected = 0;
    fc.assert(
      fc.property(column, ({ property, texts }) => {
        const look = looker(property);
        for (const text of texts.filter((one) => one !== "")) {
          const { accepted: fast, failure } = look(text);
          if (fast) {
            accepted += 1;
            expect(failure, `${JSON.stringify(property)} on ${JSON.stringify(text)}`).toBeUndefined();
          } else if (failure === undefined) alsoSuspected += 1;
          else refused += 1;
        }
      }),
      { numRuns: 800 },
    );
    expect(accepted).toBeGreaterThan(300);
    expect(refused).toBeGreaterThan(300);
    expect(alsoSuspected).toBeGreaterThan(10);
  });

  test("read a decimal number as the double that is nearest to it", () => {
    let accepted = 0;
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n, max: 10n ** 17n }).chain((digits) => fc.tuple(fc.constant(String(digits)), fc.nat(16))),
        ([digits, at]) => {
          const text = `${digits.slice(0, at) || "0"}.${digits.slice(at) || "0"}`;
          const value = Number(text);
          const limits = { minimum: value, maximum: value, exclusiveMinimum: null, exclusiveMaximum: null };
          const bytes = Buffer.from(text);
          const fits = accepts({ kind: "number", ...limits, multipleOf: null }, bytes, 0, bytes.length);
          if (fits) accepted += 1;
          // Shorter than the longest form, so that it has to be accepted; longer, so that it must not be taken for another.
          expect(fits, text).toBe(text.length - 1 <= 15);
        },
      ),
      { numRuns: 1500 },
    );
    expect(accepted).toBeGreaterThan(50);
  });

  test.each([
    [{ type: "integer" }, ["0", "-0", "7", "-7", "123456789012345678"]],
    [{ type: "integer", minimum: 1, maximum: 10 }, ["1", "10"]],
    [{ type: "integer", exclusiveMinimum: 1.5, exclusiveMaximum: 4 }, ["2", "3"]],
    [{ type: "integer", multipleOf: 2.5 }, ["0", "5", "-15"]],
    [{ type: "integer", maximum: 2 ** 63 }, ["5", "999999999999999999"]],
    [{ type: "integer", format: "int32" }, ["2147483647", "-2147483648"]],
    [{ type: "integer", enum: [1, 2] }, ["1", "2"]],
    [{ type: "number" }, ["0", "-1.50", "3.14", "123456789012345", "0.00000000000001"]],
    [{ type: "number", multipleOf: 0.01 }, ["19.99", "0.07", "5", "1.1", "1.100"]],
    [{ type: "number", multipleOf: 0.25, minimum: 0 }, ["0.75", "2", "0"]],
    [{ type: "boolean" }, ["true", "false"]],
    [{ type: "boolean", const: true }, ["true"]],
    [{ enum: ["A", "Ä", "B"] }, ["A", "Ä"]],
    [{ enum: [1, 2.5] }, ["1", "2.5"]],
    [{ type: ["integer", "null"], minimum: 0 }, ["0", "5"]],
    [{ anyOf: [{ type: "integer", minimum: 3 }, { type: "null" }] }, ["3"]],
    [{ type: ["integer", "string"] }, ["3", "x", "007"]],
    [{ allOf: [{ type: "string", minLength: 2 }, { maxLength: 3 }] }, ["ab", "€€€", "😀😀"]],
    [{ type: "string", pattern: "^[A-Z]{3}$" }, ["ABC"]],
    [{ pattern: "b" }, ["abc", "éb😀"]],
    [{ format: "date" }, ["2026-01-31", "2024-02-29", "2000-02-29", "0000-12-31"]],
    [{ format: "time" }, ["23:59:59Z", "00:00:00.123+05:30", "12:00:00-23:59"]],
    [{ format: "date-time" }, ["2026-01-31T23:59:59Z", "2024-02-29T00:00:00.5-08:00"]],
    [{ format: "iso-date-time" }, ["2026-01-31T23:59:59Z"]],
    [{ format: "email" }, ["a@b.c", "first.last+tag@mail.example-host.com", "A_%-1@X1.Y2"]],
    [{ format: "uuid" }, ["123e4567-e89b-12d3-a456-426614174000", "123E4567-E89B-12D3-A456-426614174000"]],
    [
      { format: "uri" },
      [
        "https://example.com",
        "s3://bucket/key.csv",
        "http://h:80/a//b?x=1&y=2#z",
        "a+b.c-1://h?/?",
        "http://h:#",
        "x://h:8/",
      ],
    ],
    [{ format: "ipv4" }, ["0.0.0.0", "255.255.255.255", "192.0.2.1"]],
  ])("accept the common forms of %j", (property, texts) => {
    const look = looker(property);
    for (const text of texts) expect(look(text), text).toEqual({ accepted: true, failure: undefined });
  });

  test.each([
    [{ type: "integer" }, ["1.0", "1e3", "1234567890123456789"]],
    [{ type: "number" }, ["1e5", "1234567890.1234567", "1234567890123456"]],
    [{ enum: [1] }, ["1.0", "1e0"]],
    [{ format: "time" }, ["23:59:60Z", "12:00:00z", "12:00:00+05"]],
    [{ format: "date-time" }, ["2026-01-31t00:00:00Z", "2026-01-31 00:00:00Z"]],
    [{ format: "email" }, ["o'neill@b.c", "a!b@c.d"]],
    [{ format: "uuid" }, ["urn:uuid:123e4567-e89b-12d3-a456-426614174000"]],
    [{ format: "uri" }, ["mailto:a@b.c", "http://h/%20", "http://[::1]/", "http://u@h/"]],
    [{ format: "hostname" }, ["example.com"]],
    [{ pattern: "\\bno\\b" }, ["no"]],
    [{ not: { const: "x" } }, ["y"]],
  ])("leave the unusual forms of %j to the exact check, which accepts them", (property, texts) => {
    const look = looker(property);
    for (const text of texts) expect(look(text), text).toEqual({ accepted: false, failure: undefined });
  });

  test.each([
    [{ type: "integer" }, ["007", "+5", " 5", "5 ", "", "-", "1.5", "1e999", "0x10", "１"]],
    [{ type: "number" }, [".5", "5.", "1e999", "NaN", "Infinity", "-", "1,5", "00", "1e", "--1"]],
    [{ type: "number", multipleOf: 0.01 }, ["19.999", "0.001"]],
    // As doubles they are the limit itself.
    [{ type: "integer", exclusiveMinimum: 2 ** 53 }, ["9007199254740993"]],
    [{ type: "integer", exclusiveMaximum: -(2 ** 53) }, ["-9007199254740993"]],
    [{ type: "boolean" }, ["TRUE", "1", "yes", "true "]],
    [
      { format: "date" },
      ["2026-02-29", "1900-02-29", "2026-13-01", "2026-00-10", "2026-01-00", "2026-04-31", "26-01-01"],
    ],
    [{ format: "time" }, ["24:00:00Z", "12:60:00Z", "12:00:00", "12:00:00.Z", "12:00:00+24:00"]],
    [
      { format: "email" },
      ["a@", "@b.c", "a@b", "a..b@c.d", ".a@b.c", "a.@b.c", "a@-b.c", "a@b-.c", "a@b..c", "a@b.c."],
    ],
    [{ format: "uri" }, ["http//x", "://x", "http://h#a#b", "1a://h", "http://h/ä", "http://h/ "]],
    [{ format: "ipv4" }, ["1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1..2.3", "1.2.3.4 "]],
    [{ format: "uuid" }, ["123e4567e89b12d3a456426614174000", "123e4567-e89b-12d3-a456-42661417400g"]],
  ])("and the exact check refuse what is not of %j", (property, texts) => {
    const look = looker(property);
    for (const text of texts.filter((one) => one !== "")) {
      const { accepted, failure } = look(text);
      expect({ text, accepted, refused: failure !== undefined }).toEqual({ text, accepted: false, refused: true });
    }
  });
});

const limits = [
  0,
  -0,
  1,
  -1,
  1.5,
  -1.5,
  5,
  10,
  100,
  0.1,
  0.3,
  1e15,
  9007199254740991,
  9007199254740992,
  -9007199254740992,
  1e18,
  -1e18,
  2 ** 63,
  1e300,
  1e-7,
];
const numbers = [
  "0",
  "-0",
  "1",
  "-1",
  "2",
  "5",
  "9",
  "10",
  "11",
  "99",
  "100",
  "101",
  "0.1",
  "0.10",
  "0.3",
  "0.30000000000000004",
  "1.5",
  "-1.5",
  "1.50",
  "19.99",
  "1.0",
  "1e2",
  "1E+2",
  "1e-1",
  "1e999",
  "007",
  "+1",
  " 1",
  ".5",
  "5.",
  "999999999999999",
  "1000000000000000",
  "9007199254740991",
  "9007199254740992",
  "9007199254740993",
  "9007199254740994",
  "9007199254740995",
  "-9007199254740993",
  "-9007199254740992",
  "999999999999999999",
  "1000000000000000000",
  "9223372036854775807",
  "123456789012345678901234567890",
  "2147483647",
  "2147483648",
  "0.0000001",
  "123456789.123456",
  "x",
  "true",
];
const number = fc.oneof(
  fc.constantFrom(...numbers),
  fc.integer({ min: -200, max: 200 }).map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc
    .tuple(fc.integer({ min: -9999, max: 9999 }), fc.integer({ min: 0, max: 4 }))
    .map(([whole, scale]) => (whole / 10 ** scale).toFixed(scale)),
);

const numeric = fc
  .record(
    {
      type: fc.constantFrom("integer", "number"),
      minimum: fc.constantFrom(...limits),
      maximum: fc.constantFrom(...limits),
      exclusiveMinimum: fc.constantFrom(...limits),
      exclusiveMaximum: fc.constantFrom(...limits),
      multipleOf: fc.constantFrom(1, 2, 5, 0.5, 0.1, 0.01, 0.25, 2.5, 1e-7, 3, 1e15, 7e20),
      format: fc.constantFrom("int32", "int64", "double"),
      enum: fc.subarray([1, 2, 10, 0.1, 1e21, -1.5, 9007199254740992], { minLength: 1 }),
    },
    { requiredKeys: ["type"] },
  )
  .chain((property) => someOf(property, ["type"]));

const formatNames = [
  "date",
  "time",
  "date-time",
  "iso-time",
  "iso-date-time",
  "email",
  "uuid",
  "uri",
  "ipv4",
  "hostname",
];
const seeds = [
  "2026-01-31",
  "2024-02-29",
  "1900-02-29",
  "2026-04-31",
  "23:59:59Z",
  "23:59:60Z",
  "12:00:00.5+05:30",
  "2026-01-31T23:59:59Z",
  "2026-01-31 10:00:00",
  "a@b.c",
  "first.last@example.com",
  "https://example.com/a?b#c",
  "s3://b/k",
  "1.2.3.4",
  "255.255.255.256",
  "123e4567-e89b-12d3-a456-426614174000",
  "abc",
  "ABC",
  "A",
  "é€😀",
  "true",
  "12",
  "",
];
/** A text with one character taken out, doubled or replaced. */
const mutated = fc
  .tuple(
    fc.constantFrom(...seeds),
    fc.nat(40),
    fc.constantFrom("", "0", "9", "-", ".", "@", ":", "/", "Z", "é", "😀", "\n", " ", "%", "T"),
    fc.nat(2),
  )
  .map(([seed, at, character, cut]) => {
    const points = Array.from(seed);
    points.splice(at % (points.length + 1), cut, character);
    return points.join("");
  });
const words = fc.oneof(fc.constantFrom(...seeds), mutated, fc.string({ unit: "grapheme", maxLength: 8 }));
const textual = fc
  .record(
    {
      type: fc.constant("string"),
      minLength: fc.nat(6),
      maxLength: fc.nat(12),
      format: fc.constantFrom(...formatNames),
      pattern: fc.constantFrom("^[A-Z]{3}$", "b", "^\\p{L}+$", "^.{1,4}$", "\\d$", "\\bA\\b", "^(?:é|€|😀)+$"),
      enum: fc.subarray(["A", "ABC", "é€😀", "true", "12"], { minLength: 1 }),
      const: fc.constantFrom("A", "abc"),
    },
    { requiredKeys: [] },
  )
  .chain((property) => someOf(property, []));

const plain = fc.oneof(
  { weight: 3, arbitrary: fc.record({ property: numeric, texts: fc.array(number, { minLength: 6, maxLength: 12 }) }) },
  { weight: 3, arbitrary: fc.record({ property: textual, texts: fc.array(words, { minLength: 6, maxLength: 12 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      property: fc.constantFrom(
        { type: "boolean" },
        { type: "boolean", const: false },
        { type: ["integer", "string"] },
        { type: ["integer", "boolean"] },
        { enum: [1, "A", true] },
        { enum: [1, 2, 0.1] },
        true,
        false,
      ),
      texts: fc.array(fc.oneof(number, words), { minLength: 6, maxLength: 12 }),
    }),
  },
);

/** The same below allOf, anyOf with null, and not. */
const column = fc
  .tuple(plain, fc.constantFrom("plain", "plain", "allOf", "nullable", "not"))
  .map(([{ property, texts }, shape]) => ({
    property:
      shape === "allOf"
        ? { allOf: [property, property] }
        : shape === "nullable"
          ? { anyOf: [property, { type: "null" }] }
          : shape === "not" && typeof property === "object"
            ? { ...property, not: property }
            : property,
    texts,
  }));

/** Every keyword at once leaves nothing over to accept: two of them, and those that have to be. */
function someOf(property: Readonly<Record<string, unknown>>, always: readonly string[]) {
  const keys = Object.keys(property).filter((key) => !always.includes(key));
  return fc
    .shuffledSubarray(keys)
    .map((some) => Object.fromEntries([...always, ...some.slice(0, 2)].map((key) => [key, property[key]])));
}
