import fc from "fast-check";
import { expect, test } from "vitest";
import { grouped } from "../../../src/shared/text.ts";
import { counted, fileSize, percentage } from "../../../workers/report/numbers.ts";

test.each([
  [0, "0"],
  [999, "999"],
  [1000, "1,000"],
  [1_234_567, "1,234,567"],
  [Number.MAX_SAFE_INTEGER, "9,007,199,254,740,991"],
])("%d is grouped as %s", (count, expected) => {
  expect(grouped(count)).toBe(expected);
});

test.each([
  [0, 10, "0%"],
  [10, 10, "100%"],
  [1, 1_000_000, "under 0.01%"],
  [999_999, 1_000_000, "over 99.99%"],
  [1234, 1_000_000, "0.12%"],
  [1, 2, "50%"],
  [1, 3, "33.33%"],
  [1, 10, "10%"],
  [0, 0, undefined],
])("%d of %d is %s", (part, whole, expected) => {
  expect(percentage(part, whole)).toBe(expected);
});

test("only nothing is 0%, and only all is 100%", () => {
  fc.assert(
    fc.property(fc.nat({ max: 2 ** 31 - 1 }), fc.nat({ max: 2 ** 31 - 1 }), (a, b) => {
      const [part, whole] = [Math.min(a, b), Math.max(a, b, 1)];
      expect(percentage(part, whole) === "0%").toBe(part === 0);
      expect(percentage(part, whole) === "100%").toBe(part === whole);
    }),
  );
});

test.each([
  [1000, "1.0 kB"],
  [999_949, "999.9 kB"],
  [999_950, "1.0 MB"],
  [24_318_877, "24.3 MB"],
  [5_000_000_000_000_000, "5000.0 TB"],
])("%d bytes are %s", (bytes, expected) => {
  expect(fileSize(bytes)).toBe(expected);
});

test("one is counted in the singular", () => {
  expect([counted(1, "record"), counted(0, "record"), counted(2000, "record")]).toEqual([
    "1 record",
    "0 records",
    "2,000 records",
  ]);
});
