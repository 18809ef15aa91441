import { defineRule } from "../../model/rule.ts";
import { environmentsOf } from "../rules-support/environments.ts";

const role = (instance_role: string) => ({
  documents: { "compute-environment.json": { compute_resources: { instance_role } } },
});

export const iamInstanceProfile = defineRule({
  id: "iam-instance-profile",
  severity: "error",
  summary: "instance_role of a compute environment is set, to an instance profile and not to the role inside it.",
  why:
    "The field is called a role but expects the name or ARN of an instance profile. With the ARN of a role " +
    "the environment becomes INVALID, or its instances never start, and jobs stay RUNNABLE; Terraform's plan " +
    "does not notice.",
  source: "https://docs.aws.amazon.com/batch/latest/userguide/instance_IAM_role.html",
  examples: {
    good: [
      {
        shows: "the ARN of a profile",
        ...role("arn:aws:iam::123456789012:instance-profile/gss-dev-batch-instance-role"),
      },
      { shows: "the name of a profile", ...role("ecsInstanceRole") },
    ],
    bad: [
      {
        shows: "no instance profile",
        documents: { "compute-environment.json": { compute_resources: { instance_role: null } } },
      },
      { shows: "the ARN of the role", ...role("arn:aws:iam::123456789012:role/gss-dev-batch-instance-role") },
      {
        shows: "in the fallback, a placeholder for a role",
        documents: {
          "compute-environment.json": {
            fallback: { compute_resources: { instance_role: "${SCM_BATCH_PROCESSOR_BATCH_JOB_ROLE}" } },
          },
        },
      },
    ],
  },
  *check(subject) {
    for (const { document, pointer, environment } of environmentsOf(subject)) {
      if (environment.compute_resources === undefined) continue;
      const found = environment.compute_resources.instance_role;
      // A placeholder's sample has the form of its value, so it can be checked as well.
      if (found !== undefined && !/^arn:[^:]*:iam::[^:]*:role\//.test(found)) continue;
      yield {
        document,
        pointer: `${pointer}/compute_resources/instance_role`,
        found,
        expected: "the name or ARN of an instance profile",
        hint:
          found === undefined
            ? "without one no instance can join the environment: write ${SCM_BATCH_PROCESSOR_BATCH_INSTANCE_ROLE}"
            : `write ${found.replace(":role/", ":instance-profile/")}, if the profile has the name of the role`,
      };
    }
  },
});
