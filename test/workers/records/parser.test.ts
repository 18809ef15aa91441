import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import fc from "fast-check";
import Papa from "papaparse";
import { describe, expect, test } from "vitest";
import { allSplits, type ParsedRecord, parsePieces } from "./parse.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);
const parse = (text: string, options = {}) => parsePieces([bytesOf(text)], options);
const rules = (records: readonly ParsedRecord[]) => records.map(({ malformed, fields }) => malformed?.rule ?? fields);

/** Texts in which everything that matters to a CSV parser is likely to come together. */
const csvish = fc
  .array(fc.constantFrom(",", '"', '""', "\n", "\r\n", "\r", "a", "é", "€", "12", '","', '"\n', ',"x'), {
    maxLength: 40,
  })
  .map((parts) => parts.join(""));

describe("csv-spectrum", () => {
  const folder = dirname(createRequire(import.meta.url).resolve("csv-spectrum/package.json"));
  test.each(readdirSync(join(folder, "csvs")))("%s, whole, byte by byte and cut anywhere", (file) => {
    const bytes = readFileSync(join(folder, "csvs", file));
    // One file has quotes inside of plain fields; its expectation is no array, and names another telephone number.
    const read: unknown = JSON.parse(readFileSync(join(folder, "json", file.replace(".csv", ".json")), "utf8"));
    const expected = Array.isArray(read) ? read : [{ ...(read as object), "Contact Phone Number": "2095257564" }];
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 8 }), (cuts) => {
        for (const pieces of allSplits(bytes, cuts)) {
          const [header, ...records] = parsePieces(pieces, { strayQuotes: "keep" }).map(({ fields }) => fields);
          const objects = records.map((fields) =>
            Object.fromEntries((header ?? []).map((name, index) => [name, fields[index]])),
          );
          expect(objects).toEqual(expected);
        }
      }),
      { numRuns: 20 },
    );
  });
});

describe("positions", () => {
  test("a record knows its bytes and the line that it begins in", () => {
    expect(parse('a,b\r\n"1\n2",é\r\n\nlast')).toMatchObject([
      { fields: ["a", "b"], text: "a,b", byte: 0, endByte: 5, line: 1 },
      { fields: ["1\n2", "é"], text: '"1\n2",é', byte: 5, endByte: 15, line: 2 },
      { fields: [""], text: "", byte: 15, endByte: 16, line: 4 },
      { fields: ["last"], text: "last", byte: 16, endByte: 20, line: 5 },
    ]);
  });

  test("they count on from where the first byte stands", () => {
    expect(parsePieces([bytesOf("1\n2\n")], { byte: 1000, line: 7 }).map(({ byte, line }) => [byte, line])).toEqual([
      [1000, 7],
      [1002, 8],
    ]);
  });
});

describe("malformed records", () => {
  test.each([
    ['a,b"c,d\n1,2\n', [{ rule: "stray-quote", byte: 3, line: 1, field: 1 }, ["1", "2"]]],
    ['a,"b"c,d\n1,2\n', [{ rule: "text-after-quote", byte: 5, line: 1, field: 1 }, ["1", "2"]]],
    ['"a"\rb\n1,2\n', [{ rule: "text-after-quote", byte: 3, line: 1, field: 0 }, ["1", "2"]]],
    ['a,"b\n1,2\n', [{ rule: "unclosed-quote", byte: 2, line: 1, field: 1 }, ["1", "2"]]],
    ['"', [{ rule: "unclosed-quote", byte: 0, line: 1, field: 0 }]],
  ])("%j loses its first line only", (text, expected) => {
    expect(parse(text).map(({ malformed, fields }) => malformed ?? fields)).toEqual(expected);
  });

  test("a quote that is opened in one line and closed in the next costs the first line only", () => {
    expect(rules(parse('1,"open\n2,"fine"\n3,fine\n'))).toEqual(["text-after-quote", ["2", "fine"], ["3", "fine"]]);
  });

  test("a field of any length without an end is one bad line", () => {
    const text = `1,"${"x".repeat(5000)}\n2,y\n`;
    expect(rules(parse(text, { maxRecordBytes: 100 }))).toEqual(["unclosed-quote", ["2", "y"]]);
  });

  test("a record may have as many bytes as it is allowed, and not one more", () => {
    expect(rules(parse("12345\n123456\n12\n", { maxRecordBytes: 5 }))).toEqual([["12345"], "too-long", ["12"]]);
  });

  test("the beginning of a line that is too long is kept, whatever comes after", () => {
    const pieces = [
      bytesOf("ab\n"),
      bytesOf("0123456789"),
      ...Array(50).fill(bytesOf("x".repeat(10))),
      bytesOf("\nc\n"),
    ];
    const [, long, last] = parsePieces(pieces, { maxRecordBytes: 8 });
    expect(long).toMatchObject({ text: "01234567", byte: 3, endByte: 514, line: 2 });
    expect(last).toMatchObject({ fields: ["c"], byte: 514, line: 3 });
  });
});

describe("any bytes", () => {
  test("give the same records however they are cut", () => {
    fc.assert(
      fc.property(
        csvish,
        fc.array(fc.nat()),
        fc.constantFrom(4, 9, 1000),
        fc.constantFrom("lf", "cr"),
        (text, cuts, max, lineEnd) => {
          const [whole, ...others] = allSplits(bytesOf(text), cuts).map((pieces) =>
            parsePieces(pieces, { maxRecordBytes: max, lineEnd }),
          );
          for (const other of others) expect(other).toEqual(whole);
        },
      ),
      { numRuns: 3000 },
    );
  });

  test("belong to exactly one record each, and lines are counted right", () => {
    fc.assert(
      fc.property(csvish, (text) => {
        const bytes = Buffer.from(text);
        let next = 0;
        for (const record of parse(text)) {
          expect(record.byte).toBe(next);
          expect(record.line).toBe(1 + bytes.subarray(0, next).toString("latin1").split("\n").length - 1);
          next = record.endByte;
        }
        expect(next).toBe(bytes.length);
      }),
      { numRuns: 3000 },
    );
  });

  test("without malformed records mean the same as to papaparse", () => {
    const field = fc
      .array(fc.constantFrom(",", '"', "\n", "\r\n", "a", "é", " "), { maxLength: 5 })
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(
        fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { minLength: 1 }),
        fc.boolean(),
        (rows, quotes) => {
          const text = Papa.unparse(rows, { newline: "\n", quotes });
          expect(parse(text).map(({ fields }) => fields)).toEqual(
            Papa.parse(text, { newline: "\n", delimiter: "," }).data,
          );
          expect(parse(text).map(({ fields }) => fields)).toEqual(rows);
        },
      ),
    );
  });
});
