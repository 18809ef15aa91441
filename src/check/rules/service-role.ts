import { defineRule } from "../../model/rule.ts";
import { environmentsOf } from "../rules-support/environments.ts";

export const serviceRole = defineRule({
  id: "service-role",
  severity: "error",
  summary: "A managed environment uses the service-linked role, not a custom service role.",
  why:
    "AWS changes an environment in place only when it uses its service-linked role, which is the default. " +
    "With a custom role every change other than to the vCPU limits and the state becomes a replacement, and " +
    "deleting the old environment fails because the queue still refers to it.",
  source: "https://docs.aws.amazon.com/batch/latest/userguide/infrastructure-updates.html",
  examples: {
    good: [
      {
        shows: "the service-linked role, named",
        documents: {
          "compute-environment.json": {
            service_role: "arn:aws:iam::123456789012:role/aws-service-role/batch.amazonaws.com/AWSServiceRoleForBatch",
          },
        },
      },
    ],
    bad: [
      {
        shows: "the role that the module's own role file offers",
        documents: { "compute-environment.json": { service_role: "${SCM_BATCH_PROCESSOR_BATCH_ROLE}" } },
      },
    ],
  },
  *check(subject) {
    for (const { document, pointer, environment } of environmentsOf(subject)) {
      const role = environment.service_role;
      if (role === undefined || environment.type !== "MANAGED" || role.includes("/aws-service-role/")) continue;
      yield {
        document,
        pointer: `${pointer}/service_role`,
        found: role,
        expected: "no service role, so that AWS uses its service-linked role",
        hint: "remove service_role; if company policy requires it, list this rule under ignore_rules with the reason",
      };
    }
  },
});
