import { expect, test } from "vitest";
import { errorKind, errorRecord, errorWords } from "../../../workers/batch_validator/scan/errorWords.ts";
import { RejectsRowBuffers } from "../../../workers/batch_validator/scan/rejectsRowBuffers.ts";
import { type NamedKind, SegmentRejects } from "../../../workers/batch_validator/scan/segmentRejects.ts";
import { scanText } from "./scanText.ts";

test("pieces hold all bytes in their order, and full ones end where the formatter can go on by eight bytes", () => {
  const pieces = new RejectsRowBuffers();
  const bytes = Uint8Array.from({ length: 2_500_003 }, (_, index) => index % 251);
  for (let at = 0; at < bytes.length; at += 7777) pieces.append(bytes.subarray(at, at + 7777));
  const taken = pieces.take();
  expect(Buffer.concat(taken).equals(Buffer.from(bytes))).toBe(true);
  expect(taken.slice(0, -1).map(({ length }) => length % 8)).toEqual(taken.slice(1).map(() => 0));
  expect([pieces.length, pieces.take()]).toEqual([0, []]);
});

test("counts stay when more kinds of errors come up than there was room for", () => {
  const kinds: NamedKind[] = [{ column: 0, rule: "type" }];
  let errors = new Uint32Array(0);
  const add = (record: number, kind: number) => {
    const one = new Uint32Array(errorWords);
    one[errorRecord] = record;
    one[errorKind] = kind;
    errors = Uint32Array.from([...errors, ...one]);
  };
  const names = { delimiter: ",", quote: '"', columnNames: Array.from({ length: 40 }, (_, index) => `c${index}`) };
  const rows = new SegmentRejects(kinds, names, () => errors);
  add(0, 0);
  rows.addErrors();
  for (let column = 1; column < 40; column += 1) kinds.push({ column, rule: "type" });
  add(1, 39);
  rows.addErrors();
  expect([rows.counts[0], rows.counts[39], [...rows.records]]).toEqual([1, 1, [0, 1]]);
});

test("reasons that are too long to be kept are those of their own records", async () => {
  const names = Array.from({ length: 40 }, (_, index) => `${"column".repeat(3)}${10 + index}`);
  const properties = Object.fromEntries(names.map((name) => [name, { type: "integer" }]));
  /** All but one column are wrong. */
  const record = (right: number) => names.map((_, index) => (index === right ? "1" : "x")).join(",");
  const text = `${names.join(",")}\n${[0, 1, 2, 0].map(record).join("\n")}\n`;
  const { rejects } = await scanText(text, { schema: { type: "object", properties }, maxSamples: 0 });
  const reasons = rejects
    .split("\n")
    .slice(1, -1)
    .map((line) => line.split('"')[1]);
  const expected = [0, 1, 2, 0].map((right) =>
    names.filter((_, index) => index !== right).map((name) => `${name} type`),
  );
  expect(reasons).toEqual(expected.map((parts) => parts.join("; ")));
  expect(reasons[0]?.length).toBeGreaterThan(1024);
});
