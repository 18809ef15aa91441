import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileSchema } from "../../../workers/checks/compileSchema.ts";
import { formats } from "../../../workers/checks/formats.ts";
import { WorkerFault } from "../../../workers/model/fault.ts";

const uri = "s3://bucket/schema.json";

/** Judges one text in a column `a` with this property schema. */
function judge(property: unknown, text: string) {
  return compileSchema({ properties: { a: property } }, ["a"], uri).judgeField(0, text);
}

function faultOf(work: () => unknown): WorkerFault {
  try {
    work();
  } catch (error) {
    if (error instanceof WorkerFault) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

const faultFor = (schema: unknown, header: readonly string[] = ["a"]): WorkerFault =>
  faultOf(() => compileSchema(schema, header, uri));

describe("compileSchema", () => {
  test("takes every column as text when there is no schema", () => {
    const checks = compileSchema(null, ["a", "b"], uri);
    expect(checks.columns.map(({ column }) => column)).toEqual([
      { name: "a", type: "string" },
      { name: "b", type: "string" },
    ]);
    expect(checks.columns.every(({ required, unique, alwaysSuspect }) => !required && !unique && !alwaysSuspect)).toBe(
      true,
    );
    expect(checks.judgeField(1, "anything")).toBeUndefined();
    expect(checks.judgesRecords).toBe(false);
  });

  test("gives the columns of the file in its order, with the types that messages use", () => {
    const schema = {
      $schema: "http://json-schema.org/draft-07/schema#",
      type: "object",
      properties: {
        id: { type: "integer", "x-unique": true },
        price: { type: ["number", "null"] },
        flag: { type: "boolean" },
        either: { type: ["integer", "string"] },
        level: { enum: [1, 2] },
        secret: { type: "string", "x-sensitive": true },
        optional: { anyOf: [{ type: "integer" }, { type: "null" }] },
      },
      required: ["id", "optional"],
    };
    const header = ["secret", "extra", "id", "price", "flag", "either", "level", "optional"];
    const checks = compileSchema(schema, header, uri);
    expect(Object.fromEntries(checks.columns.map(({ column }) => [column.name, column.type]))).toEqual({
      secret: "string",
      extra: "string",
      id: "integer",
      price: "number",
      flag: "boolean",
      either: "string",
      level: "number",
      optional: "integer",
    });
    expect(checks.columns.filter(({ required }) => required).map(({ column }) => column.name)).toEqual(["id"]);
    expect(checks.columns.filter(({ unique }) => unique).map(({ column }) => column.name)).toEqual(["id"]);
    expect(checks.sensitive).toEqual([true, false, false, false, false, false, false, false]);
  });

  test.each([
    [{ type: "integer" }, "007", "type", "an integer"],
    [{ type: "integer" }, "1e999", "type", "an integer"],
    [{ type: "integer", minimum: 1 }, "0", "minimum", "an integer of at least 1"],
    [{ type: "integer", minimum: 1 }, "x", "type", "an integer"],
    [{ type: "number", exclusiveMaximum: 0.5 }, "0.5", "exclusiveMaximum", "a number below 0.5"],
    [{ type: "number", multipleOf: 0.01 }, "19.999", "multipleOf", "a multiple of 0.01"],
    [{ type: "boolean" }, "yes", "type", "true or false"],
    [{ type: ["integer", "boolean", "null"] }, "x", "type", "an integer or true or false"],
    [{ anyOf: [{ type: "integer" }, { type: "null" }] }, "x", "type", "an integer"],
    [{ enum: ["A", "B", null] }, "C", "enum", 'one of "A", "B"'],
    [{ enum: [1, 2] }, "3", "enum", "one of 1, 2"],
    [{ const: "A" }, "B", "const", '"A"'],
    [{ maxLength: 2 }, "abc", "maxLength", "at most 2 characters"],
    [{ minLength: 1, maxLength: 1 }, "😀😀", "maxLength", "at most 1 character"],
    [{ pattern: "^[A-Z]{3}$" }, "abc", "pattern", "text that matches ^[A-Z]{3}$"],
    [{ format: "date" }, "2026-02-30", "format", "a date like 2026-01-31"],
    [
      { type: "string", anyOf: [{ format: "date" }, { format: "email" }] },
      "x",
      "anyOf",
      "a match for at least one of 2 alternatives of the schema",
    ],
    [{ not: { const: "x" } }, "x", "not", "a value that the schema does not exclude (not)"],
    [false, "x", "false schema", "no value"],
    [
      { allOf: [{ maxLength: 2 }, { maxLength: 3 }] },
      "abc",
      "maxLength",
      "at most 2 characters and at most 3 characters",
    ],
    [{ type: "null" }, "x", "type", "no value"],
  ])("refuses with %j the value %s, naming %s", (property, text, rule, expected) => {
    expect(judge(property, text)).toEqual({ rule, expected });
  });

  test.each([
    [{ type: "number", multipleOf: 0.01 }, "19.99"],
    [{ type: "number", multipleOf: 0.1 }, "0.3"],
    [{ type: "number", multipleOf: 1e-7 }, "1.2345678e1"],
    [{ type: "integer" }, "1e3"],
    [{ type: "integer" }, "5.0"],
    [{ type: ["integer", "string"] }, "5.5"],
    [{ type: ["boolean", "string"], const: true }, "true"],
    [{ maxLength: 1 }, "😀"],
  ])("accepts with %j the value %s", (property, text) => {
    expect(judge(property, text)).toBeUndefined();
  });

  test("gives the same failure object for every value that breaks the same rule", () => {
    const checks = compileSchema({ properties: { a: { type: "integer" } } }, ["a"], uri);
    expect(checks.judgeField(0, "x")).toBe(checks.judgeField(0, "y"));
  });

  test("makes an empty field an error only where the column is required and does not allow null", () => {
    const properties = { a: { type: "integer" }, b: { type: ["integer", "null"] }, c: { type: "integer" } };
    const checks = compileSchema({ properties, required: ["a", "b"] }, ["a", "b", "c"], uri);
    expect(checks.judgeField(0, "")).toEqual({ rule: "required", expected: "a value" });
    expect(checks.judgeField(1, "")).toBeUndefined();
    expect(checks.judgeField(2, "")).toBeUndefined();
  });

  test("keeps the patterns of several columns apart", () => {
    const checks = compileSchema({ properties: { a: { pattern: "^a$" }, b: { pattern: "^b$" } } }, ["a", "b"], uri);
    expect([checks.judgeField(0, "a"), checks.judgeField(1, "b")]).toEqual([undefined, undefined]);
    expect([checks.judgeField(0, "b")?.rule, checks.judgeField(1, "a")?.rule]).toEqual(["pattern", "pattern"]);
  });

  test("matches patterns without going back, also in the exact check", () => {
    const property = { pattern: "^(\\w+\\s?)*$", minLength: 2 };
    expect(judge(property, `${"a".repeat(100_000)}!`)?.rule).toBe("pattern");
  });

  test.each([...formats].filter(([, { about }]) => about === "text").map(([name]) => name))(
    "decides the format %s in linear time",
    (format) => {
      const checks = compileSchema({ properties: { a: { format } } }, ["a"], uri);
      for (const start of ["", "a@", "http://a/", "{", "P", "::", "12:00:00."]) {
        for (const repeated of ["a", "a.", "0", "1:", ":", "/", "%", "T", "{a,", "AAAA\n"]) {
          for (const end of ["", "!"]) {
            const text = start + repeated.repeat(10_000) + end;
            expect(() => checks.judgeField(0, text)).not.toThrow();
          }
        }
      }
    },
  );

  test("follows references: into definitions, by name, by the schema's own $id, and with strange names", () => {
    const schema = {
      $id: "https://example.com/record.json",
      type: "object",
      properties: {
        a: { $ref: "#/$defs/code" },
        b: { $ref: "#short", maxLength: 2 },
        c: { $ref: "https://example.com/record.json#/definitions/a~1b%25%20%23" },
        d: { $ref: "#/properties/c" },
      },
      $defs: { code: { type: "integer", minimum: 5 }, short: { $anchor: "short", type: "string", pattern: "^x" } },
      definitions: { "a/b% #": { type: "boolean" } },
    };
    const checks = compileSchema(schema, ["a", "b", "c", "d"], uri);
    expect(checks.columns.map(({ column }) => column.type)).toEqual(["integer", "string", "boolean", "boolean"]);
    expect(checks.judgeField(0, "4")?.expected).toBe("an integer of at least 5");
    expect(checks.judgeField(1, "xyz")?.rule).toBe("maxLength");
    expect(checks.judgeField(1, "yx")?.rule).toBe("pattern");
    expect(checks.judgeField(3, "no")?.rule).toBe("type");
    expect(checks.columns.some(({ alwaysSuspect }) => alwaysSuspect)).toBe(false);
  });

  test("takes columns out of a root that is a reference, and out of allOf", () => {
    const schema = {
      $ref: "#/definitions/Order",
      definitions: {
        Base: { type: "object", properties: { id: { type: "integer" } }, required: ["id"] },
        Order: {
          allOf: [{ $ref: "#/definitions/Base" }, { properties: { id: { minimum: 1 }, note: { maxLength: 3 } } }],
        },
      },
    };
    const checks = compileSchema(schema, ["id", "note"], uri);
    expect(checks.judgesRecords).toBe(false);
    expect(checks.columns[0]?.required).toBe(true);
    expect(checks.judgeField(0, "0")).toEqual({ rule: "minimum", expected: "an integer of at least 1" });
    expect(checks.judgeField(1, "long")?.rule).toBe("maxLength");
  });

  test("treats columns called like parts of every object as any other", () => {
    const names = ["constructor", "toString", "__proto__", "hasOwnProperty"];
    const properties = JSON.parse('{"__proto__": {"type": "integer"}, "constructor": {"type": "integer"}}');
    const checks = compileSchema(
      { properties, required: ["constructor"], dependentRequired: { constructor: ["toString"] } },
      names,
      uri,
    );
    expect(checks.judgeField(0, "x")?.rule).toBe("type");
    expect(checks.judgeField(2, "x")?.rule).toBe("type");
    expect(checks.judgeField(1, "x")).toBeUndefined();
    expect(checks.judgeRecord(["1", "", "", ""])?.column).toBe(1);
    expect(checks.judgeRecord(["", "", "", ""])).toBeUndefined();
    expect(faultFor({ required: ["valueOf"] }).message).toContain('requires the column "valueOf"');
  });
});

/** Values that the fields become, with the types that `typed` gives them. */
function toObject(values: Readonly<Record<string, string>>): Record<string, unknown> {
  const entries = Object.entries(values).filter(([, text]) => text !== "");
  return Object.fromEntries(entries.map(([name, text]) => [name, name === "t" ? text : Number(text)]));
}

const typed = { t: { type: "string" }, i: { type: "integer" }, n: { type: "number" } };

const constraint = fc.constantFrom(
  { properties: { i: { minimum: 2 } } },
  { properties: { n: { exclusiveMaximum: 2.5 }, t: { maxLength: 1 } } },
  { properties: { t: { enum: ["a", "b"] } }, required: ["t"] },
  { required: ["i"] },
  { dependentRequired: { n: ["i", "t"] } },
  { dependencies: { t: ["n"] } },
  { minProperties: 2 },
  { maxProperties: 2 },
  { not: { required: ["n"] } },
  { $ref: "#/$defs/small" },
  { additionalProperties: { type: ["string", "number"] } },
);

const rule: fc.Arbitrary<Record<string, unknown>> = fc.letrec<{ rule: Record<string, unknown> }>((tie) => ({
  rule: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    constraint,
    fc.array(tie("rule"), { minLength: 1, maxLength: 2 }).map((allOf) => ({ allOf })),
    fc.array(tie("rule"), { minLength: 1, maxLength: 2 }).map((anyOf) => ({ anyOf })),
    fc.array(tie("rule"), { minLength: 1, maxLength: 2 }).map((oneOf) => ({ oneOf })),
    fc.tuple(tie("rule"), tie("rule"), tie("rule")).map(([when, then, other]) => ({ if: when, then, else: other })),
  ),
})).rule;

describe("rules between columns", () => {
  test("together with the columns' own say what ajv says of the whole record", () => {
    const header = ["t", "i", "n"];
    let valid = 0;
    fc.assert(
      fc.property(
        rule,
        fc.array(
          fc.record({
            t: fc.constantFrom("", "a", "b", "ab", "c"),
            i: fc.constantFrom("", "1", "2", "3"),
            n: fc.constantFrom("", "0.5", "2.5", "7"),
          }),
          { minLength: 4, maxLength: 8 },
        ),
        (root, records) => {
          const schema = { properties: typed, allOf: [root], $defs: { small: { properties: { i: { maximum: 2 } } } } };
          const checks = compileSchema(schema, header, uri);
          const whole = new Ajv2020({ strict: false, meta: false, validateSchema: false }).compile(schema);
          for (const record of records) {
            const texts = header.map((name) => record[name as "t"]);
            const fine =
              texts.every((text, index) => checks.judgeField(index, text) === undefined) &&
              checks.judgeRecord(texts) === undefined;
            if (fine) valid += 1;
            expect(fine, `${JSON.stringify(root)} on ${JSON.stringify(record)}`).toBe(whole(toObject(record)));
          }
        },
      ),
      { numRuns: 80 },
    );
    expect(valid).toBeGreaterThan(20);
  });

  const schema = {
    properties: {
      kind: { enum: ["card", "cash"] },
      number: { type: "string" },
      paid: { type: "number" },
      tip: { type: ["number", "null"] },
    },
    if: { properties: { kind: { const: "card" } }, required: ["kind"] },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
    then: { required: ["number"], properties: { paid: { minimum: 1 } } },
    dependentRequired: { tip: ["paid"] },
    minProperties: 1,
  };
  const checks = compileSchema(schema, ["kind", "number", "paid", "tip"], uri);

  test("are judged on the whole record, with values of the columns' types", () => {
    expect(checks.judgesRecords).toBe(true);
    expect(checks.judgeRecord(["card", "4111", "5", ""])).toBeUndefined();
    expect(checks.judgeRecord(["cash", "", "0", ""])).toBeUndefined();
    expect(checks.judgeRecord(["card", "4111", "0.5", ""])).toEqual({
      column: 2,
      failure: { rule: "minimum", expected: "a number of at least 1, by a rule for the whole record" },
    });
  });

  test("take an empty field for a missing value and name its column", () => {
    expect(checks.judgeRecord(["card", "", "5", ""])).toEqual({
      column: 1,
      failure: { rule: "required", expected: "a value, by a rule for the whole record" },
    });
    expect(checks.judgeRecord(["cash", "", "", "1"])).toEqual({
      column: 2,
      failure: { rule: "dependentRequired", expected: 'a value, because "tip" has one' },
    });
  });

  test("are about no column when they are about the record", () => {
    expect(checks.judgeRecord(["", "", "", ""])).toEqual({
      column: -1,
      failure: { rule: "minProperties", expected: "at least 1 column with a value, by a rule for the whole record" },
    });
    const either = compileSchema({ anyOf: [{ required: ["a"] }, { required: ["b"] }] }, ["a", "b"], uri);
    expect(either.judgeRecord(["", "x"])).toBeUndefined();
    expect(either.judgeRecord(["", ""])).toEqual({
      column: -1,
      failure: {
        rule: "anyOf",
        expected: "a match for at least one of 2 alternatives of the schema, by a rule for the whole record",
      },
    });
  });

  test("know the types of columns that they alone describe", () => {
    const rules = {
      oneOf: [{ properties: { a: { type: "integer", minimum: 5 } } }, { properties: { a: { const: "none" } } }],
    };
    const one = compileSchema(rules, ["a"], uri);
    expect(one.columns[0]).toMatchObject({ column: { type: "string" }, alwaysSuspect: false });
    expect(["7", "none"].map((text) => one.judgeRecord([text]))).toEqual([undefined, undefined]);
    expect(one.judgeRecord(["3"])?.failure.rule).toBe("oneOf");
  });
});

describe("a file whose columns are not those of the schema", () => {
  test("is refused with all of them in one message", () => {
    const schema = {
      properties: { id: {}, name: {}, amount: {} },
      required: ["id", "name", "amount"],
      additionalProperties: false,
    };
    const fault = faultFor(schema, ["id", "Name", "extra"]);
    expect(fault.outcome).toBe("data-refused");
    expect(fault.message).toBe(
      `the columns do not match the schema ${uri}: ` +
        'the schema requires the column "name", which the file does not have (did you mean "Name"?); ' +
        'the schema requires the column "amount", which the file does not have; ' +
        'the file has the column "Name", which the schema does not allow (did you mean "name"?); ' +
        'the file has the column "extra", which the schema does not allow',
    );
  });

  test("has its other columns judged by a schema in additionalProperties", () => {
    const schema = { properties: { a: {} }, additionalProperties: { type: "integer" } };
    const checks = compileSchema(schema, ["a", "b"], uri);
    expect(checks.judgeField(0, "x")).toBeUndefined();
    expect(checks.judgeField(1, "x")?.rule).toBe("type");
  });

  test("may have fewer columns than the schema when none of them is required", () => {
    expect(compileSchema({ properties: { a: {}, b: { type: "integer" } } }, ["a"], uri).columns).toHaveLength(1);
  });

  test("is refused for columns that no part of the schema names when unevaluatedProperties is false", () => {
    const schema = { allOf: [{ properties: { a: {} } }], unevaluatedProperties: false };
    expect(compileSchema(schema, ["a"], uri).columns).toHaveLength(1);
    expect(faultFor(schema, ["a", "b"]).message).toContain('the column "b"');
  });
});

describe("a schema that cannot be used", () => {
  const bad: readonly (readonly [unknown, string])[] = [
    [[], "the schema as a whole: found [], expected a JSON object that is a schema"],
    ["x", 'the schema as a whole: found "x"'],
    [{ properties: { a: { minimum: "5" } } }, '/properties/a/minimum: found "5", expected a number'],
    [{ properties: { a: { type: "int" } } }, '/properties/a/type: found "int", expected one of string, integer'],
    [{ properties: { a: { type: [] } } }, "/properties/a/type"],
    [{ properties: { a: { minLength: -1 } } }, "/properties/a/minLength: found -1, expected an integer of at least 0"],
    [{ properties: { a: { type: "number", multipleOf: 0 } } }, "/properties/a/multipleOf: found 0"],
    [{ properties: { a: { enum: "A" } } }, '/properties/a/enum: found "A", expected a list'],
    [{ properties: { a: { allOf: [] } } }, "/properties/a/allOf"],
    [{ properties: { a: 5 } }, "/properties"],
    [{ required: "a" }, '/required: found "a", expected a list of different column names'],
    [{ required: ["a", "a"] }, "/required"],
  ];
  const strict: readonly (readonly [unknown, string])[] = [
    [
      { properties: { a: { maxlength: 5 } } },
      '/properties/a/maxlength: found "maxlength", expected the keyword maxLength',
    ],
    [{ properties: { a: { nullable: true } } }, 'expected a list of types like ["integer", "null"]'],
    [
      { properties: { a: { type: "object" } } },
      "expected string, integer, number, boolean or null: a column has one value",
    ],
    [{ properties: { a: { items: {} } } }, "/properties/a/items"],
    [{ properties: { a: { properties: {} } } }, "no keyword about objects here"],
    [{ properties: { a: { format: "dat" } } }, '/properties/a/format: found "dat", expected one of date, '],
    [{ properties: { a: { format: "url" } } }, "int32, int64, float, double (did you mean uri?)"],
    [
      { properties: { a: { pattern: "(a" } } },
      '/properties/a/pattern: found "(a", expected a pattern that can be matched in linear time: unterminated group',
    ],
    [{ properties: { a: { pattern: "(?=a)" } } }, "the lookahead (?=a) at character 1 cannot be used"],
    [{ properties: { a: { $ref: "https://example.com/x.json" } } }, "/properties/a/$ref"],
    [{ properties: { a: { $ref: "#/$defs/none" } } }, "expected a reference to a part of this schema"],
    [{ properties: { a: { $ref: "#/$defs/__proto__" } }, $defs: {} }, "expected a reference to a part of this schema"],
    [{ properties: { a: { $ref: "#/properties/a" } } }, "expected references without a cycle"],
    [
      { $defs: { x: { anyOf: [{ $ref: "#/$defs/x" }] } }, properties: { a: { $ref: "#/$defs/x" } } },
      "expected references without a cycle",
    ],
    [{ $defs: { x: { unknown: 1 } } }, "/$defs/x/unknown"],
    [{ $schema: "http://json-schema.org/draft-04/schema#" }, "/$schema"],
    [{ type: "array" }, "/type"],
    [{ minLength: 5 }, "/minLength"],
    [{ patternProperties: { "^a": {} } }, "/patternProperties"],
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
    [{ then: { required: ["a"] } }, "/then"],
    [
      { properties: { a: { type: "integer", maxLength: 5 } } },
      "/properties/a/maxLength: found 5, expected a column of type string, not integer",
    ],
    [
      { properties: { a: { minimum: 5 } } },
      "/properties/a/minimum: found 5, expected a column of type integer or number",
    ],
    [{ properties: { a: { enum: [["x"]] } } }, "/properties/a/enum"],
    [JSON.parse('{"anyOf":[{"properties":{"__proto__":{}}}]}'), "/anyOf/0/properties"],
    [{ anyOf: [{ unevaluatedProperties: false }] }, "/anyOf/0/unevaluatedProperties"],
    [{ properties: { a: { "x-unique": "yes" } } }, "/properties/a/x-unique"],
    [{ properties: { "a/b": { minimum: "5" } } }, "/properties/a~1b/minimum"],
  ];

  test.each([...bad, ...strict])("is refused: %j", (schema, message) => {
    const fault = faultFor(schema);
    expect(fault.outcome).toBe("configuration");
    expect(fault.message).toContain(`the schema ${uri} cannot be used: `);
    expect(fault.message).toContain(message);
  });

  test("is refused wherever the metaschema refuses it", () => {
    const ajv = new Ajv2020({ strict: false });
    for (const [schema] of bad.filter(([one]) => typeof one === "object" && !Array.isArray(one))) {
      expect(ajv.validateSchema(schema as object), JSON.stringify(schema)).toBe(false);
    }
  });

  test("is refused with every problem at once, and says when the list is cut", () => {
    const properties = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`c${index}`, { type: "text" }]));
    const { message } = faultFor({ properties });
    expect(message).toContain("/properties/c0/type");
    expect(message).toContain("/properties/c19/type");
    expect(message).toContain("; and 10 more");
  });

  test("is refused when it is deeper than anybody can read", () => {
    let node: unknown = { type: "string" };
    for (let depth = 0; depth < 5000; depth += 1) node = { not: node };
    expect(faultFor({ properties: { a: node } }).message).toContain("nested at most 100 levels deep");
  });

  test("may carry notes and keywords of its own", () => {
    const notes = {
      title: "t",
      description: "d",
      default: 1,
      examples: [1],
      $comment: "c",
      deprecated: true,
      "x-owner": { any: 1 },
    };
    expect(compileSchema({ ...notes, properties: { a: notes } }, ["a"], uri).columns[0]?.alwaysSuspect).toBe(false);
  });
});
