import { expect, test } from "vitest";
import { valueAt } from "../../../src/shared/pointer.ts";
import { batchOf } from "./batchOf.ts";

const fallbackOf = (compute_resources: Readonly<Record<string, unknown>>) =>
  valueAt(
    batchOf({ compute_environment: { compute_resources } })["compute-environment"],
    "/fallback/compute_resources",
  );

test("a change to the first environment's resources applies to its fallback", () => {
  expect(fallbackOf({ max_vcpus: 12, instance_types: ["c6i.large"] })).toMatchObject({
    max_vcpus: 12,
    instance_types: ["c6i.large"],
  });
});

test.each([
  ["type", "SPOT", "EC2"],
  ["allocation_strategy", "SPOT_PRICE_CAPACITY_OPTIMIZED", "BEST_FIT_PROGRESSIVE"],
  ["bid_percentage", 80, undefined],
  ["spot_iam_fleet_role", "arn:aws:iam::123456789012:role/fleet", undefined],
  ["desired_vcpus", 64, undefined],
])("what makes the first environment Spot does not reach the fallback: %s", (key, value, expected) => {
  expect(valueAt(fallbackOf({ [key]: value }), `/${key}`)).toBe(expected);
});
