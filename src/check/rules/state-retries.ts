import type { State } from "../../derived/types.ts";
import { defineRule, type Finding, type Subject } from "../../model/rule.ts";
import { retriedErrors } from "../../shared/outcomes.ts";
import { statesOf } from "../rules-support/scopes.ts";
import { submitTasksOf } from "../rules-support/submitTasks.ts";

const retriers = [{ ErrorEquals: ["Batch.AWSBatchException", "Batch.ServerException"], JitterStrategy: "FULL" }];
const catchers = [{ ErrorEquals: ["States.ALL"], Next: "Failed" }];
const submit = {
  Type: "Task",
  Resource: "arn:aws:states:::batch:submitJob.sync",
  Parameters: { JobName: "orders", JobQueue: "orders-queue", JobDefinition: "orders-job" },
};
const failed = { Failed: { Type: "Fail" } };

const machine = (changes: Readonly<Record<string, unknown>>) => ({
  documents: {
    "example.asl.json": {
      StartAt: "Submit",
      States: { Submit: { ...submit, ...changes, End: true }, ...("Catch" in changes && failed) },
    },
  },
});

/** The task within a Map, which has the changes. */
const mapOf = (Retry: readonly object[], changes: Readonly<Record<string, unknown>>) => ({
  documents: {
    "example.asl.json": {
      StartAt: "Each",
      States: {
        Each: {
          Type: "Map",
          ItemProcessor: {
            ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
            StartAt: "Submit",
            States: { Submit: { ...submit, Retry, End: true } },
          },
          ...changes,
          End: true,
        },
        ...("Catch" in changes && failed),
      },
    },
  },
});

export const stateRetries = defineRule({
  id: "state-retries",
  severity: "warning",
  summary:
    "A task is retried when AWS itself fails or the function asks to continue; the failure of a job is " +
    "caught, or recorded by its Map.",
  why:
    "Now and then AWS Batch answers SubmitJob with an internal error; without Retry that one answer ends the " +
    "whole run, with all its chunks. A function that runs out of time returns TryAgain and continues when it " +
    "is called again. Without Catch, or a ResultWriter of the Map around it, there is no record of which job " +
    "failed and why. The latter allows a redrive, which re-enters the state that a Catch went to, and not the " +
    "one that failed.",
  source: "https://github.com/ASFHyP3/hyp3/issues/911",
  examples: {
    good: [
      {
        shows: "both errors of the service, and a state that reports the reason",
        ...machine({ Retry: retriers, Catch: catchers }),
      },
      { shows: "the Map around the task catches", ...mapOf(retriers, { Catch: catchers }) },
      {
        shows: "the Map around the task records what failed",
        ...mapOf(retriers, {
          ResultWriter: {
            Resource: "arn:aws:states:::s3:putObject",
            Parameters: { Bucket: "orders", Prefix: "results" },
          },
        }),
      },
    ],
    bad: [
      { shows: "no Retry", ...machine({ Catch: catchers }) },
      {
        shows: "only one of the errors",
        ...machine({ Retry: [{ ErrorEquals: ["Batch.ServerException"] }], Catch: catchers }),
      },
      {
        shows: "no new attempt",
        ...machine({ Retry: [{ ErrorEquals: ["States.ALL"], MaxAttempts: 0 }], Catch: catchers }),
      },
      { shows: "no Catch", ...machine({ Retry: retriers }) },
      {
        shows: "a function that stopped in time and is not called again",
        ...machine({
          Resource: "arn:aws:states:::lambda:invoke",
          Parameters: { FunctionName: "orders", "Payload.$": "$" },
          Retry: [{ ErrorEquals: ["Lambda.ServiceException", "Lambda.TooManyRequestsException"] }],
        }),
      },
      {
        shows: "the chunks of a Map that all retry at the same time",
        ...mapOf([{ ErrorEquals: ["States.ALL"], MaxAttempts: 5 }], { Catch: catchers }),
      },
    ],
  },
  *check(subject) {
    yield* functionFindings(subject);
    yield* jitterFindings(subject);
    for (const { machine: document, pointer, state } of submitTasksOf(subject).filter(({ waits }) => waits)) {
      yield* missingRetries(document, pointer, state, serviceErrors);
      const around = statesOf(document).filter(
        (placed) => pointer === placed.pointer || pointer.startsWith(`${placed.pointer}/`),
      );
      if (around.some(({ state: { Catch = [], ResultWriter } }) => Catch.length > 0 || ResultWriter)) continue;
      yield {
        document,
        pointer: `${pointer}/Catch`,
        expected: "a state to go to when the job has failed",
        hint: 'add { "ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": … } here or at its Map, or give the Map a ResultWriter',
      };
    }
  },
});

const serviceErrors = ["Batch.AWSBatchException", "Batch.ServerException"];
/** Lambda itself failed, had no capacity for another call, or the function stopped in time and asks to continue. */
const functionErrors = ["Lambda.ServiceException", "Lambda.TooManyRequestsException", ...retriedErrors];

function* functionFindings({ stateMachines }: Subject): Iterable<Finding> {
  for (const document of stateMachines) {
    for (const { pointer, state } of statesOf(document).filter(({ state }) => isInvocation(state))) {
      yield* missingRetries(document, pointer, state, functionErrors);
    }
  }
}

function* missingRetries(
  document: Finding["document"],
  pointer: string,
  state: State,
  errors: readonly string[],
): Iterable<Finding> {
  const missing = errors.filter((error) => !retries(state, error));
  if (missing.length === 0) return;
  yield {
    document,
    pointer: `${pointer}/Retry`,
    ...(state.Retry && { found: state.Retry }),
    expected: `a retry after ${missing.join(" and ")}`,
    hint: `add { "ErrorEquals": ${JSON.stringify(missing)}, "JitterStrategy": "FULL" } to Retry`,
  };
}

function isInvocation({ Type, Resource = "" }: State): boolean {
  return Type === "Task" && (Resource.includes(":states:::lambda:invoke") || /^arn:aws[a-z-]*:lambda:/.test(Resource));
}

/** Chunks that are throttled together retry together, unless each waits for a random time. */
function* jitterFindings({ stateMachines }: Subject): Iterable<Finding> {
  for (const document of stateMachines) {
    const maps = statesOf(document).filter(({ state }) => state.Type === "Map");
    for (const { pointer, state } of statesOf(document)) {
      if (!maps.some((map) => pointer.startsWith(`${map.pointer}/`))) continue;
      for (const [index, retrier] of (state.Retry ?? []).entries()) {
        if (retrier.JitterStrategy === "FULL" || retrier.MaxAttempts === 0) continue;
        yield {
          document,
          pointer: `${pointer}/Retry/${index}/JitterStrategy`,
          ...(retrier.JitterStrategy !== undefined && { found: retrier.JitterStrategy }),
          expected: "FULL within a Map, whose items are throttled together and would otherwise retry together",
          hint: 'add "JitterStrategy": "FULL"',
        };
      }
    }
  }
}

function retries({ Retry = [] }: State, error: string): boolean {
  return Retry.some(
    ({ ErrorEquals, MaxAttempts }) =>
      MaxAttempts !== 0 && ErrorEquals.some((name) => [error, "States.TaskFailed", "States.ALL"].includes(name)),
  );
}
