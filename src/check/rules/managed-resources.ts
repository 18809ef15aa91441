import { defineRule } from "../../model/rule.ts";
import { environmentsOf } from "../rules-support/environments.ts";

export const managedResources = defineRule({
  id: "managed-resources",
  severity: "error",
  summary: "A managed compute environment specifies the resources it may start; the module creates no unmanaged ones.",
  why:
    "AWS Batch rejects a MANAGED environment without compute_resources, after a plan that looked fine. An " +
    "UNMANAGED one is a set of instances that are started elsewhere, which this module does not manage.",
  source: "https://docs.aws.amazon.com/batch/latest/APIReference/API_CreateComputeEnvironment.html",
  examples: {
    good: [{ shows: "managed, with resources", documents: { "compute-environment.json": { type: "MANAGED" } } }],
    bad: [
      {
        shows: "managed, without resources",
        documents: { "compute-environment.json": { compute_resources: null } },
      },
      {
        shows: "an unmanaged fallback",
        documents: { "compute-environment.json": { fallback: { type: "UNMANAGED" } } },
      },
    ],
  },
  *check(subject) {
    for (const { document, environment, pointer } of environmentsOf(subject)) {
      if (environment.type === "UNMANAGED") {
        yield {
          document,
          pointer: `${pointer}/type`,
          found: environment.type,
          expected: "MANAGED",
          hint: "let AWS Batch start the instances, or define the environment outside of this module",
        };
      } else if (environment.compute_resources === undefined) {
        yield {
          document,
          pointer: `${pointer}/compute_resources`,
          expected: "an object with type, max_vcpus, instance_types, subnets, security_group_ids and instance_role",
          hint: "gen-batch-config schema compute-environment shows every key",
        };
      }
    }
  },
});
