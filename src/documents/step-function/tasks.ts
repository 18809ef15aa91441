import { isObject } from "../../model/json.ts";
import type { Data } from "../making.ts";
import { s3Retriers } from "./retriers.ts";

interface Submission {
  readonly job: Data;
  readonly "JobName.$": string;
  readonly Parameters: Data;
  readonly TimeoutSeconds: number | undefined;
}

/**
 * A Task that submits a job and waits for its end. The name of the definition means its newest revision: a run that is in
 * progress while a new one is registered must not request one that is deregistered.
 */
export function submitJob({ job, TimeoutSeconds, ...request }: Submission): Data {
  return {
    Type: "Task",
    Resource: "arn:aws:states:::batch:submitJob.sync",
    Parameters: {
      "JobName.$": request["JobName.$"],
      JobQueue: "${BATCH_PROCESSING_QUEUE_ARN}",
      JobDefinition: job.name,
      Parameters: request.Parameters,
    },
    ...(TimeoutSeconds !== undefined && { TimeoutSeconds }),
  };
}

/**
 * Seconds that a job can take from SubmitJob to the end of its last attempt: each attempt first waits for an instance, for as
 * long as the queue lets it, and then runs until its timeout. Undefined when one of the numbers is a placeholder, or
 * the job has no timeout.
 */
export function jobSeconds(job: Data, queue: Data): number | undefined {
  const attempts = numberAt(job.retry_strategy, "attempts") ?? 1;
  const attemptSeconds = numberAt(job.timeout, "attempt_duration_seconds");
  if (attemptSeconds === undefined) return undefined;
  return Math.min(maxSeconds, attempts * (attemptSeconds + runnableSeconds(queue)) + marginSeconds);
}

/** The maximum that Step Functions waits: three years. */
export const maxSeconds = 99_999_999;

// Pulling the image, starting the container, and the time until Step Functions is notified of the end.
const marginSeconds = 600;

/** The maximum of the queue's limits. A queue without one would wait for days; the run assumes the default. */
function runnableSeconds({ job_state_time_limit_actions }: Data): number {
  const actions = Array.isArray(job_state_time_limit_actions) ? job_state_time_limit_actions : [];
  const limits = actions.flatMap((action) => numberAt(action, "max_time_seconds") ?? []);
  return limits.length === 0 ? defaultRunnableSeconds : Math.max(...limits);
}

const defaultRunnableSeconds = 14_400;

function numberAt(value: unknown, key: string): number | undefined {
  const found = isObject(value) ? value[key] : undefined;
  return typeof found === "number" ? found : undefined;
}

/** Reads an object of the bucket into `$.read.content`. */
export function readJson(key: string): Data {
  return {
    Type: "Task",
    Resource: "arn:aws:states:::aws-sdk:s3:getObject",
    Parameters: { Bucket: "${S3_BUCKET}", "Key.$": key },
    TimeoutSeconds: 60,
    ResultSelector: { "content.$": "States.StringToJson($.Body)" },
    ResultPath: "$.read",
    Retry: s3Retriers,
  };
}

export function caught(Next: string): readonly Data[] {
  return [{ ErrorEquals: ["States.ALL"], ResultPath: "$.failure", Next }];
}
