import { describe, expect, test } from "vitest";
import { compileSchema } from "../../../workers/checks/compileSchema.ts";
import { WorkerFault } from "../../../workers/model/fault.ts";

const uri = "file:///table.json";

const compile = (schema: unknown, header: readonly string[]) => compileSchema(schema, header, uri);

/** Judges one text in a table of this one field. */
const judge = (field: object, text: string) =>
  compile({ fields: [{ name: "a", ...field }] }, ["a"]).judgeField(0, text);

function faultFor(schema: unknown, header: readonly string[] = ["a"]): WorkerFault {
  try {
    compile(schema, header);
  } catch (error) {
    if (error instanceof WorkerFault) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("a Frictionless Table Schema", () => {
  test.each([
    [{}, ["x"], []],
    [{ type: "any" }, ["x", "1"], []],
    [{ type: "string", format: "email" }, ["a@b.c"], ["x"]],
    [{ type: "string", format: "uri" }, ["https://x.y"], ["x"]],
    [{ type: "string", format: "uuid" }, ["123e4567-e89b-12d3-a456-426614174000"], ["x"]],
    [{ type: "integer" }, ["5"], ["5.5", "x"]],
    [{ type: "number", decimalChar: "." }, ["5.5"], ["x"]],
    [{ type: "boolean", trueValues: ["true"] }, ["true"], ["1"]],
    [{ type: "date" }, ["2026-01-31"], ["31.01.2026"]],
    [{ type: "date", format: "%Y-%m-%d" }, ["2026-01-31"], ["31.01.2026"]],
    [{ type: "time" }, ["12:00:00", "12:00:00Z"], ["12:00"]],
    [{ type: "datetime" }, ["2026-01-31T12:00:00Z", "2026-01-31T12:00:00"], ["2026-01-31"]],
    [{ type: "year", constraints: { maximum: 2030 } }, ["2026", "1000"], ["26", "2031", "999"]],
    [{ type: "integer", constraints: { minimum: "1", maximum: 5 } }, ["1", "5"], ["0", "6"]],
    [{ type: "number", constraints: { exclusiveMinimum: 0, exclusiveMaximum: 1 } }, ["0.5"], ["0", "1"]],
    [{ type: "string", constraints: { minLength: 2, maxLength: 3 } }, ["ab"], ["a", "abcd"]],
    [{ type: "string", constraints: { enum: ["A", "B"] } }, ["A"], ["C"]],
    [{ type: "integer", constraints: { enum: ["1", 2] } }, ["1", "2"], ["3"]],
    [{ type: "boolean", constraints: { enum: ["true"] } }, ["true"], ["false"]],
    // The whole value has to match, whichever alternative.
    [{ type: "string", constraints: { pattern: "a|b" } }, ["a", "b"], ["ab", "xb"]],
  ])("means by %j that %j are fine and %j are not", (field, good, bad) => {
    for (const text of good) expect(judge(field, text), text).toBeUndefined();
    for (const text of bad) expect(judge(field, text), text).toBeDefined();
  });

  test("gives required, unique and sensitive columns, and makes a primary key both", () => {
    const schema = {
      fields: [
        { name: "id", type: "integer" },
        { name: "mail", constraints: { required: true, unique: true }, "x-sensitive": true },
        { name: "note" },
        { name: "code" },
      ],
      primaryKey: ["id"],
      uniqueKeys: [["code"]],
      missingValues: [""],
    };
    const checks = compile(schema, ["note", "mail", "code", "id"]);
    expect(checks.columns.map(({ column, required, unique }) => [column.name, column.type, required, unique])).toEqual([
      ["note", "string", false, false],
      ["mail", "string", true, true],
      ["code", "string", false, true],
      ["id", "integer", true, true],
    ]);
    expect(checks.sensitive).toEqual([false, true, false, false]);
  });

  test.each([
    [{ fields: ["a"] }, '/fields/0: found "a"'],
    [{ fields: [{ type: "string" }] }, "/fields/0: found"],
    [{ fields: [{ name: "a" }, { name: "a" }] }, '/fields/1/name: found "a"'],
    [{ fields: [{ name: "a", type: "strin" }] }, '/fields/0/type: found "strin", expected string'],
    [{ fields: [{ name: "a", type: "geopoint" }] }, '/fields/0/type: found "geopoint"'],
    [
      { fields: [{ name: "a", type: "date", format: "%d.%m.%Y" }] },
      '/fields/0/format: found "%d.%m.%Y", expected one of default',
    ],
    [{ fields: [{ name: "a", format: "binary" }] }, '/fields/0/format: found "binary"'],
    [{ fields: [{ name: "a", type: "number", decimalChar: "," }] }, '/fields/0/decimalChar: found ","'],
    [{ fields: [{ name: "a", type: "integer", bareNumber: false }] }, "/fields/0/bareNumber"],
    [{ fields: [{ name: "a", type: "boolean", trueValues: ["yes"] }] }, "/fields/0/trueValues"],
    [{ fields: [{ name: "a", constraint: {} }] }, '/fields/0/constraint: found "constraint", expected constraints'],
    [
      { fields: [{ name: "a", constraints: { minimum: 5 } }] },
      "/fields/0/constraints/minimum: found 5, expected no minimum for a field of type string",
    ],
    [
      { fields: [{ name: "a", type: "date", constraints: { minimum: "2026-01-01" } }] },
      "/fields/0/constraints/minimum",
    ],
    [{ fields: [{ name: "a", constraints: { maxlength: 5 } }] }, "expected maxLength"],
    [{ fields: [{ name: "a", constraints: { required: "yes" } }] }, "/fields/0/constraints/required"],
    [{ fields: [{ name: "a", constraints: { pattern: "(?=x)" } }] }, "/fields/0/constraints/pattern"],
    [{ fields: [{ name: "a", constraints: { maxLength: "x" } }] }, '/fields/0/constraints/maxLength: found "x"'],
    [{ fields: [{ name: "a" }, { name: "b" }], primaryKey: ["a", "b"] }, "/primaryKey"],
    [{ fields: [{ name: "a" }], primaryKey: "b" }, '/primaryKey: found "b", expected the name of a field'],
    [{ fields: [{ name: "a" }], foreignKeys: [{}] }, "/foreignKeys"],
    [{ fields: [{ name: "a" }], missingValues: ["", "NA"] }, "/missingValues"],
    [{ fields: [{ name: "a" }], fieldsMatch: "partial" }, "/fieldsMatch"],
    [{ fields: [{ name: "a" }], primarykey: "a" }, "expected primaryKey"],
  ])("is refused when it says what is not checked: %j", (schema, message) => {
    const fault = faultFor(schema);
    expect(fault.outcome).toBe("configuration");
    expect(fault.message).toContain(message);
  });

  test("wants its fields as the columns of the file, as fieldsMatch says", () => {
    const fields = [{ name: "a" }, { name: "b" }];
    expect(compile({ fields }, ["b", "a"]).columns).toHaveLength(2);
    expect(faultFor({ fields }, ["a"]).message).toContain('the schema has the field "b", which the file does not have');
    expect(faultFor({ fields }, ["a", "b", "c"]).message).toContain('the file has the column "c"');
    expect(faultFor({ fields }, ["a"]).outcome).toBe("data-refused");
    expect(faultFor({ fields, fieldsMatch: ["exact"] }, ["b", "a"]).message).toContain('column 1 of the file is "b"');
    expect(compile({ fields, fieldsMatch: "subset" }, ["a", "b", "c"]).columns).toHaveLength(3);
    expect(compile({ fields, fieldsMatch: "superset" }, ["b"]).columns).toHaveLength(1);
  });
});
