import fc from "fast-check";
import { expect, test } from "vitest";
import type { Dialect } from "../../../workers/model/dialect.ts";
import {
  RejectsRowFormatter,
  type RowOrigin,
  type RowPlace,
  type RowReason,
  rejectsRow,
} from "../../../workers/scanner/rejectsRowFormatter.ts";
import { Scanner, scannerModule } from "../../../workers/scanner/scanner.ts";
import { rfc4180 } from "../records/rfc4180.ts";

const scannerOf = (dialect: Dialect, maxBytes: number) =>
  new Scanner({ dialect, columns: [], maxRecordBytes: 1000, maxBytes });

const reasonOf = (text: string, isMalformed = false): RowReason => ({ text: Buffer.from(text), isMalformed });

type Row = readonly [place: RowPlace, reason: number];

function format(
  formatter: RejectsRowFormatter,
  origin: RowOrigin,
  rows: readonly Row[],
  reasons: (number: number) => RowReason,
): string {
  const pieces: Buffer[] = [];
  const numbers = rows.flatMap(([{ record, line, start, end }, reason]) => [record, line, start, end, reason]);
  formatter.format(Uint32Array.from(numbers), origin, {
    reasonOf: reasons,
    lengthOf: () => Buffer.concat(pieces).length,
    onBytes: (bytes) => pieces.push(Buffer.from(bytes)),
  });
  return Buffer.concat(pieces).toString("latin1");
}

const textOf = (
  origin: RowOrigin,
  rows: readonly Row[],
  dialect: Dialect,
  reasons: (number: number) => RowReason,
): string =>
  Buffer.concat(rows.map(([place, reason]) => rejectsRow(origin, place, reasons(reason), dialect))).toString("latin1");

test("a row has the numbers of the record, what is wrong, and the record as it stands in the file", () => {
  const scanner = scannerOf(rfc4180, 100);
  scanner.bytes.set(Buffer.from('1,"a ""b"""\n2,x"y\n'));
  const formatter = new RejectsRowFormatter(scanner.memory, scannerModule(), rfc4180);
  const origin = { record: 41, line: 9, byte: 1000, bytes: scanner.bytes };
  const reasons = [reasonOf('"a type"'), reasonOf('"stray-quote"', true)];
  const rows: Row[] = [
    [{ record: 0, line: 0, start: 0, end: 11 }, 0],
    [{ record: 1, line: 1, start: 12, end: 17 }, 1],
  ];
  expect(format(formatter, origin, rows, (number) => reasons[number] as RowReason)).toBe(
    '41,9,1000,"a type",1,"a ""b"""\n42,10,1012,"stray-quote","2,x""y"\n',
  );
});

test("rows are what their readable meaning says, of any bytes, numbers and reasons", () => {
  const dialects = [rfc4180, { ...rfc4180, delimiter: ";", quote: "'" }];
  const number = fc.oneof(
    fc
      .integer({ min: 0, max: 12 })
      .chain((digits) => fc.constantFrom(10 ** digits - 1, 10 ** digits, 10 ** digits + 1)),
    fc.nat(),
    fc.maxSafeNat().map((value) => Math.min(value, Number.MAX_SAFE_INTEGER - 2 ** 32)),
  );
  const offset = fc.oneof(fc.nat(1000), fc.integer({ min: 0, max: 2 ** 32 - 1 }));
  const byte = fc.oneof(fc.constantFrom(0x22, 0x27, 0x2c, 0x0a), fc.nat(255));
  fc.assert(
    fc.property(
      fc.constantFrom(...dialects),
      fc.tuple(number, number, number),
      fc.array(byte, { maxLength: 300 }),
      fc.array(fc.tuple(fc.string({ maxLength: 40 }), fc.boolean()), { minLength: 1, maxLength: 5 }),
      fc.array(fc.tuple(offset, offset, fc.nat(300), fc.nat(300), fc.nat(4)), { maxLength: 20 }),
      (dialect, [record, line, first], bytes, reasons, places) => {
        const scanner = scannerOf(dialect, 300);
        // What lies behind the bytes belongs to no row.
        scanner.bytes.fill(0x21).set(bytes);
        const origin = { record, line, byte: first, bytes: scanner.bytes };
        const known = reasons.map(([text, isMalformed]) => reasonOf(text, isMalformed));
        const rows = places.map(
          ([recordAt, lineAt, a, b, which]): Row => [
            { record: recordAt, line: lineAt, start: Math.min(a, b), end: Math.max(a, b) },
            which * 2000,
          ],
        );
        const reasonsOf = (number: number) => known[(number / 2000) % known.length] as RowReason;
        const formatter = new RejectsRowFormatter(scanner.memory, scannerModule(), dialect);
        expect(format(formatter, origin, rows, reasonsOf)).toBe(textOf(origin, rows, dialect, reasonsOf));
      },
    ),
    { numRuns: 500 },
  );
});

test("rows and reasons may be more than there is room for, and of any size", () => {
  const scanner = scannerOf(rfc4180, 200_000);
  scanner.bytes.fill(0x78);
  const origin = { record: 1, line: 2, byte: 3, bytes: scanner.bytes };
  const formatter = new RejectsRowFormatter(scanner.memory, scannerModule(), rfc4180);
  // Long ones, so that the room for reasons is used up again and again; the last ones have none even alone.
  const reasons = Array.from({ length: 300 }, (_, index) => reasonOf(`"${index} ${"r".repeat(index * 7)}"`));
  // Small numbers are kept, those above some thousand are not, nor is one at the limit.
  const numberOf = (index: number) => (index % 3 === 0 ? index : index % 3 === 1 ? index + 2 ** 31 : index + 8192);
  const reasonsOf = (number: number): RowReason => {
    if (number === 7000) return reasonOf(`"${"r".repeat(70_000)}"`);
    return reasons[number >= 2 ** 31 ? number - 2 ** 31 : number >= 8192 ? number - 8192 : number] as RowReason;
  };
  const rows = Array.from(
    { length: 5000 },
    (_, index): Row => [
      { record: index, line: index, start: index, end: index + ((index * 37) % 900) },
      numberOf((index * 7) % 300),
    ],
  );
  const quoted = reasons.push(reasonOf('"a"', true)) - 1;
  const tooLarge: Row[] = [
    [{ record: 9000, line: 1, start: 0, end: 5 }, 7000],
    [{ record: 9001, line: 1, start: 0, end: 150_000 }, 0],
    [{ record: 9002, line: 1, start: 0, end: 70_000 }, quoted],
    [{ record: 9003, line: 1, start: 0, end: 150_000 }, 2 ** 31],
  ];
  const mixed = [...rows.slice(0, 20), ...tooLarge, ...rows.slice(20)];
  expect(format(formatter, origin, mixed, reasonsOf) === textOf(origin, mixed, rfc4180, reasonsOf)).toBe(true);
});

test("writing rows leaves the scanner's program and bytes as they are", () => {
  const columns = [
    { column: { name: "x", type: "string" }, required: true, checks: [], alwaysSuspect: false, unique: false },
  ] as const;
  const scanner = new Scanner({ dialect: rfc4180, columns, maxRecordBytes: 1000, maxBytes: 1000 });
  scanner.bytes.set(Buffer.from("a\n\nb\n"));
  const scan = () => {
    const found: number[] = [];
    scanner.begin(0);
    scanner.scan(5, 5, true, ({ suspects }) => found.push(...suspects));
    return found;
  };
  const before = scan();
  const formatter = new RejectsRowFormatter(scanner.memory, scannerModule(), { ...rfc4180, delimiter: "b" });
  const rows = Array.from({ length: 2000 }, (_, record): Row => [{ record, line: record, start: 0, end: 900 }, record]);
  const origin = { record: 1, line: 1, byte: 0, bytes: scanner.bytes };
  format(formatter, origin, rows, () => reasonOf("r".repeat(500)));
  expect(before).toHaveLength(8);
  expect(scan()).toEqual(before);
});
