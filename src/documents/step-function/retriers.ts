import { retriedErrors } from "../../shared/outcomes.ts";
import type { Data } from "../making.ts";

/** Waits a random time up to a doubling limit: chunks that were throttled together must not retry together. */
function retrier(ErrorEquals: readonly string[], MaxAttempts: number): Data {
  return { ErrorEquals, IntervalSeconds: 2, BackoffRate: 2, MaxDelaySeconds: 120, MaxAttempts, JitterStrategy: "FULL" };
}

/** AWS Batch itself fails or throttles. A job that was submitted all the same does no harm, because of the checkpoints. */
export const batchRetriers: readonly Data[] = [
  retrier(
    ["Batch.AWSBatchException", "Batch.ServerException", "Batch.TooManyRequestsException", "Batch.SdkClientException"],
    6,
  ),
];

export const s3Retriers: readonly Data[] = [retrier(["S3.S3Exception", "S3.SdkClientException"], 4)];

/**
 * Lambda itself fails, or prepares a function that was idle for weeks or has just been changed. There may be no capacity for
 * another call for as long as the other chunks take. A call that stopped early (TryAgain), or was cut off, continues from
 * its checkpoint with the next one.
 */
export const lambdaRetriers: readonly Data[] = [
  retrier([...retriedErrors, "Sandbox.Timedout", "Lambda.Unknown", "States.Timeout"], 12),
  retrier(
    [
      "Lambda.ServiceException",
      "Lambda.AWSLambdaException",
      "Lambda.SdkClientException",
      "Lambda.ClientExecutionTimeoutException",
      "Lambda.ResourceNotReadyException",
      "Lambda.ResourceConflictException",
      "Lambda.ENINotReadyException",
      "Lambda.ENILimitReachedException",
      "Lambda.SubnetIPAddressLimitReachedException",
      "Lambda.EC2ThrottledException",
      "Lambda.EC2UnexpectedException",
    ],
    10,
  ),
  // About an hour: a new account is limited to ten concurrent calls, each of which may take 15 minutes.
  retrier(["Lambda.TooManyRequestsException"], 60),
];

/** The list of chunks cannot be read, or the results not written. Chunks that are done do nothing when they run again. */
export const mapRetriers: readonly Data[] = [retrier(["States.ItemReaderFailed", "States.ResultWriterFailed"], 3)];
