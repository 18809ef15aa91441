import type { PolicyStatement } from "../../derived/types.ts";
import type { Documents } from "../making.ts";
import { type Arn, allow, allowAnywhere, here } from "./policyStatement.ts";

/**
 * What the state machine does: it submits jobs and waits for them, invokes the function, runs the chunks as executions of
 * its own, and reads and writes next to the manifest.
 * The ARNs are built from names, because the units that output them depend on these roles.
 */
export function stateMachineStatements(
  documents: Documents<"batch" | "lambda" | "step-function">,
  arn: Arn,
): readonly PolicyStatement[] {
  const { "lambda-function": fn, "state-machine-settings": settings } = documents;
  return [
    ...jobStatements(documents, arn),
    allow("InvokeFunction", ["lambda:InvokeFunction"], [arn(`lambda:${here}:function:${fn.name}`)]),
    ...chunkStatements(settings.name, arn),
    ...(settings.log_level === "OFF" ? [] : [allowAnywhere("DeliverLogs", logActions)]),
    ...(settings.tracing === false ? [] : [allowAnywhere("Trace", traceActions)]),
  ];
}

function jobStatements(batch: Documents<"batch">, arn: Arn): readonly PolicyStatement[] {
  const jobs = [batch["batch-validation-job"].name, batch["batch-processing-job"].name];
  // With and without a revision: without one, the newest is used.
  const definitions = jobs.flatMap((job) => [`job-definition/${job}`, `job-definition/${job}:*`]);
  const submitted = [`job-queue/${batch["job-queue"].name}`, ...definitions];
  const rule = arn(`events:${here}:rule/StepFunctionsGetEventsForBatchJobsRule`);
  return [
    allow(
      "SubmitJobs",
      ["batch:SubmitJob"],
      submitted.map((resource) => arn(`batch:${here}:${resource}`)),
    ),
    allowAnywhere("WatchJobs", ["batch:DescribeJobs"]),
    // A job has an id only once it is submitted.
    allow("EndJobs", ["batch:TerminateJob"], [arn(`batch:${here}:job/*`)]),
    allow("HearOfJobs", ["events:DescribeRule", "events:PutRule", "events:PutTargets"], [rule]),
  ];
}

function chunkStatements(name: unknown, arn: Arn): readonly PolicyStatement[] {
  const execution = arn(`states:${here}:execution:${name}`);
  const objects = arn("s3:::${S3_BUCKET}/*");
  return [
    allow("StartChunks", ["states:StartExecution"], [arn(`states:${here}:stateMachine:${name}`)]),
    // The executions of a map are below the state machine, under the name of the map.
    allow("WatchChunks", ["states:DescribeExecution", "states:StopExecution"], [`${execution}:*`, `${execution}/*`]),
    allow("RedriveChunks", ["states:RedriveExecution"], [`${execution}/*`]),
    allow(
      "ReadValidation",
      ["s3:GetObject"],
      ["chunks.json", "manifest.json", "report.json"].map((file) => `${objects}/${file}`),
    ),
    allow(
      "WriteResults",
      ["s3:AbortMultipartUpload", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject"],
      [`${objects}/results/*`],
    ),
  ];
}

const logActions = [
  "logs:CreateLogDelivery",
  "logs:DeleteLogDelivery",
  "logs:DescribeLogGroups",
  "logs:DescribeResourcePolicies",
  "logs:GetLogDelivery",
  "logs:ListLogDeliveries",
  "logs:PutResourcePolicy",
  "logs:UpdateLogDelivery",
] as const;

const traceActions = [
  "xray:GetSamplingRules",
  "xray:GetSamplingTargets",
  "xray:PutTelemetryRecords",
  "xray:PutTraceSegments",
] as const;
