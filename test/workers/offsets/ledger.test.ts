import fc from "fast-check";
import { expect, test } from "vitest";
import { type IndexRange, OffsetLedger } from "../../../workers/offsets/ledger.ts";

const first = 100;
const size = 60;

const range = fc
  .tuple(fc.integer({ min: first - 5, max: first + size }), fc.integer({ min: 0, max: 9 }))
  .map(([from, length]): IndexRange => [from, Math.min(from + length, first + size)]);

test("in any order and with repeats, it never passes a gap and never stays behind one that is closed", () => {
  fc.assert(
    fc.property(fc.array(range, { maxLength: 60 }), (ranges) => {
      const ledger = new OffsetLedger(first);
      const done = new Set<number>();
      for (const [from, to] of ranges) {
        ledger.acknowledge(from, to);
        for (let index = from; index < to; index++) done.add(index);
        let next = first;
        while (done.has(next)) next += 1;
        expect(ledger.next).toBe(next);
        expect(indexesOf(ledger.rangesBeyond)).toEqual([...done].filter((index) => index > next).sort((a, b) => a - b));
      }
    }),
  );
});

test("what lies beyond the gap is kept in as few ranges as there are gaps", () => {
  fc.assert(
    fc.property(fc.array(range, { maxLength: 60 }), (ranges) => {
      const ledger = new OffsetLedger(first);
      for (const [from, to] of ranges) ledger.acknowledge(from, to);
      let end = ledger.next;
      for (const [from, to] of ledger.rangesBeyond) {
        expect(from).toBeGreaterThan(end);
        expect(to).toBeGreaterThan(from);
        end = to;
      }
    }),
  );
});

test("a million acknowledgements in order, or one gap before a million, take one range at most", () => {
  const ledger = new OffsetLedger(0);
  for (let index = 1; index < 1_000_000; index++) ledger.acknowledge(index, index + 1);
  expect(ledger.next).toBe(0);
  expect(ledger.rangesBeyond).toEqual([[1, 1_000_000]]);
  ledger.acknowledge(0, 1);
  expect(ledger.next).toBe(1_000_000);
  expect(ledger.rangesBeyond).toEqual([]);
});

test("a ledger continues from what another one knew", () => {
  fc.assert(
    fc.property(fc.array(range, { maxLength: 30 }), fc.array(range, { maxLength: 30 }), (before, after) => {
      const ledger = new OffsetLedger(first);
      for (const [from, to] of before) ledger.acknowledge(from, to);
      const next = new OffsetLedger(ledger.next, ledger.rangesBeyond);
      for (const [from, to] of after) {
        ledger.acknowledge(from, to);
        next.acknowledge(from, to);
      }
      expect([next.next, next.rangesBeyond]).toEqual([ledger.next, ledger.rangesBeyond]);
    }),
  );
});

function indexesOf(ranges: readonly IndexRange[]): number[] {
  return ranges.flatMap(([from, to]) => Array.from({ length: to - from }, (_, offset) => from + offset));
}
