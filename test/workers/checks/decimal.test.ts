import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { multiplesOf, reduced, toDecimal } from "../../../workers/checks/decimal.ts";

const isMultipleOf = (value: number, unit: number): boolean => multiplesOf(unit)(value);

describe("multiplesOf", () => {
  test("counts in decimals, where division of doubles goes wrong", () => {
    expect(Number.isInteger(19.99 / 0.01)).toBe(false);
    expect(isMultipleOf(19.99, 0.01)).toBe(true);
    expect(isMultipleOf(0.3, 0.1)).toBe(true);
    expect(isMultipleOf(19.999, 0.01)).toBe(false);
    expect(isMultipleOf(1e300, 1e-7)).toBe(true);
    expect(isMultipleOf(5e-324, 0.1)).toBe(false);
    expect(isMultipleOf(-0, 0.1)).toBe(true);
  });

  test("finds every product of a unit, and nothing between two of them", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1e6, max: 1e6 }),
        fc.integer({ min: 2, max: 999 }),
        fc.nat(6),
        (factor, unit, scale) => {
          const at = (coefficient: number): number => Number(`${coefficient}e-${scale}`);
          expect(isMultipleOf(at(factor * unit), at(unit))).toBe(true);
          expect(isMultipleOf(at(factor * unit + 1), at(unit))).toBe(false);
        },
      ),
    );
  });
});

describe("multiplesOf, without big integers for short numbers,", () => {
  test("says what it says with them", () => {
    const anyNumber = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.double({ noNaN: true, min: -1e6, max: 1e6 }),
      fc.tuple(fc.integer(), fc.nat(9)).map(([coefficient, scale]) => Number(`${coefficient}e-${scale}`)),
      fc.tuple(fc.maxSafeInteger(), fc.nat(20)).map(([coefficient, scale]) => Number(`${coefficient}e-${scale}`)),
    );
    fc.assert(
      fc.property(
        anyNumber,
        fc.constantFrom(1, 2, 0.5, 0.1, 0.01, 0.25, 2.5, 1e-7, 3, 1e15, 7e20, 1e-22),
        (value, unit) => {
          const one = toDecimal(value);
          const other = toDecimal(unit);
          const at = ({ coefficient, scale }: typeof one): bigint => coefficient * 10n ** BigInt(400 - scale);
          expect(isMultipleOf(value, unit)).toBe(at(one) % at(other) === 0n);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe("toDecimal", () => {
  test("stands for the number it was made of", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const { coefficient, scale } = toDecimal(value);
        expect(Number(`${coefficient}e${-scale}`)).toBe(value === 0 ? 0 : value);
        const short = reduced(toDecimal(value));
        expect(Number(`${short.coefficient}e${-short.scale}`)).toBe(value === 0 ? 0 : value);
        expect(short.scale).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
