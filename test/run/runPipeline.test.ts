import { expect, test } from "vitest";
import { concurrencyOf } from "../../src/run/runPipeline.ts";

test.each([
  [40, 8, "file", 8],
  [2, 8, "file", 2],
  [0, 8, "kafka", 8],
  [40, 8, "stdout", 1],
] as const)(
  "where %i chunks at once are allowed, %i processors deliver to %s: %i",
  (allowed, processors, to, expected) => {
    expect(concurrencyOf(allowed, processors, to)).toBe(expected);
  },
);
