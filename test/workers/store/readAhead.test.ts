import { setImmediate as later } from "node:timers/promises";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type ReadInto, readAhead } from "../../../workers/store/readAhead.ts";
import { collect, seededBytes } from "./pieces.ts";

const object = seededBytes(5000);
const plan = { start: 0, end: 5000, partBytes: 400, parts: 3, pieceBytes: 150 };

/** Reads that come back in another order than they were begun. */
function reads(failAt = Number.POSITIVE_INFINITY) {
  const seen = { begun: 0, most: 0, underWay: 0, memories: new Set<ArrayBufferLike>() };
  const readInto: ReadInto = async (start, target, signal) => {
    const turns = seen.begun++ % 3;
    seen.most = Math.max(seen.most, ++seen.underWay);
    seen.memories.add(target.buffer);
    try {
      for (let turn = 0; turn < 3 - turns; turn++) await later();
      signal.throwIfAborted();
      if (start >= failAt) throw new Error("broken");
      target.set(object.subarray(start, start + target.length));
    } finally {
      seen.underWay--;
    }
  };
  return { seen, readInto };
}

test("the bytes come in order and in pieces of bounded length, for any sizes", async () => {
  const size = fc.integer({ min: 1, max: 900 });
  const parts = fc.integer({ min: 1, max: 5 });
  await fc.assert(
    fc.asyncProperty(fc.nat(5000), fc.nat(5000), size, parts, size, async (a, b, partBytes, many, pieceBytes) => {
      const [start, end] = a < b ? [a, b] : [b, a];
      const pieces = readAhead(reads().readInto, { start, end, partBytes, parts: many, pieceBytes });
      const lengths: number[] = [];
      async function* measured() {
        for await (const piece of pieces) {
          lengths.push(piece.length);
          yield piece;
        }
      }
      expect(Buffer.compare(await collect(measured()), object.subarray(start, end))).toBe(0);
      expect(Math.max(0, ...lengths)).toBeLessThanOrEqual(pieceBytes);
    }),
    { numRuns: 100 },
  );
});

test("no more parts are in memory than the plan says, and their memory is used again", async () => {
  const { seen, readInto } = reads();
  await collect(readAhead(readInto, plan));
  expect(seen.begun).toBe(13);
  expect(seen.most).toBe(3);
  expect(seen.memories.size).toBe(3);
});

test("a piece keeps its bytes until the next one is asked for", async () => {
  const pieces = readAhead(reads().readInto, plan);
  for (let offset = 0; ; ) {
    const next = await pieces.next();
    if (next.done === true) break;
    for (let turn = 0; turn < 6; turn++) await later();
    expect(Buffer.compare(next.value, object.subarray(offset, offset + next.value.length))).toBe(0);
    offset += next.value.length;
  }
});

test("whoever leaves early ends what is being read, and nothing is left under way", async () => {
  const { seen, readInto } = reads();
  for await (const _piece of readAhead(readInto, plan)) break;
  expect(seen.underWay).toBe(0);
  expect(seen.begun).toBe(3);
});

test("a part that cannot be read fails when its turn comes: what lies before it is handed out", async () => {
  const { seen, readInto } = reads(800);
  let length = 0;
  const reading = (async () => {
    for await (const piece of readAhead(readInto, plan)) length += piece.length;
  })();
  await expect(reading).rejects.toThrow("broken");
  expect(length).toBe(800);
  expect(seen.underWay).toBe(0);
});

test("a signal ends it with its own reason", async () => {
  const controller = new AbortController();
  const { seen, readInto } = reads();
  const reading = (async () => {
    for await (const _piece of readAhead(readInto, { ...plan, signal: controller.signal })) {
      controller.abort(new Error("enough"));
    }
  })();
  await expect(reading).rejects.toThrow("enough");
  expect(seen.underWay).toBe(0);
});
