import { defineRule } from "../../model/rule.ts";
import { resourcesOf } from "../rules-support/resources.ts";

export const strategyFitsType = defineRule({
  id: "strategy-fits-type",
  severity: "error",
  summary: "An allocation strategy for Spot needs an environment of type SPOT.",
  why:
    "AWS Batch refuses to create an EC2 environment with SPOT_CAPACITY_OPTIMIZED or " +
    "SPOT_PRICE_CAPACITY_OPTIMIZED. Neither terraform validate nor terraform plan notices, so the failure " +
    "comes in the middle of an apply.",
  source: "https://github.com/seqeralabs/nf-tower/issues/262",
  examples: {
    good: [
      {
        shows: "the first environment on Spot, with the strategy for on demand",
        documents: {
          "compute-environment.json": { compute_resources: { allocation_strategy: "BEST_FIT_PROGRESSIVE" } },
        },
      },
    ],
    bad: [
      {
        shows: "an on-demand fallback with a strategy for Spot",
        documents: {
          "compute-environment.json": {
            fallback: { compute_resources: { allocation_strategy: "SPOT_CAPACITY_OPTIMIZED" } },
          },
        },
      },
    ],
  },
  *check(subject) {
    for (const { document, resources, at, settled } of resourcesOf(subject)) {
      const { type, allocation_strategy: strategy } = resources;
      if (!settled("type", "allocation_strategy")) continue;
      if (type !== "EC2" || !strategy?.startsWith("SPOT_")) continue;
      yield {
        document,
        pointer: at("allocation_strategy"),
        found: strategy,
        expected: '"BEST_FIT_PROGRESSIVE", because the type is EC2',
        hint: "set type to SPOT if you want Spot instances, else use BEST_FIT_PROGRESSIVE",
      };
    }
  },
});
