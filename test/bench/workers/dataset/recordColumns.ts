import type { ByteWriter } from "./byteWriter.ts";
import { type BadValue, type DataColumn, missing } from "./dataColumn.ts";
import type { Random } from "./random.ts";
import { writeLetters, writeText } from "./text.ts";

const statuses = ["new", "paid", "packed", "shipped", "returned", "cancelled"] as const;
const domains = ["a.example", "b7.example", "x-y.test", "m.z.test"] as const;
const countries = [
  "AT",
  "BE",
  "CH",
  "CZ",
  "DE",
  "DK",
  "ES",
  "FI",
  "FR",
  "GB",
  "IE",
  "IT",
  "NL",
  "NO",
  "PL",
  "PT",
  "SE",
] as const;

/** An order line as shops export them: eleven columns with a rule and one of free text. */
export const recordColumns: readonly DataColumn[] = [
  typed("id", { type: "integer", minimum: 1 }, "BIGINT", {
    rule: (value) => `${value} >= 1`,
    write: (out, random) => out.digits(random.between(1, 9_999_999)),
    bad: [
      bad("minimum", (out) => out.ascii("0")),
      bad("minimum", (out, random) => {
        out.ascii("-");
        out.digits(random.between(1, 9_999_999));
      }),
      bad("type", (out, random) => {
        out.digits(random.below(1000));
        // Not any letter: 0x12 is a number for DuckDB and for ajv, and so may be 1e5, 0b1 and 0o7.
        out.ascii("n");
        out.digits(random.below(1000));
      }),
      missing,
    ],
  }),
  typed("country", { enum: countries }, "VARCHAR", {
    rule: (value) => `${value} IN (${countries.map((country) => `'${country}'`).join(", ")})`,
    write: (out, random) => out.ascii(random.pick(countries)),
    bad: [bad("enum", (out) => out.ascii("at")), bad("enum", (out, random) => writeLetters(out, random, 3)), missing],
  }),
  typed("ordered_on", { type: "string", format: "date" }, "DATE", {
    write: writeDate,
    bad: [
      bad("format", (out, random) => writeDateOf(out, random.between(2015, 2026), 2, 30)),
      bad("format", (out, random) => writeDateOf(out, random.between(2015, 2026), 13, random.between(1, 28))),
      bad("format", (out) => out.ascii("unknown")),
      missing,
    ],
  }),
  typed("updated_at", { type: "string", format: "date-time" }, "TIMESTAMP", {
    write: (out, random) => writeDateTime(out, random, random.below(24)),
    bad: [
      bad("format", (out, random) => writeDateTime(out, random, random.between(25, 99))),
      bad("format", (out) => out.ascii("yesterday")),
      missing,
    ],
  }),
  typed(
    "amount",
    { type: "number", minimum: 0, maximum: 100_000, multipleOf: 0.01 },
    // One digit more than allowed, or DuckDB would round it away before it can be refused.
    "DECIMAL(12,3)",
    {
      rule: (value) => `${value} >= 0 AND ${value} <= 100000 AND ${value} % 0.01 = 0`,
      write: (out, random) => writeDecimal(out, random.between(0, 9_999_999), 2),
      bad: [
        bad("multipleOf", (out, random) => writeDecimal(out, random.below(9_999_999) * 10 + random.between(1, 9), 3)),
        bad("maximum", (out, random) => writeDecimal(out, random.between(10_000_001, 99_999_999), 2)),
        bad("minimum", (out, random) => {
          out.ascii("-");
          writeDecimal(out, random.between(1, 9_999_999), 2);
        }),
        bad("type", (out, random) => {
          writeDecimal(out, random.below(100_000), 2);
          out.ascii(".7");
        }),
        missing,
      ],
    },
  ),
  typed("status", { enum: statuses }, "VARCHAR", {
    rule: (value) => `${value} IN (${statuses.map((status) => `'${status}'`).join(", ")})`,
    write: (out, random) => out.ascii(random.pick(statuses)),
    bad: [
      bad("enum", (out) => out.ascii("Paid")),
      bad("enum", (out) => out.ascii("ship")),
      bad("enum", (out, random) => writeLetters(out, random, random.between(10, 12))),
      missing,
    ],
  }),
  typed("article", { type: "string", pattern: "^[A-Z]{3}-[0-9]{4}$" }, "VARCHAR", {
    rule: (value) => `regexp_full_match(${value}, '[A-Z]{3}-[0-9]{4}')`,
    write: (out, random) => writeArticle(out, random, 65, 4),
    bad: [
      bad("pattern", (out, random) => writeArticle(out, random, 97, 4)),
      bad("pattern", (out, random) => writeArticle(out, random, 65, 5)),
      bad("pattern", (out, random) => writeArticle(out, random, 65, 3)),
      missing,
    ],
  }),
  {
    ...typed("email", { type: "string", format: "email" }, "VARCHAR", {
      rule: (value) => `regexp_full_match(${value}, '[a-z0-9._+-]+@[a-z0-9-]+([.][a-z0-9-]+)+')`,
      write: (out, random) => writeEmail(out, random, "@"),
      bad: [
        bad("format", (out, random) => writeEmail(out, random, ".at.")),
        bad("format", (out, random) => writeEmail(out, random, "@@")),
        bad("format", (out, random) => writeEmail(out, random, " @")),
      ],
    }),
    required: false,
    emptyShare: 0.05,
  },
  typed("quantity", { type: "integer", minimum: 1, maximum: 100 }, "INTEGER", {
    rule: (value) => `${value} BETWEEN 1 AND 100`,
    write: (out, random) => out.digits(random.between(1, 100)),
    bad: [
      bad("minimum", (out) => out.ascii("0")),
      bad("maximum", (out, random) => out.digits(random.between(101, 99_999))),
      bad("type", (out) => out.ascii("ten")),
      missing,
    ],
  }),
  typed("gift", { type: "boolean" }, "BOOLEAN", {
    write: (out, random) => out.ascii(random.chance(0.5) ? "true" : "false"),
    bad: [bad("type", (out) => out.ascii("maybe")), bad("type", (out) => out.ascii("truth")), missing],
  }),
  {
    ...typed("customer", { type: "string", minLength: 2, maxLength: 40 }, "VARCHAR", {
      rule: (value) => `length(${value}) BETWEEN 2 AND 40`,
      write: (out, random, quoted) => writeText(out, random, random.between(2, 15), quoted ? "comma" : "plain"),
      bad: [
        bad("minLength", (out, random) => writeLetters(out, random, 1)),
        bad("maxLength", (out, random) => writeText(out, random, random.between(41, 90), "plain")),
        missing,
      ],
    }),
    quotedShare: 0.15,
  },
  {
    ...typed("note", { type: "string" }, "VARCHAR", {
      write: (out, random, quoted) => writeText(out, random, random.between(2, 20), quoted ? "any" : "plain"),
      bad: [],
    }),
    required: false,
    emptyShare: 0.1,
    quotedShare: 0.5,
  },
];

interface Values {
  readonly rule?: (value: string) => string;
  readonly write: DataColumn["write"];
  readonly bad: readonly BadValue[];
}

function typed(name: string, schema: DataColumn["schema"], duckdbType: string, values: Values): DataColumn {
  const { rule, write, bad } = values;
  return { name, schema, required: true, duckdbType, duckdbRule: rule, quotedShare: 0, emptyShare: 0, write, bad };
}

function bad(rule: string, write: BadValue["write"]): BadValue {
  return { rule, write };
}

function writeDate(out: ByteWriter, random: Random): void {
  writeDateOf(out, random.between(2015, 2026), random.between(1, 12), random.between(1, 28));
}

function writeDateOf(out: ByteWriter, year: number, month: number, day: number): void {
  out.digits(year, 4);
  out.ascii("-");
  out.digits(month, 2);
  out.ascii("-");
  out.digits(day, 2);
}

function writeDateTime(out: ByteWriter, random: Random, hour: number): void {
  writeDate(out, random);
  out.ascii("T");
  out.digits(hour, 2);
  out.ascii(":");
  out.digits(random.below(60), 2);
  out.ascii(":");
  out.digits(random.below(60), 2);
  out.ascii("Z");
}

/** `value` shifted by `places` digits. */
export function writeDecimal(out: ByteWriter, value: number, places: number): void {
  const unit = 10 ** places;
  const whole = Math.floor(value / unit);
  out.digits(whole);
  out.ascii(".");
  out.digits(value - whole * unit, places);
}

function writeArticle(out: ByteWriter, random: Random, firstLetter: number, digits: number): void {
  for (let index = 0; index < 3; index += 1) out.byte(firstLetter + random.below(26));
  out.ascii("-");
  out.digits(random.below(10 ** digits), digits);
}

function writeEmail(out: ByteWriter, random: Random, at: string): void {
  writeLetters(out, random, random.between(2, 6));
  if (random.chance(0.2)) {
    out.ascii(".");
    writeLetters(out, random, random.between(2, 4));
  }
  out.ascii(at);
  out.ascii(random.pick(domains));
}
