import { isUtf8 } from "node:buffer";
import { crc32 } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { RecordReader } from "../../../workers/batch_processor/recordReader.ts";
import type { Mark } from "../../../workers/offsets/marks.ts";
import { createCsvParser } from "../../../workers/records/parser.ts";
import { rfc4180 } from "../records/rfc4180.ts";

/** Records, and lines that are none, as text with their line ends. */
const lines = fc.array(
  fc.constantFrom(
    "a,b\n",
    "a,b\r\n",
    '"a\n\nb",c\n',
    '"""",\r\n',
    ",\n",
    "a\n",
    '""\n',
    "\n",
    "\r\n",
    'a"b,c\n',
    '"a"b,c\n',
  ),
  { maxLength: 40 },
);

interface Reading {
  readonly texts: string[];
  readonly defects: (string | undefined)[];
  readonly marks: Mark[];
  readonly reader: RecordReader;
}

function read(bytes: Uint8Array, pieceBytes: number, start: Mark, { stopAt = Number.POSITIVE_INFINITY } = {}): Reading {
  const texts: string[] = [];
  const defects: (string | undefined)[] = [];
  const marks: Mark[] = [];
  const reader: RecordReader = new RecordReader({
    dialect: rfc4180,
    maxRecordBytes: 1000,
    columnCount: 2,
    start,
    recordsPerMark: 1,
    onRecord: (record, index) => {
      texts.push(`${index}: ${Buffer.from(record.bytes.subarray(record.start, record.end)).toString()}`);
      defects.push(reader.defectOf(record));
      return index < stopAt;
    },
    onMark: (mark) => marks.push(mark),
  });
  for (let at = start.byte; at < bytes.length; at += pieceBytes) {
    const piece = Uint8Array.from(bytes.subarray(at, at + pieceBytes));
    reader.push(piece);
    piece.fill(0);
  }
  reader.end();
  return { texts, defects, marks, reader };
}

const begin: Mark = { index: 0, byte: 0, line: 1, crc32: 0 };

test("reading on at any mark gives the rest of the records, the same lines and the same CRC", () => {
  fc.assert(
    fc.property(lines, fc.integer({ min: 1, max: 30 }), (all, pieceBytes) => {
      const bytes = Buffer.from(all.join(""));
      const whole = read(bytes, pieceBytes, begin);
      expect(whole.reader.crc32).toBe(crc32(bytes));
      for (const mark of whole.marks) {
        expect(mark.crc32).toBe(crc32(bytes.subarray(0, mark.byte)));
        if (mark.byte < bytes.length)
          expect(mark.line).toBe(bytes.subarray(0, mark.byte).toString().split("\n").length);
        const rest = read(bytes, pieceBytes, mark);
        expect(rest.texts).toEqual(whole.texts.slice(mark.index));
        expect(rest.reader.crc32).toBe(crc32(bytes));
        expect(rest.reader.index).toBe(whole.reader.index);
      }
    }),
  );
});

test("a quote that is never closed makes the parser go back, and no mark points before what was read", () => {
  const bytes = Buffer.from(`a,b\n"${"x,y\n".repeat(50)}`);
  const whole = read(bytes, 7, begin);
  expect(whole.texts.length).toBe(51);
  for (const { byte, crc32: crc } of whole.marks) expect(crc).toBe(crc32(bytes.subarray(0, byte)));
});

test("after a false no further record is handed out, and the CRC goes on", () => {
  const bytes = Buffer.from("a,b\nc,d\ne,f\ng,h\n");
  const { texts, reader } = read(bytes, 3, begin, { stopAt: 1 });
  expect(texts).toEqual(["0: a,b", "1: c,d"]);
  expect(reader.crc32).toBe(crc32(bytes));
});

test("whatever is no message is known, wherever the pieces cut characters and records", () => {
  const part = fc
    .constantFrom("a", "\u00e9", "\u20ac", "\u{1f600}", "\n", "\n", ",", '"')
    .map((text) => Buffer.from(text));
  const broken = fc.constantFrom(0x80, 0xbf, 0xc3, 0xe2, 0xff).map((byte) => Buffer.from([byte]));
  const content = fc.array(fc.oneof({ weight: 15, arbitrary: part }, broken), { maxLength: 150 });
  fc.assert(
    fc.property(content, fc.integer({ min: 1, max: 30 }), (parts, pieceBytes) => {
      const bytes = Buffer.concat(parts);
      const expected: (string | undefined)[] = [];
      const parser = createCsvParser({ ...rfc4180, maxRecordBytes: 1000, byte: 0, line: 1 }, (record) => {
        const { malformed, fieldCount, start, end } = record;
        if (malformed === undefined && start === end) return;
        const count = `${fieldCount} ${fieldCount === 1 ? "field" : "fields"} for 2 columns`;
        const isText = isUtf8(record.bytes.subarray(start, end));
        expected.push(malformed?.rule ?? (fieldCount !== 2 ? count : isText ? undefined : "bytes that are not UTF-8"));
      });
      parser.push(bytes);
      parser.end();
      expect(read(bytes, pieceBytes, begin).defects).toEqual(expected);
    }),
    { numRuns: 2000 },
  );
});
