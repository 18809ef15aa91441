import type { Config } from "../../derived/types.ts";
import type { Data, Documents } from "../making.ts";
import { numberIs } from "./choices.ts";
import { batchRetriers, lambdaRetriers, mapRetriers } from "./retriers.ts";
import { jobSeconds, submitJob } from "./tasks.ts";

/** The Map over the chunks, and the output of a successful run. */
export function processingStates(config: Config, batch: Documents<"batch">): Readonly<Record<string, Data>> {
  return {
    ProcessChunks: {
      Type: "Map",
      Label: "ProcessChunks",
      MaxConcurrency: config.max_concurrency,
      ToleratedFailureCount: 0,
      ItemReader: {
        Resource: "arn:aws:states:::s3:getObject",
        ReaderConfig: { InputType: "JSON" },
        Parameters: { Bucket: "${S3_BUCKET}", "Key.$": "$.chunks" },
      },
      ItemSelector: {
        "chunkId.$": "$$.Map.Item.Value.chunkId",
        "startIndex.$": "$$.Map.Item.Value.startIndex",
        "endIndex.$": "$$.Map.Item.Value.endIndex",
        "chunkSize.$": "$$.Map.Item.Value.chunkSize",
        "manifest.$": "$.manifest",
        // A chunk is a run of its own, with a generated name.
        "run.$": "$.run",
      },
      ItemProcessor: chunkProcessor(config, batch),
      ResultWriter: {
        Resource: "arn:aws:states:::s3:putObject",
        Parameters: { Bucket: "${S3_BUCKET}", "Prefix.$": "$.results" },
      },
      ResultPath: "$.mapRun",
      Retry: mapRetriers,
      Next: "Summarize",
    },
    Summarize: {
      Type: "Pass",
      Parameters: {
        "input.$": "$.input",
        "output.$": "$.output",
        "counts.$": "$.counts",
        "manifest.$": "States.Format('s3://${S3_BUCKET}/{}', $.manifest)",
        "report.$": "States.Format('s3://${S3_BUCKET}/{}report.html', $.output)",
        // The rows exist when counts.rejected is more than 0, the results when there was a chunk.
        "rejects.$": "States.Format('s3://${S3_BUCKET}/{}rejects.csv', $.output)",
        "results.$": "States.Format('s3://${S3_BUCKET}/{}/', $.results)",
      },
      End: true,
    },
  };
}

/**
 * What the Map runs for a chunk: on AWS Batch when it has more records than the threshold, else on Lambda. Errors are not
 * caught here, nor is the error of the Map: a caught error ends in a state that fails, and a redrive enters that state again
 * instead of the one that failed. The error of a chunk says what is wrong, and the Map writes it to its results.
 */
function chunkProcessor({ batch_processing_threshold }: Config, batch: Documents<"batch">): Data {
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
            // AWS Batch accepts only texts.
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
        // Longer than the maximum duration of a call.
        TimeoutSeconds: 960,
        ResultSelector: { "result.$": "$.Payload" },
        ResultPath: "$.lambda",
        Retry: lambdaRetriers,
        End: true,
      },
    },
  };
}
