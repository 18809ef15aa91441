import { defineRule } from "../../model/rule.ts";
import { type PlacedResources, resourcesOf } from "../rules-support/resources.ts";

export const bidPercentage = defineRule({
  id: "bid-percentage",
  severity: "error",
  summary: "A bid belongs to a Spot environment, and a bid below 100 only reduces the available instances.",
  why:
    "On an EC2 environment a bid has no effect: instances are still bought on demand at full price, although " +
    "the document looks like Spot. On Spot the market price is paid whatever the bid is, so a bid below 100 " +
    "saves nothing; it makes jobs wait in RUNNABLE while the price is above it.",
  source: "https://docs.aws.amazon.com/batch/latest/APIReference/API_ComputeResource.html",
  examples: {
    good: [
      {
        shows: "no bid, as AWS recommends",
        documents: { "compute-environment.json": { compute_resources: { bid_percentage: null } } },
      },
    ],
    bad: [
      {
        shows: "a bid on on-demand instances",
        documents: { "compute-environment.json": { fallback: { compute_resources: { bid_percentage: 100 } } } },
      },
      {
        shows: "a bid below 100",
        documents: { "compute-environment.json": { compute_resources: { bid_percentage: 60 } } },
      },
    ],
  },
  *check(subject) {
    for (const placed of resourcesOf(subject)) {
      const bid = placed.resources.bid_percentage;
      if (bid === undefined || !placed.settled("type")) continue;
      if (placed.resources.type !== "SPOT") yield notSpot(placed);
      else if (bid < 100 && placed.settled("bid_percentage")) yield belowPrice(placed);
    }
  },
});

function notSpot({ document, resources, at }: PlacedResources) {
  return {
    document,
    pointer: at("bid_percentage"),
    found: resources.bid_percentage,
    expected: `no bid, because the type is ${resources.type}`,
    hint: "remove bid_percentage, or set type to SPOT if you want Spot instances",
  };
}

function belowPrice({ document, resources, at }: PlacedResources) {
  return {
    document,
    pointer: at("bid_percentage"),
    found: resources.bid_percentage,
    expected: "100 or nothing, because a lower bid saves no money",
    hint: "remove bid_percentage: the market price is paid whatever the bid is",
    severity: "warning" as const,
  };
}
