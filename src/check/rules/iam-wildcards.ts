import { defineRule, type Finding } from "../../model/rule.ts";
import { callersOf } from "../rules-support/callers.ts";
import { coversAction, type Grant, grantsOf, rolesOf } from "../rules-support/policies.ts";

const policy = (statement: Readonly<Record<string, unknown>>) => ({
  documents: {
    "iam-roles.json": {
      "reports-job-role": {
        trust: { services: ["ecs-tasks.amazonaws.com"] },
        inline_policies: { work: { Version: "2012-10-17", Statement: [{ Effect: "Allow", ...statement }] } },
      },
    },
  },
});

const ofJobs = (statement: Readonly<Record<string, unknown>>) => ({
  documents: {
    "iam-roles.json": {
      "scm-batch-processor-batch-job-role": {
        inline_policies: { more: { Version: "2012-10-17", Statement: [{ Effect: "Allow", ...statement }] } },
      },
    },
  },
});

export const iamWildcards = defineRule({
  id: "iam-wildcards",
  severity: "warning",
  summary: "A policy names its actions, and its resources wherever IAM supports that.",
  why:
    "A job reads files from other sources: anyone who gets it to run code has everything that its role may " +
    "do. With s3:* on * that is every bucket of the account. Some actions do not support resources; for those " +
    "* is right and is not reported.",
  source: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege",
  examples: {
    good: [
      {
        shows: "actions on the objects of one bucket",
        ...policy({ Action: ["s3:GetObject", "s3:PutObject"], Resource: ["arn:aws:s3:::gss-dev-batch-data/*"] }),
      },
      {
        shows: "actions that do not support resources",
        ...policy({
          Action: ["batch:DescribeJobs", "batch:TerminateJob", "ecr:GetAuthorizationToken", "ec2:Describe*"],
          Resource: ["*"],
        }),
      },
      {
        shows: "resources selected by their tag",
        ...policy({
          Action: ["sqs:SendMessage"],
          Resource: ["*"],
          Condition: { StringEquals: { "aws:ResourceTag/Team": ["data"] } },
        }),
      },
    ],
    bad: [
      { shows: "every action", ...policy({ Action: ["*"], Resource: ["arn:aws:s3:::gss-dev-batch-data/*"] }) },
      {
        shows: "every action of a service",
        ...policy({ Action: ["s3:*"], Resource: ["arn:aws:s3:::gss-dev-batch-data/*"] }),
      },
      { shows: "every queue", ...policy({ Action: ["sqs:SendMessage"], Resource: ["*"] }) },
      { shows: "every bucket", ...policy({ Action: ["s3:GetObject"], Resource: ["arn:aws:s3:::*"] }) },
      {
        shows: "every topic of every cluster",
        ...policy({
          Action: ["kafka-cluster:WriteData"],
          Resource: ["arn:aws:kafka:us-east-1:123456789012:topic/*/*/orders"],
        }),
      },
      {
        shows: "every action on the data, for the workers",
        ...ofJobs({ Action: ["s3:*"], Resource: ["arn:aws:s3:::gss-dev-batch-data/*"] }),
        also: ["iam-worker-calls"],
      },
      {
        shows: "every object of the account, for the workers",
        ...ofJobs({ Action: ["s3:GetObject"], Resource: ["*"] }),
        also: ["iam-worker-calls"],
      },
      {
        shows: "every action but one",
        ...policy({ NotAction: ["iam:PassRole"], Resource: ["arn:aws:s3:::gss-dev-batch-data/*"] }),
      },
    ],
  },
  *check(subject) {
    const ofWorkers = new Set(callersOf(subject).flatMap(({ worker, role }) => (worker ? [role.key] : [])));
    for (const placed of rolesOf(subject)) {
      for (const grant of grantsOf(placed)) {
        for (const { onData, ...finding } of [...actionFindings(grant), ...resourceFindings(grant)]) {
          // What our workers call is known, so nothing has to be left open; and they read untrusted files.
          const grave = onData && ofWorkers.has(placed.key);
          yield { document: placed.document, ...finding, ...(grave && { severity: "error" as const }) };
        }
      }
    }
  },
});

interface Remark extends Omit<Finding, "document"> {
  /** It leaves open what contains data, or runs programs. */
  readonly onData: boolean;
}

function* actionFindings({ pointer, actions, notActions }: Grant): Iterable<Remark> {
  for (const [index, found] of actions.entries()) {
    if (!isWholeService(found)) continue;
    const everything = found === "*" || found.startsWith("*");
    yield {
      pointer: `${pointer}/Action/${index}`,
      found,
      expected: "the actions by name",
      hint: "list what the program calls; CloudTrail and IAM Access Analyzer show it",
      onData: isAboutData(found),
      ...(everything && { severity: "error" as const }),
    };
  }
  if (notActions.length === 0) return;
  const hint = "list what is allowed in Action instead; otherwise whatever AWS adds later is allowed as well";
  const expected = "the actions that are allowed, by name";
  yield { pointer: `${pointer}/NotAction`, found: notActions, expected, hint, onData: false };
}

function isWholeService(action: string): boolean {
  return action.startsWith("*") || action.endsWith(":*");
}

function* resourceFindings({ pointer, actions, resources, condition }: Grant): Iterable<Remark> {
  if (Object.keys(condition).length > 0) return;
  for (const [index, found] of resources.entries()) {
    if (!namesNothing(found)) continue;
    const hint = "scope it to one resource: anyone who takes over the program can read or write whatever is left open";
    const expected = "the name of the resource in its ARN";
    yield { pointer: `${pointer}/Resource/${index}`, found, expected, hint, onData: true };
  }
  if (!resources.includes("*")) return;
  const named = actions.filter((action) => !isWholeService(action) && !takesNoResource(action));
  if (named.length === 0) return;
  const some = named.length > 3 ? `${named.slice(0, 3).join(", ")} and others` : named.join(", ");
  yield {
    pointer: `${pointer}/Resource`,
    found: resources,
    expected: `ARNs, because IAM can restrict ${some} to them`,
    hint: "name the resources, and put actions that do not support any into a separate statement",
    onData: named.some(isAboutData),
  };
}

/** What contains data or runs programs, and has a name that the user chooses. Ids that AWS chooses are not known before. */
const withNames = new Set([
  "dynamodb",
  "kafka",
  "kafka-cluster",
  "kms",
  "lambda",
  "s3",
  "secretsmanager",
  "sns",
  "sqs",
  "states",
]);
function isAboutData(action: string): boolean {
  return withNames.has(action.split(":")[0] ?? "");
}

/** What comes before the name: arn:aws:kafka:…:topic/NAME, arn:aws:lambda:…:function:NAME. */
const types = /^(cluster|topic|group|transactional-id|table|key|alias|function|secret|stateMachine|execution)[/:]/;

/** An ARN with a star where the name of a bucket, queue, cluster or function belongs. */
function namesNothing(arn: string): boolean {
  const [, , service = "", , , ...rest] = arn.split(":");
  const name = rest.join(":").replace(types, "").split(/[:/]/)[0] ?? "";
  return withNames.has(service) && /^[*?]+$/.test(name);
}

/**
 * Actions that IAM cannot restrict to a resource, or whose resource is not known before they are called (a job gets its id
 * when it is submitted). iam:PassRole has its own rule.
 */
const withoutResource = [
  "autoscaling:Describe*",
  "batch:CancelJob",
  "batch:Describe*",
  "batch:List*",
  "batch:TerminateJob",
  "cloudwatch:GetMetricData",
  "cloudwatch:ListMetrics",
  "cloudwatch:PutMetricData",
  "ec2:AssignPrivateIpAddresses",
  "ec2:CreateNetworkInterface",
  "ec2:DeleteNetworkInterface",
  "ec2:Describe*",
  "ec2:UnassignPrivateIpAddresses",
  "ecr:GetAuthorizationToken",
  "ecs:CreateCluster",
  "ecs:DescribeTaskDefinition",
  "ecs:DiscoverPollEndpoint",
  "ecs:ListClusters",
  "ecs:ListTaskDefinitions",
  "iam:PassRole",
  "kafka:ListClusters",
  "kafka:ListClustersV2",
  "kms:ListAliases",
  "kms:ListKeys",
  "logs:CreateLogDelivery",
  "logs:DeleteLogDelivery",
  "logs:DescribeLogGroups",
  "logs:DescribeResourcePolicies",
  "logs:GetLogDelivery",
  "logs:ListLogDeliveries",
  "logs:PutResourcePolicy",
  "logs:UpdateLogDelivery",
  "s3:ListAllMyBuckets",
  "secretsmanager:ListSecrets",
  "sns:ListTopics",
  "sqs:ListQueues",
  "ssm:DescribeParameters",
  "ssmmessages:CreateControlChannel",
  "ssmmessages:CreateDataChannel",
  "ssmmessages:OpenControlChannel",
  "ssmmessages:OpenDataChannel",
  "sts:GetCallerIdentity",
  "xray:GetSamplingRules",
  "xray:GetSamplingStatisticSummaries",
  "xray:GetSamplingTargets",
  "xray:PutTelemetryRecords",
  "xray:PutTraceSegments",
];

/** The stars in our list match any ending, so they cover an action of the user's that ends in a star as well. */
function takesNoResource(action: string): boolean {
  return withoutResource.some((pattern) => coversAction(pattern, action));
}
