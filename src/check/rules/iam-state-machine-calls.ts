import { defineRule, type Finding } from "../../model/rule.ts";
import { allows, grantsOf } from "../rules-support/policies.ts";
import { type MachineWithRole, machineWithRole } from "../rules-support/stateMachineRole.ts";
import { callsUnknown, taskCallsOf } from "../rules-support/taskCalls.ts";

const roleKey = "scm-batch-processor-state-machine-role";
const statements = (name: string, ...actions: readonly string[]) => ({
  "iam-roles.json": {
    [roleKey]: {
      inline_policies: {
        [name]: {
          Version: "2012-10-17",
          Statement: [{ Effect: "Allow", Action: actions, Resource: ["arn:aws:sns:us-east-1:123456789012:orders"] }],
        },
      },
    },
  },
});
const notify = {
  "step-function-definition.json": {
    States: {
      Summarize: { End: null, Next: "Notify" },
      Notify: {
        Type: "Task",
        Resource: "arn:aws:states:::sns:publish",
        Parameters: { TopicArn: "arn:aws:sns:us-east-1:123456789012:orders", "Message.$": "$.report" },
        Retry: [{ ErrorEquals: ["States.TaskFailed"], JitterStrategy: "FULL" }],
        End: true,
      },
    },
  },
};

export const iamStateMachineCalls = defineRule({
  id: "iam-state-machine-calls",
  severity: "error",
  summary: "The role of the state machine allows what its states call, and nothing else.",
  why:
    "Every task, and the reader and writer of a Distributed Map, use the role of the state machine. A call " +
    "that the role does not allow fails in the middle of a run, after the jobs before it; a Distributed Map " +
    "also starts executions of its own. An action that no state calls only helps someone who changes the " +
    "definition.",
  source: "https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html",
  examples: {
    good: [
      {
        shows: "a state that publishes, with permission to do so",
        documents: { ...notify, ...statements("notify", "sns:Publish") },
      },
      {
        shows: "a managed policy, whose contents are not known here",
        documents: {
          "iam-roles.json": {
            [roleKey]: {
              inline_policies: null,
              managed_policy_arns: ["arn:aws:iam::123456789012:policy/batch-pipeline"],
            },
          },
        },
      },
    ],
    bad: [
      { shows: "a state that publishes without permission", documents: notify },
      {
        shows: "only the permission to publish",
        documents: { ...notify, ...statements("pipeline", "sns:Publish") },
        also: ["iam-sync-permissions"],
      },
      { shows: "an action that no state calls", documents: statements("more", "sns:CreateTopic") },
    ],
  },
  *check(subject) {
    const found = machineWithRole(subject);
    if (found === undefined) return;
    yield* missing(found);
    // The action of an unknown call is not known either.
    if (!callsUnknown(found.machine)) yield* superfluous(found);
  },
});

function* missing({ machine, role }: MachineWithRole): Iterable<Finding> {
  // What a managed policy allows is not known here.
  if ((role.role.managed_policy_arns ?? []).length > 0) return;
  const grants = grantsOf(role);
  const states = new Map<string, string>();
  for (const { action, state } of taskCallsOf(machine)) if (!states.has(action)) states.set(action, state);
  for (const [action, state] of states) {
    if (allows(grants, action)) continue;
    yield {
      document: role.document,
      pointer: `${role.pointer}/inline_policies`,
      ...(role.role.inline_policies && { found: grants.flatMap(({ actions }) => actions) }),
      expected: `${action} as well, which the state ${state} calls`,
      hint: "allow it on the resources that the state names",
    };
  }
}

function* superfluous({ machine, role }: MachineWithRole): Iterable<Finding> {
  const calls = taskCallsOf(machine).map(({ action }) => action);
  const possible = new Set([...calls, ...calls.flatMap((action) => companions[action] ?? []), ...ofTheService]);
  for (const { pointer, actions } of grantsOf(role)) {
    for (const [index, found] of actions.entries()) {
      if (possible.has(found) || found.startsWith("kms:") || /^\*|:\*$/.test(found)) continue;
      yield {
        document: role.document,
        pointer: `${pointer}/Action/${index}`,
        found,
        expected: "an action that a state of the state machine calls",
        hint: "remove it, or ignore this rule with the reason if another state machine has the role too",
        severity: "warning",
      };
    }
  }
}

/** What an integration does in addition to its call: it waits, ends what it started, and starts it again in a redrive. */
const companions: Readonly<Record<string, readonly string[]>> = {
  "batch:SubmitJob": [
    ...["batch:DescribeJobs", "batch:TerminateJob", "batch:TagResource"],
    ...["events:PutTargets", "events:PutRule", "events:DescribeRule"],
  ],
  "states:StartExecution": [
    ...["states:DescribeExecution", "states:StopExecution", "states:RedriveExecution"],
    ...["events:PutTargets", "events:PutRule", "events:DescribeRule"],
  ],
  "s3:PutObject": ["s3:GetObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"],
  "s3:GetObject": ["s3:GetObjectVersion", "s3:ListBucket"],
};

/** Logs and traces of Step Functions itself. */
const ofTheService = [
  "logs:CreateLogDelivery",
  "logs:DeleteLogDelivery",
  "logs:DescribeLogGroups",
  "logs:DescribeResourcePolicies",
  "logs:GetLogDelivery",
  "logs:ListLogDeliveries",
  "logs:PutResourcePolicy",
  "logs:UpdateLogDelivery",
  "xray:GetSamplingRules",
  "xray:GetSamplingTargets",
  "xray:PutTelemetryRecords",
  "xray:PutTraceSegments",
];
