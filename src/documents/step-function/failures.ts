import { valueAt } from "../../shared/pointer.ts";
import type { Data, Documents } from "../making.ts";
import { isText, numberIs, textIs } from "./choices.ts";
import { caught, readJson } from "./tasks.ts";

type States = Readonly<Record<string, Data>>;

/**
 * Each ends the run with what went wrong, where to look, and what to do. These are about the file: only a new run, with
 * another file or other settings, can end differently. Everything else can be retried with a redrive.
 */
export function failureStates(batch: Documents<"batch">): States {
  const logGroup = validationLogGroup(batch);
  return {
    WrongInput: {
      Type: "Fail",
      Error: "WrongInput",
      Cause:
        'The input of the run is not as expected: {"input": "incoming/orders.csv"}, a key in the bucket, and, optionally, ' +
        '"output", a prefix in the bucket that ends with / and starts with its first folder; "schema", a key in the bucket; ' +
        'and "maxInvalid", as in "0" or "5%". All of them are texts.',
    },
    ...inspectionStates(),
    WhyNotValid: {
      Type: "Choice",
      Choices: [
        { And: numberIs(exitCode, { NumericEquals: 65 }), Next: "ReadReport" },
        { And: numberIs(exitCode, { NumericEquals: 66 }), Next: "InputMissing" },
      ],
      Default: "ValidationJobFailed",
    },
    ReadReport: {
      ...readJson("$.report"),
      // A report with many samples exceeds the size limit of a state, an error that States.ALL does not include.
      Catch: [
        { ErrorEquals: ["States.DataLimitExceeded"], ResultPath: "$.failure", Next: "FileRefused" },
        ...caught("FileRefused"),
      ],
      Next: "HasReason",
    },
    HasReason: {
      Type: "Choice",
      Choices: [
        {
          // The report of an earlier run into the same folder can have a different verdict.
          And: [...textIs("$.read.content.verdict", { StringEquals: "rejected" }), ...isText("$.read.content.reason")],
          Next: "FileRejected",
        },
      ],
      Default: "FileRefused",
    },
    FileRejected: {
      Type: "Fail",
      Error: "FileRejected",
      CausePath:
        "States.Format('{}: {}. The report is s3://${S3_BUCKET}/{}report.html, the rejected rows are in rejects.csv next to it. Correct the file or its schema, or allow more with maxInvalid.', $.input, $.read.content.reason, $.output)",
    },
    FileRefused: {
      Type: "Fail",
      Error: "FileRejected",
      CausePath: `States.Format('{} was rejected: more of its records are invalid than maxInvalid allows, or it is not in the format that it claims. The log of job {} in ${logGroup} says which.', $.input, $.failed.job.JobId)`,
    },
    InputMissing: {
      Type: "Fail",
      Error: "InputMissing",
      CausePath: `States.Format('The input {}, or the schema {} unless it is none, does not exist in \${S3_BUCKET}, or changed while it was read. The log of job {} in ${logGroup} says which.', $.input, $.schema, $.failed.job.JobId)`,
    },
    ValidationJobFailed: {
      Type: "Fail",
      Error: "ValidationFailed",
      CausePath: `States.Format('{} was not validated: job {} ended with exit code {}. The log in ${logGroup} says why. Its attempts: {}', $.input, $.failed.job.JobId, ${exitCode}, States.JsonToString($.failed.job.Attempts))`,
    },
    ValidationFailed: {
      Type: "Fail",
      Error: "ValidationFailed",
      CausePath: "States.Format('{} was not validated: {}', $.input, States.JsonToString($.failure))",
    },
  };
}

/** The schema of the log groups allows no quote and no brace, which would end the text that contains the name. */
function validationLogGroup(batch: Documents<"batch">): string {
  const name = valueAt(batch["log-groups"], "/validation/name");
  return typeof name === "string" ? name : "CloudWatch";
}

/**
 * The states between a caught error and the reason for it. The Cause of a failed job is its description as JSON text; that
 * of anything else is a sentence, and a very long one is truncated: only what starts and ends like JSON is parsed.
 */
function inspectionStates(): States {
  return {
    InspectValidationFailure: {
      Type: "Choice",
      Choices: [
        {
          And: [
            ...textIs("$.failure.Error", { StringEquals: "States.TaskFailed" }),
            ...textIs("$.failure.Cause", { StringMatches: "{*}" }),
          ],
          Next: "ReadValidationFailure",
        },
      ],
      Default: "ValidationFailed",
    },
    ReadValidationFailure: {
      Type: "Pass",
      Parameters: { "job.$": "States.StringToJson($.failure.Cause)" },
      ResultPath: "$.failed",
      Next: "LookValidationEnded",
    },
    LookValidationEnded: {
      Type: "Choice",
      Choices: [
        {
          And: [
            ...numberIs(exitCode, { NumericGreaterThan: 0 }),
            { Variable: "$.failed.job.Attempts", IsPresent: true },
          ],
          Next: "WhyNotValid",
        },
      ],
      Default: "ValidationFailed",
    },
  };
}

const exitCode = "$.failed.job.Container.ExitCode";
