import type { PolicyStatement } from "../../derived/types.ts";
import { awsPartitionOf } from "../../model/awsPartition.ts";

/** Text after `arn:PARTITION:`, such as `s3:::gss-dev-batch-data`. */
export type Arn = (rest: string) => string;

/** Makes the ARNs of a region. */
export function arnsOf(region: string): Arn {
  const partition = awsPartitionOf(region);
  return (rest) => `arn:${partition}:${rest}`;
}

/** The region and account of nearly every ARN; only Terragrunt knows both. */
export const here = "${AWS_REGION}:${AWS_ACCOUNT_ID}";

export function allow(Sid: string, Action: readonly string[], Resource: readonly string[]): PolicyStatement {
  return { Sid, Effect: "Allow", Action: [...Action], Resource: [...Resource] };
}

/** Allows actions on everything, which needs a reason for each. */
export function allowAnywhere(Sid: string, Action: readonly (keyof typeof onEverything)[]): PolicyStatement {
  return allow(Sid, Action, ["*"]);
}

export function policy(Statement: readonly PolicyStatement[]) {
  return { Version: "2012-10-17", Statement };
}

/** The actions that a role gets on `*`, each with the reason why an ARN is not possible. */
export const onEverything = {
  "batch:DescribeJobs": "IAM has no resource for it.",
  "ec2:AssignPrivateIpAddresses": "Lambda requires it on *; the interface has no name before it exists.",
  "ec2:CreateNetworkInterface": "Lambda requires it on *; the interface has no name before it exists.",
  "ec2:DeleteNetworkInterface": "Lambda requires it on *; EC2 chooses the ids of its interfaces.",
  "ec2:DescribeNetworkInterfaces": "IAM has no resource for it.",
  "ec2:DescribeSubnets": "IAM has no resource for it.",
  "ec2:DescribeTags": "IAM has no resource for it.",
  "ec2:UnassignPrivateIpAddresses": "Lambda requires it on *; EC2 chooses the ids of its interfaces.",
  "ecr:GetAuthorizationToken": "IAM has no resource for it.",
  "ecs:DiscoverPollEndpoint": "IAM has no resource for it.",
  "logs:CreateLogDelivery": "IAM has no resource for it.",
  "logs:DeleteLogDelivery": "IAM has no resource for it.",
  "logs:DescribeLogGroups": "Step Functions looks through all groups for the one it logs to.",
  "logs:DescribeResourcePolicies": "IAM has no resource for it.",
  "logs:GetLogDelivery": "IAM has no resource for it.",
  "logs:ListLogDeliveries": "IAM has no resource for it.",
  "logs:PutResourcePolicy": "IAM has no resource for it.",
  "logs:UpdateLogDelivery": "IAM has no resource for it.",
  "xray:GetSamplingRules": "IAM has no resource for it.",
  "xray:GetSamplingTargets": "IAM has no resource for it.",
  "xray:PutTelemetryRecords": "IAM has no resource for it.",
  "xray:PutTraceSegments": "IAM has no resource for it.",
} as const;
