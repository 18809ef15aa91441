import type { Config } from "../../derived/types.ts";
import type { Data, Documents } from "../unit.ts";
import { numberIs } from "./choices.ts";
import { batchRetriers, lambdaRetriers } from "./retriers.ts";
import { jobSeconds, submitJob } from "./tasks.ts";

/**
 * What the Map runs for a chunk: on AWS Batch when it has more records than the threshold, else on Lambda. Errors are not
 * caught here, nor is that of the Map: a caught error ends in a state that fails, and a redrive enters that state again
 * instead of the one that failed. The error of a chunk names what is wrong by itself, and the Map writes it to its results.
 */
export function chunkProcessor({ batch_processing_threshold }: Config, batch: Documents<"batch">): Data {
  const job = batch["batch-processing-job"];
  return {
    ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
    StartAt: "ProcessChunk",
    States: {
      ProcessChunk: {
        Type: "Choice",
        Choices: [
          { And: numberIs("$.chunkSize", { NumericGreaterThan: batch_processing_threshold }), Next: "SubmitBatchJob" },
        ],
        Default: "ProcessWithLambda",
      },
      SubmitBatchJob: {
        ...submitJob({
          job,
          "JobName.$": "States.Format('${PREFIX}-{}-{}', $.run, $.chunkId)",
          Parameters: {
            "chunkId.$": "$.chunkId",
            // AWS Batch takes texts alone.
            "startIndex.$": "States.Format('{}', $.startIndex)",
            "endIndex.$": "States.Format('{}', $.endIndex)",
            "manifest.$": "$.manifest",
          },
          TimeoutSeconds: jobSeconds(job, batch["job-queue"]),
        }),
        ResultSelector: { "jobId.$": "$.JobId" },
        ResultPath: "$.batch",
        Retry: batchRetriers,
        End: true,
      },
      ProcessWithLambda: {
        Type: "Task",
        Resource: "arn:aws:states:::lambda:invoke",
        Parameters: {
          FunctionName: "${RECORD_PROCESSOR_FUNCTION_ARN}",
          Payload: {
            "chunkId.$": "$.chunkId",
            "startIndex.$": "$.startIndex",
            "endIndex.$": "$.endIndex",
            "manifest.$": "$.manifest",
          },
        },
        // Longer than the longest call of a function.
        TimeoutSeconds: 960,
        ResultSelector: { "result.$": "$.Payload" },
        ResultPath: "$.lambda",
        Retry: lambdaRetriers,
        End: true,
      },
    },
  };
}
