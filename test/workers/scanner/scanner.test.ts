import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ByteCheck, ColumnPlan } from "../../../workers/model/columnPlan.ts";
import type { Dialect } from "../../../workers/model/dialect.ts";
import {
  kindOf,
  malformedRules,
  type Notes,
  recordsPerMark,
  Scanner,
  suspectKinds,
  suspectWords,
} from "../../../workers/scanner/scanner.ts";
import { accepts } from "../checks/byteChecks.ts";
import { type ParsedRecord, parsePieces } from "../records/parse.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);

const planOf = (checks: readonly ByteCheck[], more: Partial<ColumnPlan> = {}): ColumnPlan => ({
  column: { name: "x", type: "string" },
  required: false,
  checks,
  alwaysSuspect: false,
  unique: false,
  ...more,
});

interface Found {
  /** "record: what", in order. */
  readonly findings: readonly string[];
  readonly starts: readonly number[];
  readonly records: number;
  readonly lines: number;
}

interface Setting {
  readonly columns: readonly ColumnPlan[];
  readonly dialect: Dialect;
  readonly maxRecordBytes: number;
}

/** Scans a file in two parts: first the records that begin before the limit, with as many bytes behind it as that needs. */
function scan(bytes: Uint8Array, setting: Setting, limit: number): Found {
  const scanner = new Scanner({ ...setting, maxBytes: bytes.length + 1 });
  // What lies behind the end is not part of the file.
  scanner.bytes.fill(0x22);
  scanner.bytes.set(bytes);
  const findings: string[] = [];
  const note = ({ suspects }: Notes) => findings.push(...describeSuspects(suspects));
  scanner.begin(0);
  const reach = Math.min(bytes.length, limit + setting.maxRecordBytes + 1);
  let result = scanner.scan(Math.min(limit, bytes.length), reach, reach === bytes.length, note);
  let lines = result.lines;
  if (result.outcome === "skipping") {
    // The host looks for the end of the line.
    const end = bytes.indexOf(setting.dialect.lineEnd === "lf" ? 10 : 13, result.position);
    const marks = [...scanner.marks()];
    const records = result.records;
    if (end < 0) return { findings, starts: marks, records, lines: lines + 1 };
    const rest = scan(bytes.subarray(end + 1), setting, bytes.length);
    return {
      findings: [...findings, ...rest.findings.map((finding) => shift(finding, records, lines + 1, end + 1))],
      starts: marks,
      records: records + rest.records,
      lines: lines + 1 + rest.lines,
    };
  }
  expect(result.outcome).toBe("done");
  result = scanner.scan(bytes.length, bytes.length, true, note);
  lines = result.lines;
  expect(result.outcome).toBe("done");
  expect(result.position).toBe(bytes.length);
  return { findings, starts: [...scanner.marks()], records: result.records, lines };
}

function shift(finding: string, records: number, lines: number, bytes: number): string {
  const [record, line, start, end, ...rest] = finding.split(" ") as [string, string, string, string, ...string[]];
  const moved = rest.map((part) => (part.startsWith("@") ? `@${Number(part.slice(1)) + bytes}` : part));
  return [Number(record) + records, Number(line) + lines, Number(start) + bytes, Number(end) + bytes, ...moved].join(
    " ",
  );
}

function describeSuspects(suspects: Uint32Array): string[] {
  const lines: string[] = [];
  for (let at = 0; at < suspects.length; at += suspectWords) {
    const [record, word, column, start, end, line, recordStart, recordEnd] = suspects.subarray(at, at + suspectWords);
    const kind = kindOf(word as number);
    const where = `${record} ${line} ${recordStart} ${recordEnd}`;
    if (kind === suspectKinds.malformed) lines.push(`${where} ${malformedRules[start as number]} @${end} ${column}`);
    else if (kind === suspectKinds.fieldCount) lines.push(`${where} fields ${start}`);
    else lines.push(`${where} ${kind === suspectKinds.missing ? "missing" : "suspect"} ${column}`);
  }
  return lines;
}

/** What the parser and the readable checks make of the same bytes. */
function expected(bytes: Uint8Array, { columns, dialect, maxRecordBytes }: Setting) {
  const must: string[] = [];
  const may = new Set<string>();
  const starts: number[] = [];
  let records = 0;
  let lines = 0;
  for (const record of parsePieces([bytes], { ...dialect, maxRecordBytes })) {
    lines = record.line - 1 + countLines(bytes.subarray(record.byte, record.endByte), dialect);
    if (isBlank(record) && columns.length > 1) continue;
    starts.push(record.byte);
    const where = `${records} ${record.line - 1} ${record.byte} ${record.byte + record.byteLength}`;
    records += 1;
    if (record.malformed) {
      must.push(`${where} ${record.malformed.rule} @${record.malformed.byte} ${record.malformed.field}`);
      continue;
    }
    record.fields.slice(0, columns.length).forEach((field, index) => {
      const { checks, required, alwaysSuspect } = columns[index] as ColumnPlan;
      const value = bytesOf(field);
      if (value.length === 0) {
        if (required) must.push(`${where} missing ${index}`);
      } else if (alwaysSuspect || checks.some((check) => !accepts(check, value, 0, value.length))) {
        must.push(`${where} suspect ${index}`);
      } else if (field.includes(dialect.quote)) {
        may.add(`${where} suspect ${index}`);
      }
    });
    if (record.fields.length !== columns.length) must.push(`${where} fields ${record.fields.length}`);
  }
  return { must, may, records, starts, lines };
}

const isBlank = ({ byteLength, malformed }: ParsedRecord) => !malformed && byteLength === 0;

/** Line ends of a record, one at least. */
function countLines(bytes: Uint8Array, { lineEnd }: Dialect): number {
  const wanted = lineEnd === "lf" ? 10 : 13;
  const count = bytes.filter((byte) => byte === wanted).length;
  return bytes.at(-1) === wanted ? count : count + 1;
}

function expectSame(text: string, setting: Setting, limit: number): void {
  const bytes = bytesOf(text);
  const found = scan(bytes, setting, limit);
  const { must, may, records, lines } = expected(bytes, setting);
  expect(found.findings.filter((finding) => !may.has(finding))).toEqual(must);
  expect(found.records).toBe(records);
  expect(found.lines).toBe(lines);
}

const rfc: Dialect = { delimiter: ",", quote: '"', lineEnd: "lf" };
const part = fc.constantFrom(
  ",",
  '"',
  '""',
  "\n",
  "\r\n",
  "\r",
  "a",
  "é",
  "12",
  '","',
  '"\n',
  ',"x',
  "x".repeat(30),
  "\n\n",
);
const csvish = fc.array(part, { maxLength: 60 }).map((parts) => parts.join(""));

describe("the scanner finds what the parser finds", () => {
  test("in any bytes, wherever the segment ends and however long a record may be", () => {
    fc.assert(
      fc.property(
        csvish,
        fc.integer({ min: 1, max: 4 }),
        fc.constantFrom(3, 20, 70, 5000),
        fc.nat({ max: 400 }),
        fc.constantFrom<Dialect>(
          rfc,
          { ...rfc, lineEnd: "cr" },
          { ...rfc, strayQuotes: "keep" },
          { delimiter: "a", quote: "x", lineEnd: "lf" },
        ),
        (text, count, maxRecordBytes, limit, dialect) => {
          const columns = Array.from({ length: count }, (_, index) =>
            planOf(index % 2 === 1 ? [{ kind: "length", minimum: 2, maximum: 4 }] : [], { required: index === 0 }),
          );
          expectSame(text, { columns, dialect, maxRecordBytes }, limit);
        },
      ),
      { numRuns: 6000 },
    );
  });

  test("when quotes and line ends lie on the edges of 64 bytes", () => {
    for (let length = 55; length < 75; length += 1) {
      for (const tail of ['"\r\n', '"\n', '""",b\n', '"x\n', '",\r\n', "\n", '"\r', '"']) {
        const text = `"${"y".repeat(length)}${tail}1,2\r\n"3","4"\n`;
        for (const limit of [1, 60, 70, 400]) {
          expectSame(text, { columns: [planOf([]), planOf([])], dialect: rfc, maxRecordBytes: 200 }, limit);
        }
      }
    }
  });

  test("every 64th record is marked", () => {
    const text = Array.from({ length: 200 }, (_, index) => `${index},"a\n"\n\n`).join("");
    const setting = { columns: [planOf([]), planOf([])], dialect: rfc, maxRecordBytes: 100 };
    const { starts } = scan(bytesOf(text), setting, text.length);
    const all = expected(bytesOf(text), setting).starts;
    expect(starts).toEqual(all.filter((_, index) => index % recordsPerMark === 0));
  });

  test("more suspects than there is room for are handed over in several parts", () => {
    const text = "x,\n".repeat(40_000);
    const columns = [planOf([{ kind: "boolean" }]), planOf([], { required: true })];
    expectSame(text, { columns, dialect: rfc, maxRecordBytes: 100 }, 60_000);
  });
});

describe("the scanner accepts what the readable checks accept", () => {
  const digits = fc.stringMatching(/^-?[0-9]{0,20}$/);
  const decimal = fc.stringMatching(/^-?[0-9]{0,9}\.?[0-9]{0,9}$/);
  const limit = fc.option(fc.bigInt({ min: -1000n, max: 1000n }), { nil: null });
  const bound = fc.option(fc.double({ min: -1000, max: 1000, noNaN: true }), { nil: null });
  const twoOf = (max: number) => fc.integer({ min: 0, max }).map((value) => String(value).padStart(2, "0"));
  const date = fc
    .tuple(fc.constantFrom("1900", "2000", "2024", "2023", "20x4"), twoOf(13), twoOf(32))
    .map((parts) => parts.join("-"));
  const time = fc
    .tuple(
      twoOf(24),
      twoOf(60),
      twoOf(60),
      fc.constantFrom("", ".", ".1", ".123456"),
      fc.constantFrom("Z", "z", "", "+01:30", "-23:59", "+24:00", "+1:30"),
    )
    .map(([hour, minute, second, fraction, zone]) => `${hour}:${minute}:${second}${fraction}${zone}`);
  const word = (alphabet: string) => fc.string({ unit: fc.constantFrom(...alphabet), maxLength: 12 });
  const email = fc
    .tuple(word("ab1._%+-"), fc.constantFrom("@", "", "@@"), word("ab1.-é"))
    .map((parts) => parts.join(""));
  const uri = fc
    .tuple(
      fc.constantFrom("http", "a+b.c-1", "1a"),
      fc.constantFrom("://", ":/"),
      word("ab1.-:@"),
      word("/?#ab%~é['()"),
    )
    .map((parts) => parts.join(""));
  const uuid = fc.oneof(
    fc.uuid(),
    fc.uuid().map((value) => value.toUpperCase()),
    fc.stringMatching(/^[0-9a-g-]{36}$/),
  );
  const ipv4 = fc
    .array(fc.constantFrom("0", "00", "1", "25", "255", "256", "x", ""), { minLength: 3, maxLength: 5 })
    .map((parts) => parts.join("."));
  const longTexts = ["a long text beyond eight", "a long text beyond nine!", "seventeen letters"];
  const texts = ["", "red", "green", 'bl"ue', ...longTexts, "é"];

  const cases: Record<ByteCheck["kind"], fc.Arbitrary<readonly [ByteCheck, string]>> = {
    integer: fc.tuple(
      fc.record({
        kind: fc.constant("integer" as const),
        minimum: limit,
        maximum: limit,
        multipleOf: fc.option(fc.bigInt({ min: 1n, max: 9n }), { nil: null }),
      }),
      fc.oneof(digits, fc.integer({ min: -1100, max: 1100 }).map(String), fc.constantFrom("-", "0", "-0", "00", "1e3")),
    ),
    number: fc.tuple(
      fc.record({
        kind: fc.constant("number" as const),
        minimum: bound,
        maximum: bound,
        exclusiveMinimum: bound,
        exclusiveMaximum: bound,
        multipleOf: fc.option(
          fc.record({ unit: fc.bigInt({ min: 1n, max: 50n }), scale: fc.integer({ min: 0, max: 4 }) }),
          { nil: null },
        ),
      }),
      fc.oneof(
        decimal,
        fc.double({ min: -1100, max: 1100, noNaN: true }).map((value) => value.toFixed(2)),
        fc.constantFrom("-", ".5", "5.", "1e3"),
      ),
    ),
    boolean: fc.tuple(
      fc.constant({ kind: "boolean" as const }),
      fc.constantFrom("true", "false", "True", "tru", "falsy", "falsetrue"),
    ),
    oneOf: fc.tuple(
      fc.subarray(texts, { minLength: 1 }).map((values) => ({ kind: "oneOf" as const, values: values.map(bytesOf) })),
      fc.constantFrom(
        ...[...texts, "gree", "greeN", "a long text beyond eighT"],
        ...["a long test beyond eight", "seventeen lettexs", "seventeEn letters"],
      ),
    ),
    length: fc.tuple(
      fc.record({
        kind: fc.constant("length" as const),
        minimum: fc.integer({ min: 0, max: 6 }),
        maximum: fc.option(fc.integer({ min: 0, max: 9 }), { nil: null }),
      }),
      fc.string({ unit: fc.constantFrom("a", "é", "€", "😀", '"'), maxLength: 12 }),
    ),
    date: fc.tuple(fc.constant({ kind: "date" as const }), date),
    time: fc.tuple(fc.constant({ kind: "time" as const }), time),
    "date-time": fc.tuple(
      fc.constant({ kind: "date-time" as const }),
      fc.tuple(date, fc.constantFrom("T", "t", " "), time).map((parts) => parts.join("")),
    ),
    email: fc.tuple(
      fc.constant({ kind: "email" as const }),
      fc.oneof(email, fc.constantFrom("ab@c.de", "a.b+c@x-y.co.uk")),
    ),
    uuid: fc.tuple(fc.constant({ kind: "uuid" as const }), uuid),
    uri: fc.tuple(fc.constant({ kind: "uri" as const }), uri),
    ipv4: fc.tuple(fc.constant({ kind: "ipv4" as const }), ipv4),
    pattern: fc.tuple(
      fc.constant({ kind: "pattern" as const, automaton: abPlus }),
      fc.oneof(word('ab"c'), fc.constantFrom("ab", "abab")),
    ),
  };

  test.each(Object.entries(cases))("%s", (_, arbitrary) => {
    let accepted = 0;
    fc.assert(
      fc.property(
        fc.array(arbitrary, { minLength: 1, maxLength: 5 }),
        fc.boolean(),
        fc.string({ maxLength: 70 }),
        (fields, quoted, filler) => {
          const columns = [planOf([]), ...fields.map(([check]) => planOf([check])), planOf([])];
          const values = [filler, ...fields.map(([, text]) => text), ""];
          for (const [check, text] of fields)
            if (text !== "" && accepts(check, bytesOf(text), 0, bytesOf(text).length)) accepted += 1;
          const cells = values.map((value) =>
            quoted || /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value,
          );
          expectSame(`${cells.join(",")}\n`, { columns, dialect: rfc, maxRecordBytes: 5000 }, 5000);
        },
      ),
      { numRuns: 1500 },
    );
    expect(accepted).toBeGreaterThan(20);
  });

  test("a check that follows another is looked at as well", () => {
    const columns = [planOf([{ kind: "length", minimum: 0, maximum: 3 }, { kind: "boolean" }])];
    expectSame("abc\ntrue\ntru\n", { columns, dialect: rfc, maxRecordBytes: 100 }, 100);
  });
});

/** (ab)+ over the classes a, b and the rest. */
const abPlus = {
  states: 4,
  start: 1,
  classes: Uint8Array.from({ length: 256 }, (_, byte) => (byte === 0x61 ? 0 : byte === 0x62 ? 1 : 2)),
  classCount: 3,
  next: Uint16Array.from([0, 0, 0, 2, 0, 0, 0, 3, 0, 2, 0, 0]),
  accepts: Uint8Array.from([0, 0, 0, 1]),
};
