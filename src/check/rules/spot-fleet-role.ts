import { defineRule } from "../../model/rule.ts";
import { resourcesOf } from "../rules-support/resources.ts";

const role = "arn:aws:iam::123456789012:role/aws-ec2-spot-fleet-tagging-role";

export const spotFleetRole = defineRule({
  id: "spot-fleet-role",
  severity: "error",
  summary: "A Spot fleet role is needed for Spot with BEST_FIT or without a strategy, and only for Spot.",
  why:
    "BEST_FIT on Spot requests capacity through a Spot fleet, which needs a role; without it AWS Batch " +
    "rejects the environment. AWS's documentation contradicts itself: one page requires the role for every " +
    "Spot environment, another for BEST_FIT alone. A progressive or optimized strategy works without it, so " +
    "this rule does not report it there. Choose once: adding or removing the role later replaces the " +
    "environment.",
  source: "https://docs.aws.amazon.com/batch/latest/userguide/allocation-strategies.html",
  examples: {
    good: [
      {
        shows: "a role that the strategy does not need",
        documents: { "compute-environment.json": { compute_resources: { spot_iam_fleet_role: role } } },
      },
    ],
    bad: [
      {
        shows: "BEST_FIT on Spot without the role",
        documents: { "compute-environment.json": { compute_resources: { allocation_strategy: "BEST_FIT" } } },
        also: ["allocation-strategy"],
      },
      {
        shows: "a role for on-demand instances",
        documents: { "compute-environment.json": { fallback: { compute_resources: { spot_iam_fleet_role: role } } } },
      },
    ],
  },
  *check(subject) {
    for (const { document, resources, at, settled } of resourcesOf(subject)) {
      const { type, allocation_strategy: strategy = "BEST_FIT", spot_iam_fleet_role: given } = resources;
      if (!settled("type", "allocation_strategy")) continue;
      const pointer = at("spot_iam_fleet_role");
      if (type === "SPOT" && strategy === "BEST_FIT" && given === undefined) {
        const expected = "the ARN of a role with AmazonEC2SpotFleetTaggingRole, because the strategy is BEST_FIT";
        yield { document, pointer, expected, hint: "use SPOT_CAPACITY_OPTIMIZED, which does not need the role" };
      }
      if (type !== "SPOT" && given !== undefined) {
        const expected = `no Spot fleet role, because the type is ${type}`;
        yield { document, pointer, found: given, expected, hint: "remove spot_iam_fleet_role" };
      }
    }
  },
});
