import type { PolicyStatement } from "../../derived/types.ts";
import { isObject } from "../../model/json.ts";
import type { Data, Documents } from "../making.ts";
import { type Arn, allow, allowAnywhere, here } from "./policyStatement.ts";

/**
 * What an instance does itself, not on behalf of a job: the ECS agent joins the cluster and reports, Docker pulls the images
 * and sends what the containers print. AWS Batch chooses the names of its clusters, so all of the account are allowed.
 */
export function instanceStatements(batch: Documents<"batch">, arn: Arn): readonly PolicyStatement[] {
  const jobs = [batch["batch-validation-job"], batch["batch-processing-job"]].map((job) =>
    isObject(job.container_properties) ? job.container_properties : {},
  );
  const groups = [...new Set(jobs.flatMap((job) => logGroupOf(job, arn)))];
  const repositories = [...new Set(jobs.flatMap(({ image }) => repositoryOf(image, arn)))];
  const clusters = arn(`ecs:${here}:cluster/*`);
  const instances = arn(`ecs:${here}:container-instance/*`);
  return [
    allow("JoinCluster", clusterActions, [clusters]),
    allow("FetchTasks", instanceActions, [instances]),
    {
      ...allow("TagOnJoining", ["ecs:TagResource"], [instances]),
      Condition: { StringEquals: { "ecs:CreateAction": ["RegisterContainerInstance"] } },
    },
    allowAnywhere("FindCluster", ["ecs:DiscoverPollEndpoint", "ec2:DescribeTags"]),
    ...(groups.length > 0 ? [allow("SendLogs", ["logs:CreateLogStream", "logs:PutLogEvents"], groups)] : []),
    ...(repositories.length > 0
      ? [
          allow("PullImages", pullActions, repositories),
          allowAnywhere("LogInToRegistry", ["ecr:GetAuthorizationToken"]),
        ]
      : []),
  ];
}

const clusterActions = [
  "ecs:DeregisterContainerInstance",
  "ecs:RegisterContainerInstance",
  "ecs:SubmitAttachmentStateChanges",
  "ecs:SubmitContainerStateChange",
  "ecs:SubmitTaskStateChange",
];
const instanceActions = ["ecs:Poll", "ecs:StartTelemetrySession", "ecs:UpdateContainerInstancesState"];
const pullActions = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];

/** The streams of the group that a job's awslogs driver writes to. */
function logGroupOf({ log_configuration }: Data, arn: Arn): readonly string[] {
  if (!isObject(log_configuration) || log_configuration.log_driver !== "awslogs") return [];
  const options = isObject(log_configuration.options) ? log_configuration.options : {};
  const { "awslogs-group": group = "/aws/batch/job", "awslogs-region": region = "${AWS_REGION}" } = options;
  return [arn(`logs:${region}:\${AWS_ACCOUNT_ID}:log-group:${group}:*`)];
}

/** The private repository of an image. Public ones, including those of public.ecr.aws, need no permission. */
function repositoryOf(image: unknown, arn: Arn): readonly string[] {
  if (typeof image !== "string") return [];
  // The value of a placeholder is not known before Terragrunt runs: it can be a registry of this account.
  const open = /^\$\{[A-Z][A-Z0-9_]*\}(?:\/([^:@]+))?(?:[:@].*)?$/.exec(image);
  if (open) return [arn(`ecr:${here}:repository/${open[1] ?? "*"}`)];
  const part = String.raw`[a-z0-9-]+|\$\{[A-Z][A-Z0-9_]*\}`;
  const address = new RegExp(`^(${part})\\.dkr\\.ecr(?:-fips)?\\.(${part})\\.amazonaws\\.com(?:\\.cn)?/([^:@]+)`);
  const [, account, region, repository] = address.exec(image) ?? [];
  if (account === undefined) return [];
  return [arn(`ecr:${region}:${account}:repository/${repository}`)];
}
