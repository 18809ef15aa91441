import type { Config } from "../../derived/types.ts";
import type { BatchDocuments } from "../units.ts";
import { isNoText, isText, numberIs, textIs } from "./choices.ts";
import { chunkProcessor } from "./chunkStates.ts";
import { exitCode, failedJobStates } from "./failedJob.ts";
import { jobSeconds, mostSeconds } from "./jobSeconds.ts";
import { batchRetriers, mapRetriers, s3Retriers } from "./retriers.ts";
import { caught, submitJob } from "./submitJob.ts";

type Data = Readonly<Record<string, unknown>>;
type States = Readonly<Record<string, Data>>;

/**
 * The way of a file: validate it, deliver each of its chunks, tell the counts. A run is given {"input": KEY} and, if wanted,
 * "output", "schema" and "maxInvalid", all texts.
 */
export function defaultStateMachine(config: Config, batch: BatchDocuments): Data {
  return {
    Comment:
      "Validates a file and delivers its records, chunk by chunk. Input: input, a key; output, a prefix; schema, a key; maxInvalid. All but input have defaults.",
    StartAt: "Initialize",
    // The last brake: everything that waits has a timeout of its own.
    TimeoutSeconds: Math.min(mostSeconds, Math.max(wholeSeconds, longestJobSeconds(batch))),
    States: {
      ...initialStates,
      ...validationStates(batch),
      ...countStates,
      ...processingStates(config, batch),
      ...failureStates(batch),
    },
  };
}

const wholeSeconds = 7 * 24 * 3600;

function longestJobSeconds(batch: BatchDocuments): number {
  const queue = batch["job-queue"];
  const seconds = (["batch-validation-job", "batch-processing-job"] as const).map(
    (job) => jobSeconds(batch[job], queue) ?? 0,
  );
  return seconds.reduce((sum, each) => sum + each, 0);
}

/** Names of files are put behind it, and the Map takes it for a part of a key: what is elsewhere for the workers will not do. */
const prefixParts: readonly Data[] = [
  { Variable: "$.given.output", StringMatches: "*/" },
  ...["s3:*", "file:*", "/*", "./*", "../*"].map((elsewhere) => ({
    Not: { Variable: "$.given.output", StringMatches: elsewhere },
  })),
];

const initialStates: States = {
  Initialize: {
    Type: "Pass",
    Parameters: {
      "given.$": "$",
      defaults: {
        "output.$": "States.Format('runs/{}/', $$.Execution.Name)",
        schema: "none",
        maxInvalid: "0",
      },
    },
    Next: "CheckInput",
  },
  CheckInput: {
    Type: "Choice",
    Choices: [
      { Not: { And: isText("$.given.input") }, Next: "WrongInput" },
      { And: textIs("$.given.input", { StringEquals: "" }), Next: "WrongInput" },
      { And: isNoText("$.given.output"), Next: "WrongInput" },
      { And: [...isText("$.given.output"), { Not: { And: prefixParts } }], Next: "WrongInput" },
      { And: isNoText("$.given.schema"), Next: "WrongInput" },
      { And: isNoText("$.given.maxInvalid"), Next: "WrongInput" },
    ],
    Default: "ApplyDefaults",
  },
  ApplyDefaults: {
    Type: "Pass",
    Parameters: { "settings.$": "States.JsonMerge($.defaults, $.given, false)" },
    Next: "Locate",
  },
  Locate: {
    Type: "Pass",
    Parameters: {
      "input.$": "$.settings.input",
      "output.$": "$.settings.output",
      "schema.$": "$.settings.schema",
      "maxInvalid.$": "$.settings.maxInvalid",
      // For the names of jobs, which have fewer characters than the names of runs may have.
      "run.$": "States.ArrayGetItem(States.StringSplit($$.Execution.Name, '.+=@!()\\''), 0)",
      "manifest.$": "States.Format('{}manifest.json', $.settings.output)",
      "chunks.$": "States.Format('{}chunks.json', $.settings.output)",
      "report.$": "States.Format('{}report.json', $.settings.output)",
      "results.$": "States.Format('{}results', $.settings.output)",
      counts: { records: null, valid: null, rejected: null, chunks: null },
    },
    Next: "Validate",
  },
};

function validationStates(batch: BatchDocuments): States {
  const job = batch["batch-validation-job"];
  return {
    Validate: {
      ...submitJob({
        job,
        "JobName.$": "States.Format('${PREFIX}-{}-validate', $.run)",
        Parameters: {
          "input.$": "$.input",
          "output.$": "$.output",
          "schema.$": "$.schema",
          "maxInvalid.$": "$.maxInvalid",
        },
        TimeoutSeconds: jobSeconds(job, batch["job-queue"]),
      }),
      ResultSelector: { "jobId.$": "$.JobId" },
      ResultPath: "$.validation",
      Retry: batchRetriers,
      Catch: caught("InspectValidationFailure"),
      Next: "ReadManifest",
    },
  };
}

const countStates: States = {
  ReadManifest: {
    ...readJson("$.manifest"),
    Catch: [
      // The manifest of a file with thousands of columns is more than a state may hold: its chunks can be delivered all the same.
      { ErrorEquals: ["States.DataLimitExceeded"], ResultPath: "$.failure", Next: "ProcessChunks" },
    ],
    Next: "Count",
  },
  Count: {
    Type: "Pass",
    Parameters: {
      "records.$": "$.read.content.counts.records",
      "valid.$": "$.read.content.counts.valid",
      "rejected.$": "$.read.content.counts.rejected",
      "chunks.$": "$.read.content.chunks",
    },
    ResultPath: "$.counts",
    Next: "AnyChunks",
  },
  AnyChunks: {
    Type: "Choice",
    Choices: [{ And: numberIs("$.counts.chunks", { NumericEquals: 0 }), Next: "Summarize" }],
    Default: "ProcessChunks",
  },
};

function readJson(key: string): Data {
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

function processingStates(config: Config, batch: BatchDocuments): States {
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
        // A chunk is a run of its own, with a name that says nothing.
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
        // The rows are there when counts.rejected is more than 0, the results when there was a chunk.
        "rejects.$": "States.Format('s3://${S3_BUCKET}/{}rejects.csv', $.output)",
        "results.$": "States.Format('s3://${S3_BUCKET}/{}/', $.results)",
      },
      End: true,
    },
  };
}

/**
 * Each ends the run with what went wrong, where to look, and what to do. These are about the file: only a new run, with
 * another file or other settings, can end otherwise. Of everything else a redrive makes a second try.
 */
function failureStates(batch: BatchDocuments): States {
  return {
    WrongInput: {
      Type: "Fail",
      Error: "WrongInput",
      Cause:
        'The input of the run is not what was expected: {"input": "incoming/orders.csv"}, a key in the bucket, and, if wanted, ' +
        '"output", a prefix in the bucket that ends with / and begins with its first folder; "schema", a key in the bucket; ' +
        'and "maxInvalid", as in "0" or "5%". All of them are texts.',
    },
    ...failedJobStates({ subject: "Validation", read: "WhyNotValid", unread: "ValidationFailed" }),
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
      // A report with many samples is more than a state may hold, an error that States.ALL does not stand for.
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
          // The report of an earlier run into the same folder can have another verdict.
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
        "States.Format('{}: {}. The report is s3://${S3_BUCKET}/{}report.html, the rejected rows are in rejects.csv beside it. Correct the file or its schema, or allow more with maxInvalid.', $.input, $.read.content.reason, $.output)",
    },
    FileRefused: {
      Type: "Fail",
      Error: "FileRejected",
      CausePath: `States.Format('{} was refused: more of its records are invalid than maxInvalid allows, or it is not the format that it claims. The log of job {} in ${logGroupOf(batch, "validation")} says which.', $.input, $.failed.job.JobId)`,
    },
    InputMissing: {
      Type: "Fail",
      Error: "InputMissing",
      CausePath: `States.Format('The input {}, or the schema {} if it is not none, does not exist in \${S3_BUCKET}, or changed while it was read. The log of job {} in ${logGroupOf(batch, "validation")} says which.', $.input, $.schema, $.failed.job.JobId)`,
    },
    ValidationJobFailed: {
      Type: "Fail",
      Error: "ValidationFailed",
      CausePath: `States.Format('{} was not validated: job {} ended with exit code {}. The log in ${logGroupOf(batch, "validation")} says why. Its attempts: {}', $.input, $.failed.job.JobId, ${exitCode}, States.JsonToString($.failed.job.Attempts))`,
    },
    ValidationFailed: {
      Type: "Fail",
      Error: "ValidationFailed",
      CausePath: "States.Format('{} was not validated: {}', $.input, States.JsonToString($.failure))",
    },
  };
}

/** The schema of the log groups allows no quote and no brace, which would end the text that the name stands in. */
function logGroupOf(batch: BatchDocuments, purpose: string): string {
  const group = batch["log-groups"][purpose] as Data | undefined;
  return typeof group?.name === "string" ? group.name : "CloudWatch";
}
