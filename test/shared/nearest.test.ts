import fc from "fast-check";
import { expect, test } from "vitest";
import { nearest } from "../../src/shared/nearest.ts";

const names = ["PREFIX", "SUBNETS", "VPC_ID", "AWS_REGION"];

test.each([
  ["PREFX", "PREFIX"],
  ["subnets", "SUBNETS"],
  ["VPCID", "VPC_ID"],
  ["SUBNET", "SUBNETS"],
  ["REGION", undefined],
  ["", undefined],
  ["x".repeat(1_000_000), undefined],
])("the nearest to %s is %s", (word, expected) => {
  expect(nearest(word, names)).toBe(expected);
});

test("a candidate is nearest to itself, and to itself with one character wrong", () => {
  fc.assert(
    fc.property(fc.constantFrom(...names), fc.nat(), (name, at) => {
      expect(nearest(name, names)).toBe(name);
      const index = at % name.length;
      expect(nearest(`${name.slice(0, index)}#${name.slice(index + 1)}`, names)).toBe(name);
    }),
  );
});

test("among equals the first wins", () => {
  expect(nearest("cat", ["bat", "car"])).toBe("bat");
});
