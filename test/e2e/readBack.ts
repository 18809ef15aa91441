import type { ComputeEnvironmentDetail, JobDefinition, JobQueueDetail } from "@aws-sdk/client-batch";
import {
  BatchClient,
  paginateDescribeComputeEnvironments,
  paginateDescribeJobDefinitions,
  paginateDescribeJobQueues,
} from "@aws-sdk/client-batch";
import { CloudWatchLogsClient, type LogGroup, paginateDescribeLogGroups } from "@aws-sdk/client-cloudwatch-logs";

/** What an account holds, as AWS's own client reads it. */
export interface Account {
  readonly computeEnvironments: readonly ComputeEnvironmentDetail[];
  readonly jobQueues: readonly JobQueueDetail[];
  /** Active revisions only: AWS keeps the others for half a year. */
  readonly jobDefinitions: readonly JobDefinition[];
  readonly logGroups: readonly LogGroup[];
}

export async function readBack(endpoint: string): Promise<Account> {
  const options = { endpoint, region: "us-east-1", credentials: { accessKeyId: "test", secretAccessKey: "test" } };
  const client = new BatchClient(options);
  const logs = new CloudWatchLogsClient(options);
  try {
    return {
      computeEnvironments: await gather(paginateDescribeComputeEnvironments({ client }, {}), "computeEnvironments"),
      jobQueues: await gather(paginateDescribeJobQueues({ client }, {}), "jobQueues"),
      jobDefinitions: await gather(paginateDescribeJobDefinitions({ client }, { status: "ACTIVE" }), "jobDefinitions"),
      logGroups: await gather(
        paginateDescribeLogGroups({ client: logs }, { logGroupNamePrefix: "/aws/batch/" }),
        "logGroups",
      ),
    };
  } finally {
    client.destroy();
    logs.destroy();
  }
}

async function gather<Key extends string, Item>(
  pages: AsyncIterable<{ readonly [key in Key]?: readonly Item[] | undefined }>,
  key: Key,
): Promise<Item[]> {
  const items: Item[] = [];
  for await (const page of pages) items.push(...(page[key] ?? []));
  return items;
}
