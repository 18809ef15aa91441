import { defineRule } from "../../model/rule.ts";
import { allows, grantsOf, rolesOf, trustedServices } from "../rules-support/policies.ts";
import { submitTasksOf } from "../rules-support/submitTasks.ts";

const role = (...statements: unknown[]) => ({
  documents: {
    "iam-roles.json": {
      "reports-states-role": {
        trust: { services: ["states.amazonaws.com"] },
        inline_policies: { jobs: { Version: "2012-10-17", Statement: statements } },
      },
    },
  },
});
const submit = {
  Effect: "Allow",
  Action: ["batch:SubmitJob"],
  Resource: [
    "arn:aws:batch:us-east-1:123456789012:job-queue/orders",
    "arn:aws:batch:us-east-1:123456789012:job-definition/orders:*",
  ],
};
const watch = { Effect: "Allow", Action: ["batch:DescribeJobs", "batch:TerminateJob"], Resource: ["*"] };
const rule = {
  Effect: "Allow",
  Action: ["events:PutTargets", "events:PutRule", "events:DescribeRule"],
  Resource: ["arn:aws:events:us-east-1:123456789012:rule/StepFunctionsGetEventsForBatchJobsRule"],
};

export const iamSyncPermissions = defineRule({
  id: "iam-sync-permissions",
  severity: "error",
  summary:
    "A state machine that waits for jobs may also watch them, end them, and maintain the event rule that " +
    "reports their end.",
  why:
    "submitJob.sync learns of the end of a job through an EventBridge rule that it creates with the role of " +
    "the state machine. Without these permissions Step Functions rejects the state machine when Terraform " +
    "creates it.",
  source: "https://docs.aws.amazon.com/step-functions/latest/dg/batch-iam.html",
  examples: {
    good: [{ shows: "all that submitJob.sync needs", ...role(submit, watch, rule) }],
    bad: [
      { shows: "only the permission to submit", ...role(submit) },
      { shows: "without the event rule", ...role(submit, watch) },
      {
        shows: "without the permission to end the job",
        ...role(submit, { ...watch, Action: ["batch:DescribeJobs"] }, rule),
      },
    ],
  },
  *check(subject) {
    const tasks = submitTasksOf(subject);
    if (tasks.length > 0 && !tasks.some(({ waits }) => waits)) return;
    for (const placed of rolesOf(subject)) {
      const isStates = trustedServices(placed.role).some((service) => service.split(".")[0] === "states");
      // What a managed policy allows is not known here.
      if (!isStates || (placed.role.managed_policy_arns ?? []).length > 0) continue;
      const grants = grantsOf(placed);
      const submitting = grants.find((grant) => allows([grant], "batch:SubmitJob"));
      const missing = needed.filter((action) => !allows(grants, action));
      if (submitting === undefined || missing.length === 0) continue;
      yield {
        document: placed.document,
        pointer: `${submitting.pointer}/Action`,
        ...(submitting.actions.length > 0 && { found: submitting.actions }),
        expected: `${missing.join(", ")} as well, to wait for the job`,
        hint: "allow batch: actions on * and events: actions on the rule StepFunctionsGetEventsForBatchJobsRule",
      };
    }
  },
});

const needed = [
  "batch:DescribeJobs",
  "batch:TerminateJob",
  "events:PutTargets",
  "events:PutRule",
  "events:DescribeRule",
];
