import { type DataColumn, missing } from "./dataColumn.ts";
import { writeDecimal } from "./recordColumns.ts";
import { writeLetters } from "./text.ts";

const codes = ["A1", "B2", "C3", "D4", "E5"] as const;

/** Many narrow columns, as measuring devices and data warehouses export them: integer, code, decimal, short text, in turns. */
export function shortColumns(count: number): readonly DataColumn[] {
  const kinds = [integerColumn, codeColumn, decimalColumn, textColumn];
  return Array.from({ length: count }, (_, index) => {
    const make = kinds[index % kinds.length] as (number: string) => DataColumn;
    return make(String(index + 1).padStart(3, "0"));
  });
}

function integerColumn(number: string): DataColumn {
  return {
    ...common,
    name: `count_${number}`,
    schema: { type: "integer", minimum: 0, maximum: 99_999 },
    duckdbType: "INTEGER",
    duckdbRule: (value) => `${value} BETWEEN 0 AND 99999`,
    write: (out, random) => out.digits(random.below(10 ** random.between(1, 5))),
    bad: [
      { rule: "maximum", write: (out, random) => out.digits(random.between(100_000, 999_999)) },
      { rule: "type", write: (out) => out.ascii("n/a") },
      missing,
    ],
  };
}

function codeColumn(number: string): DataColumn {
  return {
    ...common,
    name: `code_${number}`,
    schema: { enum: codes },
    duckdbType: "VARCHAR",
    duckdbRule: (value) => `${value} IN (${codes.map((code) => `'${code}'`).join(", ")})`,
    write: (out, random) => out.ascii(random.pick(codes)),
    bad: [
      { rule: "enum", write: (out) => out.ascii("A2") },
      { rule: "enum", write: (out) => out.ascii("b2") },
      missing,
    ],
  };
}

function decimalColumn(number: string): DataColumn {
  return {
    ...common,
    name: `value_${number}`,
    schema: { type: "number", minimum: 0, maximum: 1000 },
    duckdbType: "DOUBLE",
    duckdbRule: (value) => `${value} BETWEEN 0 AND 1000`,
    write: (out, random) => writeDecimal(out, random.below(10_000), 1),
    bad: [
      { rule: "maximum", write: (out, random) => writeDecimal(out, random.between(10_001, 99_999), 1) },
      { rule: "type", write: (out) => out.ascii("1.2.3") },
      missing,
    ],
  };
}

function textColumn(number: string): DataColumn {
  return {
    ...common,
    name: `text_${number}`,
    schema: { type: "string", maxLength: 8 },
    duckdbType: "VARCHAR",
    duckdbRule: (value) => `length(${value}) <= 8`,
    write: (out, random) => writeLetters(out, random, random.between(1, 8)),
    bad: [{ rule: "maxLength", write: (out, random) => writeLetters(out, random, random.between(9, 15)) }, missing],
  };
}

const common = { required: true, quotedShare: 0, emptyShare: 0 } as const;
