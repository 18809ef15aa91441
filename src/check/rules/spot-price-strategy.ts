import { defineRule } from "../../model/rule.ts";
import { resourcesOf } from "../rules-support/resources.ts";

const priceOptimized = {
  "compute-environment.json": { compute_resources: { allocation_strategy: "SPOT_PRICE_CAPACITY_OPTIMIZED" } },
};

export const spotPriceStrategy = defineRule({
  id: "spot-price-strategy",
  severity: "error",
  summary: "SPOT_PRICE_CAPACITY_OPTIMIZED needs version 6 of the Terraform AWS provider.",
  why:
    "Every 5.x, and 6.x before 6.10.0, plans a replacement for each change to the infrastructure of an " +
    "environment with this strategy, where AWS would change it in place. The replacement then fails because " +
    "the queue still refers to the environment. With version 6 the generated module requires 6.10 or newer.",
  source: "https://github.com/hashicorp/terraform-provider-aws/issues/38695",
  examples: {
    good: [{ shows: "the strategy with version 6 of the provider", awsProvider: 6, documents: priceOptimized }],
    bad: [{ shows: "the strategy with version 5 of the provider", awsProvider: 5, documents: priceOptimized }],
  },
  *check(subject) {
    if (subject.settings.awsProvider !== 5) return;
    for (const { document, resources, at, settled } of resourcesOf(subject)) {
      const { type, allocation_strategy: strategy } = resources;
      if (strategy !== "SPOT_PRICE_CAPACITY_OPTIMIZED" || type !== "SPOT" || !settled("allocation_strategy")) continue;
      yield {
        document,
        pointer: at("allocation_strategy"),
        found: strategy,
        expected:
          '"SPOT_CAPACITY_OPTIMIZED", because version 5 of the AWS provider replaces the environment at every change',
        hint: "use SPOT_CAPACITY_OPTIMIZED, or set aws_provider to 6",
      };
    }
  },
});
