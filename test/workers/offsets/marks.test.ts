import fc from "fast-check";
import { expect, test } from "vitest";
import { Marks } from "../../../workers/offsets/marks.ts";

const mark = (index: number) => ({ index, byte: index * 10, line: index + 1, crc32: 0 });

test("the last place is given that no undone record lies before", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 100 })), fc.array(fc.nat(110)), (places, asked) => {
      const ascending = [0, ...places.sort((a, b) => a - b)];
      const marks = new Marks(mark(0));
      for (const index of ascending.slice(1)) marks.add(mark(index));
      for (const index of asked.sort((a, b) => a - b)) {
        expect(marks.lastUpTo(index).index).toBe(ascending.findLast((place) => place <= index));
      }
    }),
  );
});
