import fc from "fast-check";
import { expect, test } from "vitest";
import {
  countRejectedIndexes,
  decodeRejectedIndexes,
  encodeRejectedIndexes,
  RejectedIndexes,
  RejectedIndexesEncoder,
} from "../../../workers/offsets/rejectedIndexes.ts";

const ascending = fc.uniqueArray(fc.oneof(fc.nat(300), fc.maxSafeNat()), { maxLength: 80 });

test("indexes come back as they were encoded, and are counted without decoding", () => {
  fc.assert(
    fc.property(ascending, fc.maxSafeNat(), (some, start) => {
      const indexes = some.map((distance) => start + distance).filter(Number.isSafeInteger);
      indexes.sort((a, b) => a - b);
      const bytes = encodeRejectedIndexes(indexes, start);
      expect([...decodeRejectedIndexes(bytes, start, Number.MAX_SAFE_INTEGER + 1)]).toEqual(indexes);
      expect(countRejectedIndexes(bytes)).toBe(indexes.length);
    }),
  );
});

test("the bytes are those of the format: distances in LEB128, the first one from the beginning of the chunk", () => {
  expect([...encodeRejectedIndexes([1000, 1001, 1129, 1_000_000], 1000)]).toEqual([0, 1, 0x80, 1, 0xd7, 0xfb, 0x3c]);
  expect([...encodeRejectedIndexes([], 1000)]).toEqual([]);
});

test("asked in ascending order, it knows which indexes are rejected", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(200)), fc.uniqueArray(fc.nat(200)), (rejected, asked) => {
      const indexes = [...rejected].sort((a, b) => a - b);
      const list = new RejectedIndexes(encodeRejectedIndexes(indexes, 0), 0, 201);
      for (const index of [...asked].sort((a, b) => a - b)) expect(list.has(index)).toBe(rejected.includes(index));
    }),
  );
});

test("indexes out of order are a mistake of the caller", () => {
  const encoder = new RejectedIndexesEncoder(10);
  expect(() => encoder.add(9)).toThrow(RangeError);
  encoder.add(10);
  expect(() => encoder.add(10)).toThrow("rejected index 10 came after 10");
});

test.each([
  ["an unfinished number", [0x80]],
  ["an endless number", [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1]],
  ["an index twice", [1, 0]],
  ["an index beyond the chunk", [10]],
])("bytes that no encoder writes are refused: %s", (_what, bytes) => {
  expect(() => [...decodeRejectedIndexes(Uint8Array.from(bytes), 0, 10)]).toThrow("the list of rejected records has");
});

test("any bytes are either refused or ascending indexes of the chunk", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      try {
        const indexes = [...decodeRejectedIndexes(bytes, 5, 500)];
        expect([...indexes].sort((a, b) => a - b)).toEqual(indexes);
        for (const index of indexes) expect(index >= 5 && index < 500).toBe(true);
      } catch (error) {
        expect(error).toMatchObject({ outcome: "input-missing" });
      }
    }),
  );
});
