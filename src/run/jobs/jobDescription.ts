import { isObject } from "../../model/json.ts";
import type { Job } from "./planJobs.ts";
import type { AttemptResult } from "./runAttempts.ts";

/** The description of a finished job that a state machine receives, in the terms of AWS Batch. */
export function jobDescription(job: Job, parameters: unknown, results: readonly AttemptResult[]): object {
  const last = results.at(-1);
  const given = isObject(parameters) ? parameters : {};
  return {
    JobId: job.id,
    JobName: given.JobName ?? job.id,
    JobDefinition: given.JobDefinition,
    JobQueue: given.JobQueue,
    Parameters: given.Parameters ?? {},
    Status: last === undefined || last.exitCode === 0 ? "SUCCEEDED" : "FAILED",
    StatusReason: statusReasonOf(last),
    Attempts: results.map((result) => ({
      Container: { ExitCode: result.exitCode },
      StatusReason: statusReasonOf(result),
    })),
    Container: { ExitCode: last?.exitCode ?? 0, LogStreamName: job.id },
  };
}

export function statusReasonOf(result: AttemptResult | undefined): string {
  return result?.hasTimedOut ? "Job attempt duration exceeded timeout" : "Essential container in task exited";
}
