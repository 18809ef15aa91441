type Data = Readonly<Record<string, unknown>>;

interface Submission {
  readonly job: Data;
  readonly "JobName.$": string;
  readonly Parameters: Data;
  readonly TimeoutSeconds: number | undefined;
}

/**
 * A Task that submits a job and waits for its end. The definition goes by its name, which means the newest revision: a run
 * that is under way while a new one is registered must not ask for one that is gone.
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

export function caught(Next: string): readonly Data[] {
  return [{ ErrorEquals: ["States.ALL"], ResultPath: "$.failure", Next }];
}
