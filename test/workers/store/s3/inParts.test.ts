import { setImmediate as later } from "node:timers/promises";
import { expect, test } from "vitest";
import { inParts } from "../../../../workers/store/s3/inParts.ts";

test("every byte of the target lies in exactly one part, with no more than the limit under way", async () => {
  const target = new Uint8Array(1003);
  let underWay = 0;
  let most = 0;
  await inParts(target, { partBytes: 100, limit: 4 }, async (offset, part) => {
    most = Math.max(most, ++underWay);
    await later();
    expect(part.byteOffset).toBe(offset);
    for (let index = 0; index < part.length; index++) part[index] = (part[index] ?? 0) + 1;
    underWay--;
  });
  expect(target.every((byte) => byte === 1)).toBe(true);
  expect(most).toBe(4);
});

test("the first failure ends the others and is the one that is told, once nothing is under way any more", async () => {
  const ended: string[] = [];
  const work = inParts(new Uint8Array(1000), { partBytes: 100, limit: 4 }, async (offset, _part, signal) => {
    await later();
    if (offset === 200) throw new Error("no");
    await later();
    ended.push(signal?.aborted ? "told" : "not told");
    signal?.throwIfAborted();
  });
  await expect(work).rejects.toThrow("no");
  expect(ended).toEqual(["told", "told", "told"]);
});

test("an empty target is one part without bytes", async () => {
  const lengths: number[] = [];
  await inParts(
    new Uint8Array(0),
    { partBytes: 10, limit: 2 },
    async (_offset, part) => void lengths.push(part.length),
  );
  expect(lengths).toEqual([0]);
});
