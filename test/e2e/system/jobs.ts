import { BatchClient, DescribeJobsCommand, type JobDetail, ListJobsCommand } from "@aws-sdk/client-batch";
import { CloudWatchLogsClient, FilterLogEventsCommand, GetLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { prefix } from "./deployedSystem.ts";
import { anyCredentials, type Credentials } from "./signedCall.ts";

export type JobKind = "validation" | "processing";

/** Jobs of the deployed queue, with how each of them went. */
export class Jobs {
  readonly #endpoint: string;
  #batch: BatchClient;
  #logs: CloudWatchLogsClient;

  constructor(endpoint: string) {
    this.#endpoint = endpoint;
    this.#batch = new BatchClient(optionsOf(endpoint, anyCredentials));
    this.#logs = new CloudWatchLogsClient(optionsOf(endpoint, anyCredentials));
  }

  /** From now on. */
  useCredentials(credentials: Credentials): void {
    this.close();
    this.#batch = new BatchClient(optionsOf(this.#endpoint, credentials));
    this.#logs = new CloudWatchLogsClient(optionsOf(this.#endpoint, credentials));
  }

  /** Those that read or wrote below this prefix. */
  async of(output: string, kind: JobKind): Promise<JobDetail[]> {
    const names = [{ name: "JOB_NAME", values: ["*"] }];
    const { jobSummaryList = [] } = await this.#batch.send(
      new ListJobsCommand({ jobQueue: `${prefix}-batch-queue`, filters: names }),
    );
    const ids = jobSummaryList.flatMap(({ jobId }) => jobId ?? []);
    if (ids.length === 0) return [];
    const { jobs = [] } = await this.#batch.send(new DescribeJobsCommand({ jobs: ids }));
    return jobs.filter(
      ({ jobDefinition = "", parameters = {} }) =>
        jobDefinition.includes(`/${prefix}-batch-${kind}-job:`) &&
        Object.values(parameters).some((value) => value.startsWith(output)),
    );
  }

  /** Lines of the log of an attempt, counted from 0. */
  async log(job: JobDetail, kind: JobKind, attempt: number): Promise<string[]> {
    const logStreamName = job.attempts?.[attempt]?.container?.logStreamName;
    const { events = [] } = await this.#logs.send(
      new GetLogEventsCommand({ logGroupName: `/aws/batch/${prefix}-batch-${kind}`, logStreamName }),
    );
    return events.map(({ message = "" }) => message);
  }

  /** The last lines of the logs of jobs and function that say that something failed, for the message of a test. */
  async failures(): Promise<string> {
    const groups = [`/aws/batch/${prefix}-batch-validation`, `/aws/batch/${prefix}-batch-processing`];
    const found: string[] = [];
    for (const logGroupName of [...groups, `/aws/lambda/${prefix}-batch-record-processor`]) {
      const { events = [] } = await this.#logs.send(new FilterLogEventsCommand({ logGroupName }));
      found.push(...events.map(({ message = "" }) => message).filter((line) => line.includes('"level":"error"')));
    }
    return found.slice(-5).join("\n");
  }

  close(): void {
    this.#batch.destroy();
    this.#logs.destroy();
  }
}

function optionsOf(endpoint: string, { accessKeyId, secretAccessKey }: Credentials) {
  return { endpoint, region: "us-east-1", credentials: { accessKeyId, secretAccessKey } };
}
