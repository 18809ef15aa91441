import { defineRule } from "../../model/rule.ts";
import { resourcesOf } from "../rules-support/resources.ts";

export const desiredVcpus = defineRule({
  id: "desired-vcpus",
  severity: "error",
  summary: "Do not set desired_vcpus: AWS Batch changes it itself.",
  why:
    "AWS Batch changes this number with the load. A fixed one shows as a change in every plan, and the apply " +
    'fails with "Manually scaling down compute environment is not supported" as soon as jobs have raised it.',
  source: "https://github.com/opensupplyhub/open-apparel-registry/issues/2043",
  examples: {
    good: [
      {
        shows: "vCPUs kept running by min_vcpus instead, which costs money and has its own warning",
        documents: { "compute-environment.json": { compute_resources: { min_vcpus: 16 } } },
      },
    ],
    bad: [
      {
        shows: "a fixed number",
        documents: { "compute-environment.json": { compute_resources: { desired_vcpus: 64 } } },
      },
      {
        shows: "zero, which is just as fixed",
        documents: { "compute-environment.json": { fallback: { compute_resources: { desired_vcpus: 0 } } } },
      },
    ],
  },
  *check(subject) {
    for (const { document, resources, at } of resourcesOf(subject)) {
      if (resources.desired_vcpus === undefined) continue;
      yield {
        document,
        pointer: at("desired_vcpus"),
        found: resources.desired_vcpus,
        expected: "no desired_vcpus, because AWS Batch sets it",
        hint: "remove desired_vcpus; to keep vCPUs running set min_vcpus",
      };
    }
  },
});
