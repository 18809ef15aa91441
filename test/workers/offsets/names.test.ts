import { expect, test } from "vitest";
import { isSafeName } from "../../../workers/offsets/names.ts";

test.each(["chunk-000000", "a", "A.b_c-9", "x".repeat(128)])("may be part of a name: %j", (name) => {
  expect(isSafeName(name)).toBe(true);
});

test.each(["", ".", "..", ".hidden", "a/b", "a\\b", "a b", "a\n", "é", "a\u0000", "x".repeat(129), "%2e%2e"])(
  "may not be part of a name: %j",
  (name) => {
    expect(isSafeName(name)).toBe(false);
  },
);
