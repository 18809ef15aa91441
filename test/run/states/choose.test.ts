import { describe, expect, test } from "vitest";
import { choose, holds } from "../../../src/run/states/choose.ts";
import { StatesError } from "../../../src/run/states/statesError.ts";

const scopeOf = (input: unknown) => ({ input, context: {}, variables: {} });

describe("a rule of a Choice", () => {
  test.each([
    [{ Variable: "$.n", NumericGreaterThan: 290_000 }, { n: 290_000 }, false],
    [{ Variable: "$.n", NumericGreaterThan: 290_000 }, { n: 290_001 }, true],
    [{ Variable: "$.n", NumericGreaterThanEquals: 3 }, { n: 3 }, true],
    [{ Variable: "$.n", NumericLessThan: 3 }, { n: 3 }, false],
    [{ Variable: "$.n", NumericLessThanEquals: 3 }, { n: 3 }, true],
    [{ Variable: "$.n", NumericEquals: 3 }, { n: 3 }, true],
    [{ Variable: "$.n", NumericGreaterThanPath: "$.most" }, { n: 3, most: 2 }, true],
    // As text, 1000000 would count as smaller than 290000.
    [{ Variable: "$.n", NumericGreaterThan: 290_000 }, { n: "1000000" }, false],
    [{ Variable: "$.n", StringGreaterThan: "290000" }, { n: "1000000" }, false],
    [{ Variable: "$.s", StringEquals: "a" }, { s: "a" }, true],
    [{ Variable: "$.s", StringMatches: "s3:*" }, { s: "s3://bucket/key" }, true],
    [{ Variable: "$.s", StringMatches: "*/" }, { s: "runs/1" }, false],
    [{ Variable: "$.s", StringMatches: "a*b*c" }, { s: "a-b-b-c" }, true],
    [{ Variable: "$.s", StringMatches: "a*ba" }, { s: "aba" }, true],
    [{ Variable: "$.s", StringMatches: "ab*ba" }, { s: "aba" }, false],
    [{ Variable: "$.s", StringMatches: "\\*" }, { s: "*" }, true],
    [{ Variable: "$.s", StringMatches: "\\*" }, { s: "a" }, false],
    [{ Variable: "$.b", BooleanEquals: false }, { b: false }, true],
    [{ Variable: "$.t", TimestampLessThan: "2026-01-01T00:00:00Z" }, { t: "2025-12-31T23:59:59Z" }, true],
    [{ Variable: "$.n", IsNumeric: true }, { n: "3" }, false],
    [{ Variable: "$.n", IsNumeric: false }, { n: "3" }, true],
    [{ Variable: "$.n", IsString: true }, { n: "3" }, true],
    [{ Variable: "$.n", IsNull: true }, { n: null }, true],
    [{ Variable: "$.n", IsPresent: true }, {}, false],
    [{ Variable: "$.n", IsPresent: true }, { n: null }, true],
    [{ Not: { Variable: "$.n", IsPresent: true } }, {}, true],
    [
      {
        Or: [
          { Variable: "$.n", IsPresent: false },
          { Variable: "$.n", NumericEquals: 1 },
        ],
      },
      {},
      true,
    ],
  ])("%j of %j is %s", (rule, input, expected) => {
    expect(holds(rule, scopeOf(input))).toBe(expected);
  });

  test("that is guarded does not look at what is missing; one that is not fails", () => {
    const larger = { Variable: "$.n", NumericGreaterThan: 1 };
    const guarded = { And: [{ Variable: "$.n", IsPresent: true }, larger] };
    expect(holds(guarded, scopeOf({}))).toBe(false);
    expect(() => holds(larger, scopeOf({}))).toThrow(StatesError);
  });

  test("that run does not support is a failure, not false", () => {
    expect(() => holds({ Variable: "$.n", NumericAlmost: 1 }, scopeOf({ n: 1 }))).toThrow(StatesError);
  });

  test("is taken from the top", () => {
    const one = { Variable: "$.n", IsPresent: true, Next: "One" };
    expect(choose([one, { ...one, Next: "Two" }], scopeOf({ n: 1 }))).toBe(one);
    expect(choose([one], scopeOf({}))).toBeUndefined();
  });
});
