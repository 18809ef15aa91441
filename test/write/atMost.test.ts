import { setImmediate as later } from "node:timers/promises";
import { expect, test } from "vitest";
import { mapAtMost } from "../../src/write/atMost.ts";

const numbers = Array.from({ length: 50 }, (_, index) => index);

test("results come in the order of the items, with no more than the limit under way", async () => {
  let underWay = 0;
  let most = 0;
  const doubled = await mapAtMost(4, numbers, async (number) => {
    most = Math.max(most, ++underWay);
    for (let turn = 0; turn < number % 3; turn++) await later();
    underWay--;
    return number * 2;
  });
  expect(doubled).toEqual(numbers.map((number) => number * 2));
  expect(most).toBe(4);
});

test("after a failure nothing is started, and running work has ended when the failure is thrown", async () => {
  const begun: number[] = [];
  const ended: number[] = [];
  const work = mapAtMost(4, numbers, async (number) => {
    begun.push(number);
    if (number === 2) throw new Error("no");
    await later();
    ended.push(number);
  });
  await expect(work).rejects.toThrow("no");
  expect(begun).toEqual([0, 1, 2, 3]);
  expect(ended).toEqual([0, 1, 3]);
});

test("no items lead to no results", async () => {
  expect(await mapAtMost(4, [], async () => 1)).toEqual([]);
});
