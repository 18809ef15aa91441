import { defineRule } from "../../model/rule.ts";
import { resourcesOf } from "../rules-support/resources.ts";

export const allocationStrategy = defineRule({
  id: "allocation-strategy",
  severity: "error",
  summary: "An allocation strategy is specified, and it is not BEST_FIT.",
  why:
    "AWS uses BEST_FIT when none is specified. Such an environment can never be changed in place: a new " +
    "instance type, subnet or machine image makes Terraform replace it, and the delete fails because the " +
    "queue still refers to it. BEST_FIT also waits for one instance type when that type has run out.",
  source: "https://docs.aws.amazon.com/batch/latest/userguide/infrastructure-updates.html",
  examples: {
    good: [
      {
        shows: "BEST_FIT_PROGRESSIVE on Spot",
        documents: {
          "compute-environment.json": { compute_resources: { allocation_strategy: "BEST_FIT_PROGRESSIVE" } },
        },
      },
    ],
    bad: [
      {
        shows: "no strategy",
        documents: { "compute-environment.json": { fallback: { compute_resources: { allocation_strategy: null } } } },
      },
      {
        shows: "BEST_FIT",
        documents: {
          "compute-environment.json": { fallback: { compute_resources: { allocation_strategy: "BEST_FIT" } } },
        },
      },
    ],
  },
  *check(subject) {
    for (const { document, environment, resources, at, settled } of resourcesOf(subject)) {
      const { type, allocation_strategy: strategy } = resources;
      if (environment.type !== "MANAGED" || !settled("allocation_strategy")) continue;
      if (strategy !== undefined && strategy !== "BEST_FIT") continue;
      const suited = type === "SPOT" ? "SPOT_CAPACITY_OPTIMIZED" : "BEST_FIT_PROGRESSIVE";
      yield {
        document,
        pointer: at("allocation_strategy"),
        found: strategy,
        expected: `"${suited}", which can be changed in place later`,
        hint: `set allocation_strategy to ${suited}`,
      };
    }
  },
});
