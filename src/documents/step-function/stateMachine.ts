import type { Config } from "../../derived/types.ts";
import type { Data, Documents } from "../making.ts";
import { isNoText, isText, numberIs, textIs } from "./choices.ts";
import { processingStates } from "./chunkStates.ts";
import { failureStates } from "./failures.ts";
import { batchRetriers } from "./retriers.ts";
import { caught, jobSeconds, maxSeconds, readJson, submitJob } from "./tasks.ts";

type States = Readonly<Record<string, Data>>;

/**
 * The path of a file: validate it, deliver each of its chunks, report the counts. The input of a run is {"input": KEY}
 * and, optionally, "output", "schema" and "maxInvalid", all texts.
 */
export function defaultStateMachine(config: Config, batch: Documents<"batch">): Data {
  return {
    Comment:
      "Validates a file and delivers its records, chunk by chunk. Input: input, a key; output, a prefix; schema, a key; maxInvalid. All but input have defaults.",
    StartAt: "Initialize",
    // The last resort: everything that waits has a timeout of its own.
    TimeoutSeconds: Math.min(maxSeconds, Math.max(wholeSeconds, maxJobSeconds(batch))),
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

function maxJobSeconds(batch: Documents<"batch">): number {
  const queue = batch["job-queue"];
  const seconds = (["batch-validation-job", "batch-processing-job"] as const).map(
    (job) => jobSeconds(batch[job], queue) ?? 0,
  );
  return seconds.reduce((sum, each) => sum + each, 0);
}

/** File names are appended to it, and the Map uses it in keys: locations that only the workers support are rejected. */
const prefixParts: readonly Data[] = [
  { Variable: "$.given.output", StringMatches: "*/" },
  ...["s3:*", "file:*", "/*", "./*", "../*"].map((location) => ({
    Not: { Variable: "$.given.output", StringMatches: location },
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
      // For the names of jobs, which allow fewer characters than the names of runs.
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

function validationStates(batch: Documents<"batch">): States {
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
      // The manifest of a file with thousands of columns exceeds the size limit of a state: go on without the counts.
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
