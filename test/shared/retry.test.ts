import { expect, test } from "vitest";
import { delayMs, usualPatience } from "../../src/shared/retry.ts";

test("the delays double up to the longest one, each between its half and its whole", () => {
  const shortest = [1, 2, 3, 4, 5, 6, 7, 8].map((fruitless) =>
    delayMs(fruitless, { ...usualPatience, random: () => 0 }),
  );
  const longest = [1, 2, 3, 4, 5, 6, 7, 8].map((fruitless) =>
    delayMs(fruitless, { ...usualPatience, random: () => 1 }),
  );
  expect(longest).toEqual([200, 400, 800, 1600, 3200, 6400, 10000, 10000]);
  expect(shortest).toEqual(longest.map((delay) => delay / 2));
});

test("after progress the first delay is due again", () => {
  expect(delayMs(0, { ...usualPatience, random: () => 1 })).toBe(200);
});
