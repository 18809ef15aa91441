import type { State } from "../../derived/types.ts";
import { defineRule } from "../../model/rule.ts";
import { statesOf } from "../rules-support/scopes.ts";
import { submitTasksOf } from "../rules-support/submitTasks.ts";

const retriers = [{ ErrorEquals: ["Batch.AWSBatchException", "Batch.ServerException"], JitterStrategy: "FULL" }];
const catchers = [{ ErrorEquals: ["States.ALL"], Next: "Failed" }];
const machine = (changes: Readonly<Record<string, unknown>>) => ({
  documents: {
    "example.asl.json": {
      StartAt: "Submit",
      States: {
        Submit: {
          Type: "Task",
          Resource: "arn:aws:states:::batch:submitJob.sync",
          Parameters: { JobName: "orders", JobQueue: "orders-queue", JobDefinition: "orders-job" },
          ...changes,
          End: true,
        },
        ...("Catch" in changes && { Failed: { Type: "Fail" } }),
      },
    },
  },
});

export const stateRetries = defineRule({
  id: "state-retries",
  severity: "warning",
  summary: "A task that runs a job is tried again when AWS Batch itself fails, and its failure is caught.",
  why:
    "Now and then AWS Batch answers SubmitJob with an error of its own; without Retry that one answer ends the " +
    "whole run, and every chunk with it. Without Catch nothing says afterwards which job failed and why.",
  source: "https://github.com/ASFHyP3/hyp3/issues/911",
  examples: {
    good: [
      {
        shows: "both errors of the service, and a state that says why",
        ...machine({ Retry: retriers, Catch: catchers }),
      },
      {
        shows: "the Map around the task catches",
        documents: {
          "example.asl.json": {
            StartAt: "Each",
            States: {
              Each: {
                Type: "Map",
                ItemProcessor: {
                  StartAt: "Submit",
                  States: {
                    Submit: {
                      Type: "Task",
                      Resource: "arn:aws:states:::batch:submitJob.sync",
                      Parameters: { JobName: "orders", JobQueue: "orders-queue", JobDefinition: "orders-job" },
                      Retry: retriers,
                      End: true,
                    },
                  },
                },
                Catch: catchers,
                End: true,
              },
              Failed: { Type: "Fail" },
            },
          },
        },
      },
    ],
    bad: [
      { shows: "no Retry", ...machine({ Catch: catchers }) },
      {
        shows: "only one of the errors",
        ...machine({ Retry: [{ ErrorEquals: ["Batch.ServerException"] }], Catch: catchers }),
      },
      {
        shows: "no attempt",
        ...machine({ Retry: [{ ErrorEquals: ["States.ALL"], MaxAttempts: 0 }], Catch: catchers }),
      },
      { shows: "no Catch", ...machine({ Retry: retriers }) },
    ],
  },
  *check(subject) {
    for (const { machine: document, pointer, state } of submitTasksOf(subject).filter(({ waits }) => waits)) {
      const missing = serviceErrors.filter((error) => !retries(state, error));
      if (missing.length > 0) {
        yield {
          document,
          pointer: `${pointer}/Retry`,
          ...(state.Retry && { found: state.Retry }),
          expected: `a new attempt after ${missing.join(" and ")}`,
          hint: `add { "ErrorEquals": ${JSON.stringify(missing)}, "JitterStrategy": "FULL" } to Retry`,
        };
      }
      const around = statesOf(document).filter(
        (placed) => pointer === placed.pointer || pointer.startsWith(`${placed.pointer}/`),
      );
      if (around.some((placed) => (placed.state.Catch ?? []).length > 0)) continue;
      yield {
        document,
        pointer: `${pointer}/Catch`,
        expected: "a state to go to when the job has failed",
        hint: 'add { "ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": … } here or at its Map',
      };
    }
  },
});

const serviceErrors = ["Batch.AWSBatchException", "Batch.ServerException"];

function retries({ Retry = [] }: State, error: string): boolean {
  return Retry.some(
    ({ ErrorEquals, MaxAttempts }) =>
      MaxAttempts !== 0 && ErrorEquals.some((name) => [error, "States.TaskFailed", "States.ALL"].includes(name)),
  );
}
