import { isUtf8 } from "node:buffer";
import fc from "fast-check";
import { expect, test } from "vitest";
import { MessageWriter } from "../../../workers/messages/messageWriter.ts";
import type { CsvRecord } from "../../../workers/model/csvRecord.ts";
import type { Column } from "../../../workers/model/manifest.ts";
import type { MessageBatch } from "../../../workers/model/recordSink.ts";

const columns: readonly Column[] = [
  { name: "id", type: "integer" },
  { name: 'the "name"', type: "string" },
  { name: "amount", type: "number" },
  { name: "active", type: "boolean" },
];

const limits = { maxBatchMessages: 100, maxBatchBytes: 1_000_000 };

/** What a field is: its text as bytes, and whether it stands in quotes in the file. */
interface Field {
  readonly bytes: Buffer;
  readonly quoted: boolean;
}

const plain = (text: string): Field => ({ bytes: Buffer.from(text), quoted: false });
const quoted = (text: string): Field => ({ bytes: Buffer.from(text), quoted: true });

/** A record in the middle of other bytes, as the parser would hand it out. */
function recordOf(fields: readonly Field[], quote = '"'): CsvRecord {
  const before = Buffer.from('before,"');
  const written = fields.map(({ bytes, quoted }) => {
    if (!quoted) return { bytes, skip: 0, quotes: 0 };
    const doubled = Buffer.from(bytes.toString("latin1").replaceAll(quote, quote + quote), "latin1");
    const around = Buffer.from(quote);
    const quotes = doubled.length === bytes.length ? 1 : 2;
    return { bytes: Buffer.concat([around, doubled, around]), skip: 1, quotes };
  });
  const fieldStarts = new Uint32Array(fields.length + 3);
  const fieldEnds = new Uint32Array(fields.length + 3);
  const fieldQuotes = new Uint8Array(fields.length + 3);
  let at = before.length;
  written.forEach((field, i) => {
    fieldStarts[i] = at + field.skip;
    fieldEnds[i] = at + field.bytes.length - field.skip;
    fieldQuotes[i] = field.quotes;
    at += field.bytes.length + 1;
  });
  const bytes = Buffer.concat([
    before,
    ...written.flatMap((field, i) => (i === 0 ? [field.bytes] : [Buffer.from(","), field.bytes])),
    Buffer.from('"after\n'),
  ]);
  return {
    bytes,
    start: before.length,
    end: at - 1,
    byte: 1000,
    endByte: 1000 + at,
    line: 7,
    fieldCount: fields.length,
    fieldStarts,
    fieldEnds,
    fieldQuotes,
    malformed: undefined,
  };
}

function write(records: readonly (readonly Field[])[], keyColumns: readonly string[] = [], quote = '"'): MessageBatch {
  const writer = new MessageWriter({ columns, keyColumns, quote, limits });
  records.forEach((fields, i) => {
    writer.add(recordOf(fields, quote), i * 10);
  });
  return writer.take();
}

function valueAt(batch: MessageBatch, i: number): string {
  return Buffer.from(batch.bytes.subarray(batch.valueStarts[i], batch.keyStarts[i + 1])).toString();
}

function keyAt(batch: MessageBatch, i: number): string {
  return Buffer.from(batch.bytes.subarray(batch.keyStarts[i], batch.valueStarts[i])).toString();
}

test("a value holds the columns in the order of the file, numbers digit for digit, and leaves empty fields out", () => {
  const batch = write([
    [plain("007"), plain("x"), plain("1.50"), plain("true")],
    [plain("12345678901234567890"), plain(""), plain("-0.10e+05"), plain("false")],
    [plain(""), quoted(""), plain(""), plain("")],
    [plain("1"), quoted('say "hi"\r\n\t\\\u0001\u007f\u2028é😀'), plain(".5"), plain("TRUE")],
  ]);
  expect(Array.from({ length: batch.length }, (_, i) => valueAt(batch, i))).toEqual([
    '{"id":"007","the \\"name\\"":"x","amount":1.50,"active":true}',
    '{"id":12345678901234567890,"amount":-0.10e+05,"active":false}',
    "{}",
    '{"id":1,"the \\"name\\"":"say \\"hi\\"\\r\\n\\t\\\\\\u0001\u007f\u2028é😀","amount":".5","active":"TRUE"}',
  ]);
  expect([...batch.indexes]).toEqual([0, 10, 20, 30]);
});

test("one key column gives its text, several give an array, none gives no key", () => {
  const fields = [plain("1"), quoted('a "b"'), plain("2.0"), plain("true")];
  expect(keyAt(write([fields]), 0)).toBe("");
  expect(keyAt(write([fields], ['the "name"']), 0)).toBe('a "b"');
  expect(keyAt(write([fields], ["amount", 'the "name"', "id"]), 0)).toBe('["2.0","a \\"b\\"","1"]');
  expect(() => write([fields], ["nmae"])).toThrow('the key column "nmae" does not exist');
});

test("another quote than the usual one is undone, and the usual one is data", () => {
  const batch = write([[plain("1"), quoted(`it's "so"`), plain("2"), plain("true")]], ['the "name"'], "'");
  expect(keyAt(batch, 0)).toBe(`it's "so"`);
  expect(JSON.parse(valueAt(batch, 0))).toMatchObject({ 'the "name"': `it's "so"` });
});

test("a writer is full at either limit, and hands out batches that it does not touch again", () => {
  const writer = new MessageWriter({
    columns,
    keyColumns: [],
    quote: '"',
    limits: { maxBatchMessages: 2, maxBatchBytes: 60 },
  });
  const small = recordOf([plain("1"), plain("x"), plain(""), plain("")]);
  writer.add(small, 0);
  expect(writer.isFull).toBe(false);
  writer.add(small, 1);
  expect([writer.isFull, writer.length, writer.byteLength]).toEqual([
    true,
    2,
    2 * valueAt(write([[plain("1"), plain("x"), plain(""), plain("")]]), 0).length,
  ]);
  expect(() => writer.add(small, 2)).toThrow("a full batch");
  const first = writer.take();
  writer.add(recordOf([plain("2"), plain("y".repeat(100_000)), plain(""), plain("")]), 2);
  expect(writer.isFull).toBe(true);
  const second = writer.take();
  expect([valueAt(first, 0), valueAt(first, 1)]).toEqual(Array(2).fill('{"id":1,"the \\"name\\"":"x"}'));
  expect(valueAt(second, 0)).toHaveLength(100_026);
  expect([writer.length, writer.byteLength, writer.take().length]).toEqual([0, 0, 0]);
});

const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom('"', "'", "\\", "\n", "\u0000", "\u001f", "a", "é", "\u{10ffff}") }),
);
const numeric = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.string({ unit: fc.constantFrom("-", "0", "1", "9", ".", "e", "E", "+"), maxLength: 6 }),
);
const fieldArbitrary = fc.record({
  text: fc.oneof(text, numeric, fc.constantFrom("", "true", "false", "tru", "null")),
  quoted: fc.boolean(),
});

/** The readable meaning: numbers are put in as texts that no field can hold, and taken for digits afterwards. */
function referenceOf(fields: readonly { readonly text: string }[]): string {
  const entries = columns.flatMap(({ name, type }, i) => {
    const { text } = fields[i] as { readonly text: string };
    if (text === "") return [];
    const number =
      (type === "integer" || type === "number") && /^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$/.test(text);
    const boolean = type === "boolean" && (text === "true" || text === "false");
    return [`${JSON.stringify(name)}:${number || boolean ? text : JSON.stringify(text)}`];
  });
  return `{${entries.join(",")}}`;
}

test("whatever the fields hold, the values are what JSON.stringify makes of them, digits included", () => {
  const record = fc.array(fieldArbitrary, { minLength: 4, maxLength: 4 });
  fc.assert(
    fc.property(fc.array(record, { maxLength: 8 }), fc.constantFrom('"', "'"), (records, quote) => {
      const fields = records.map((one) => one.map(({ text, quoted }) => ({ bytes: Buffer.from(text), quoted })));
      const batch = write(fields, ['the "name"', "id"], quote);
      records.forEach((one, i) => {
        const value = valueAt(batch, i);
        expect(value).toBe(referenceOf(one));
        JSON.parse(value);
        expect(JSON.parse(keyAt(batch, i))).toEqual([one[1]?.text, one[0]?.text]);
      });
    }),
    { numRuns: 300 },
  );
});

test("bytes that are not UTF-8 are refused, never changed; what is UTF-8 stays as it is", () => {
  const bytes = fc.uint8Array({ maxLength: 12 }).map((array) => Buffer.from(array));
  const text = fc.string({ unit: "binary", maxLength: 12 }).map((value) => Buffer.from(value));
  fc.assert(
    fc.property(fc.array(fc.oneof({ weight: 3, arbitrary: text }, bytes), { maxLength: 6 }), (names) => {
      const fields = names.map((name) => [plain("1"), { bytes: name, quoted: true }, plain("2"), plain("true")]);
      if (!names.every((name) => isUtf8(name))) {
        expect(() => write(fields, ['the "name"'])).toThrow("not UTF-8");
        return;
      }
      const batch = write(fields, ['the "name"']);
      names.forEach((name, i) => {
        expect(keyAt(batch, i)).toBe(name.toString());
        const value = JSON.parse(valueAt(batch, i)) as Record<string, unknown>;
        expect(value['the "name"']).toBe(name.length === 0 ? undefined : name.toString());
      });
    }),
    { numRuns: 300 },
  );
});
