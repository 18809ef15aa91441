import fc from "fast-check";
import { expect, test } from "vitest";
import { compileSchema } from "../../../workers/checks/compileSchema.ts";
import { kindOf, Scanner, suspectKinds, suspectWords, verdictOf, verdicts } from "../../../workers/scanner/scanner.ts";
import { rfc4180 } from "../records/rfc4180.ts";

const number = fc.oneof(
  fc.integer({ min: -30, max: 30 }).map(String),
  fc.double({ min: -30, max: 30, noNaN: true }).map((value) => value.toFixed(2)),
  fc.constantFrom("", "-", "x", "1x", "1e1", "1.0", "007", "1.", ".5", "99999999999999999999", "-0", "12.5.1", "é"),
);
const limit = fc.option(fc.integer({ min: -20, max: 20 }), { nil: undefined });
const limits = fc.record({
  minimum: limit,
  maximum: limit,
  multipleOf: fc.option(fc.constantFrom(1, 2, 0.5, 0.01), { nil: undefined }),
});
const text = fc.oneof(
  fc.string({ unit: fc.constantFrom("a", "B", "é", "😀", "-", "1", '"', "@", ".", ":", "T", "Z"), maxLength: 24 }),
  fc.constantFrom(
    "2024-02-29",
    "2023-02-29",
    "2024-02-29T23:59:60Z",
    "2024-02-29t10:00:00z",
    "2024-02-29 10:00:00+0100",
    "2024-02-29T24:00:00Z",
    "2024-02-29T24:59:60Z",
    "2024-02-29t25:59:30+02:00",
    "2024-02-29T25:59:30z",
    "2024-02-30T10:00:00Z",
    "2024-02-29\u300010:00:00Z",
    "2024-02-29 30:00:00 10:00:00Z",
    "a@b.de",
    "a@b",
    "a@b@c.de",
    "a b@c.de",
    '"a b"@c.de',
    "a!b@c.de",
    "http://x.de/",
    "urn:uuid:8cc6f380-e5be-4a72-946b-a99658be41af",
    "8cc6f380-e5be-4a72-946b-a99658be41af",
    "8cc6f380-e5be-4a72-946b-a99658be41ag",
    "true",
    "false",
    "True",
  ),
);

/** A schema of one column without its undefined parts, and values for it. */
const cases = fc.oneof(
  fc.tuple(
    fc
      .tuple(fc.constantFrom("integer", "number"), limits)
      .map(([type, more]) => ({ type, ...JSON.parse(JSON.stringify(more)) })),
    fc.array(number, { minLength: 1, maxLength: 12 }),
  ),
  fc.tuple(
    fc.oneof(
      fc
        .constantFrom("date", "time", "date-time", "email", "uuid", "uri", "ipv4")
        .map((format) => ({ type: "string", format })),
      fc.constantFrom("^a+B?$", "[a-z]", "^a-1$", "é").map((pattern) => ({ type: "string", pattern })),
      fc.subarray(["a", "a-1", "é", "true", '"'], { minLength: 1 }).map((values) => ({ enum: values })),
      fc
        .tuple(fc.nat({ max: 4 }), fc.nat({ max: 8 }))
        .map(([minLength, maxLength]) => ({ type: "string", minLength, maxLength })),
      fc.constant({ type: "boolean" }),
      fc.constant({ const: "a-1" }),
    ),
    fc.array(text, { minLength: 1, maxLength: 12 }),
  ),
);

test("what the scanner calls wrong for sure is wrong, and each way of being wrong belongs to one keyword", () => {
  let sure = 0;
  fc.assert(
    fc.property(cases, fc.boolean(), ([column, values], quoted) => {
      const checks = compileSchema({ type: "object", properties: { x: column } }, ["x", "y"], "schema");
      const cell = (value: string) => (quoted || /[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
      const bytes = new TextEncoder().encode(values.map((value) => `${cell(value)},y\n`).join(""));
      const scanner = new Scanner({
        dialect: rfc4180,
        columns: checks.columns,
        maxRecordBytes: 500,
        maxBytes: bytes.length,
      });
      scanner.bytes.set(bytes);
      scanner.begin(0);
      const rules = new Map<number, string>();
      const suspected = new Set<number>();
      scanner.scan(bytes.length, bytes.length, true, ({ suspects }) => {
        for (let at = 0; at < suspects.length; at += suspectWords) {
          const [record, word] = suspects.subarray(at) as unknown as [number, number];
          expect(kindOf(word)).toBe(suspectKinds.field);
          suspected.add(record);
          const verdict = verdictOf(word);
          expect(verdict).toBeGreaterThanOrEqual(verdicts.suspect);
          expect(verdict).toBeLessThanOrEqual(verdicts.highest);
          if (verdict === verdicts.suspect) continue;
          sure += 1;
          const failure = checks.judgeField(0, values[record] as string);
          expect(failure).toBeDefined();
          const rule = rules.get(verdict) ?? (failure?.rule as string);
          expect(failure?.rule).toBe(rule);
          rules.set(verdict, rule);
        }
      });
      values.forEach((value, record) => {
        if (value !== "" && !suspected.has(record)) expect(checks.judgeField(0, value)).toBeUndefined();
      });
    }),
    { numRuns: 6000 },
  );
  expect(sure).toBeGreaterThan(1000);
});
