import type { JobDefinition } from "../../derived/types.ts";
import type { TemplateDocument } from "../../model/document.ts";
import { isObject } from "../../model/json.ts";
import { defineRule, type Finding, type Subject } from "../../model/rule.ts";
import { environmentsOf, type PlacedEnvironment } from "../rules-support/environments.ts";
import { isSample } from "../rules-support/samples.ts";
import { statesOf } from "../rules-support/scopes.ts";
import { definitionOf, type SubmitTask, submitTasksOf } from "../rules-support/submitTasks.ts";

const machine = (timeouts: { machine?: number; task?: number }) => ({
  documents: {
    "example.asl.json": {
      StartAt: "Validate",
      ...(timeouts.machine && { TimeoutSeconds: timeouts.machine }),
      States: {
        Validate: {
          Type: "Task",
          Resource: "arn:aws:states:::batch:submitJob.sync",
          ...(timeouts.task && { TimeoutSeconds: timeouts.task }),
          Parameters: {
            JobName: "validate",
            JobQueue: "gss-dev-batch-queue",
            JobDefinition: "gss-dev-batch-validation-job",
            Parameters: { "input.$": "$.input", "output.$": "$.output" },
          },
          Retry: [{ ErrorEquals: ["Batch.AWSBatchException", "Batch.ServerException"] }],
          Catch: [{ ErrorEquals: ["States.ALL"], Next: "Failed" }],
          End: true,
        },
        Failed: { Type: "Fail" },
      },
    },
  },
});

const invocation = (TimeoutSeconds: number) => ({
  documents: {
    "example.asl.json": {
      StartAt: "Invoke",
      States: {
        Invoke: {
          Type: "Task",
          Resource: "arn:aws:states:::lambda:invoke",
          TimeoutSeconds,
          Parameters: { FunctionName: "gss-dev-batch-record-processor", "Payload.$": "$" },
          Retry: [{ ErrorEquals: ["States.ALL"], JitterStrategy: "FULL" }],
          End: true,
        },
      },
    },
  },
});

export const timeouts = defineRule({
  id: "timeouts",
  severity: "error",
  summary: "Every job has a timeout, and nothing that waits for the job gives up before it.",
  why:
    "A job without a timeout that hangs keeps its instance running, and costing money, until someone notices. " +
    "When the compute environment is updated, AWS Batch ends running jobs after job_execution_timeout_minutes " +
    "(30 by default), however long they may run; and a state machine that gives up before the last attempt " +
    "ends the job in the middle of its work.",
  source: "https://docs.aws.amazon.com/batch/latest/APIReference/API_UpdatePolicy.html",
  examples: {
    good: [
      {
        shows: "a job of one hour; updates of both environments wait for two",
        documents: { "batch-processing-job.json": { timeout: { attempt_duration_seconds: 3600 } } },
      },
      {
        shows: "an update ends running jobs at once, deliberately",
        documents: {
          "compute-environment.json": {
            update_policy: { terminate_jobs_on_update: true, job_execution_timeout_minutes: 30 },
            fallback: { update_policy: { terminate_jobs_on_update: true, job_execution_timeout_minutes: 30 } },
          },
        },
      },
      {
        shows: "a state machine that waits for three attempts of two hours",
        ...machine({ machine: 86_400, task: 21_600 }),
      },
      { shows: "a task that waits as long as the function may run", ...invocation(900) },
    ],
    bad: [
      { shows: "no timeout", documents: { "batch-processing-job.json": { timeout: null } } },
      {
        shows: "an update of the fallback ends a job of two hours after one",
        documents: {
          "compute-environment.json": {
            fallback: { update_policy: { terminate_jobs_on_update: false, job_execution_timeout_minutes: 60 } },
          },
        },
      },
      {
        shows: "no update policy, so an update ends a job of two hours after 30 minutes",
        documents: { "compute-environment.json": { update_policy: null } },
      },
      {
        shows: "a job of ten hours, longer than an update can wait",
        documents: {
          "batch-validation-job.json": { timeout: { attempt_duration_seconds: 36_000 } },
          "compute-environment.json": {
            update_policy: { job_execution_timeout_minutes: 360 },
            fallback: { update_policy: { job_execution_timeout_minutes: 360 } },
          },
        },
      },
      {
        shows: "a state machine that gives up after two hours, with three attempts of two hours",
        ...machine({ machine: 7200 }),
      },
      { shows: "a task that gives up after one attempt", ...machine({ task: 7200 }) },
      {
        shows: "a task that gives up before the function does",
        ...invocation(60),
      },
    ],
  },
  *check(subject) {
    for (const document of subject.jobDefinitions) {
      if (document.value.timeout !== undefined) continue;
      yield {
        document,
        pointer: "/timeout",
        expected: "the seconds after which an attempt is ended",
        hint: 'add "timeout": { "attempt_duration_seconds": 7200 }',
      };
    }
    yield* updateFindings(subject);
    yield* machineFindings(subject);
  },
});

const maxUpdateMinutes = 360;
const defaultUpdateMinutes = 30;

function* updateFindings(subject: Subject): Iterable<Finding> {
  const minutes = subject.jobDefinitions.map((document) => Math.ceil(attemptSeconds(document) / 60));
  const environments = environmentsOf(subject).filter(
    ({ environment }) => environment.type === "MANAGED" && environment.update_policy?.terminate_jobs_on_update !== true,
  );
  for (const placed of environments) yield* policyFindings(placed, Math.min(maxUpdateMinutes, Math.max(0, ...minutes)));
  if (environments.length === 0) return;
  for (const document of subject.jobDefinitions) yield* tooLongForUpdates(document);
}

/** 0 when it is not known: without a timeout, or when it is a placeholder. */
function attemptSeconds(document: TemplateDocument<JobDefinition>): number {
  const { timeout } = document.value;
  return timeout === undefined || isSample(document, secondsPointer) ? 0 : timeout.attempt_duration_seconds;
}

const secondsPointer = "/timeout/attempt_duration_seconds";

function* policyFindings({ document, pointer, environment }: PlacedEnvironment, needed: number): Iterable<Finding> {
  const found = environment.update_policy?.job_execution_timeout_minutes;
  const minutesPointer = `${pointer}/update_policy/job_execution_timeout_minutes`;
  if ((found ?? defaultUpdateMinutes) >= needed || isSample(document, minutesPointer)) return;
  yield {
    document,
    pointer: minutesPointer,
    ...(found !== undefined && { found }),
    expected: `at least ${needed} minutes, the timeout of the longest job`,
    hint: `set it to ${needed}, or terminate_jobs_on_update to true if an update may end running jobs`,
  };
}

function* tooLongForUpdates(document: TemplateDocument<JobDefinition>): Iterable<Finding> {
  const found = attemptSeconds(document);
  if (found <= maxUpdateMinutes * 60) return;
  yield {
    document,
    pointer: secondsPointer,
    found,
    expected: `at most ${maxUpdateMinutes * 60} seconds, the maximum that an update of the compute environment waits`,
    hint: "make the job shorter, or set terminate_jobs_on_update to true and update only while no job runs",
    severity: "warning",
  };
}

function* machineFindings(subject: Subject): Iterable<Finding> {
  const tasks = submitTasksOf(subject).filter(({ waits }) => waits);
  yield* invocationFindings(subject);
  for (const task of tasks) {
    yield* tooSoon(task, `${task.pointer}/TimeoutSeconds`, task.state.TimeoutSeconds, maxSeconds(task, subject));
  }
  for (const document of new Set(tasks.map((task) => task.machine))) {
    const own = tasks.filter((task) => task.machine === document);
    const needed = Math.max(...own.map((task) => maxSeconds(task, subject)));
    yield* tooSoon({ machine: document }, "/TimeoutSeconds", document.value.TimeoutSeconds, needed);
  }
}

/** A task that gives up first leaves a call running that still sends records, and starts a second one in parallel. */
function* invocationFindings({ stateMachines, lambdaFunctions }: Subject): Iterable<Finding> {
  const [one, ...others] = lambdaFunctions;
  if (one === undefined || others.length > 0 || isSample(one, "/timeout")) return;
  const needed = one.value.timeout ?? 900;
  for (const document of stateMachines) {
    for (const { pointer, state } of statesOf(document)) {
      const { Resource = "", TimeoutSeconds: found } = state;
      if (!Resource.includes(":states:::lambda:invoke") || typeof found !== "number" || found >= needed) continue;
      yield {
        document,
        pointer: `${pointer}/TimeoutSeconds`,
        found,
        expected: `at least ${needed} seconds, the timeout of the function`,
        hint: `set it to ${needed + 60}, or give the function a shorter timeout`,
      };
    }
  }
}

function* tooSoon(
  { machine: document }: Pick<SubmitTask, "machine">,
  pointer: string,
  found: unknown,
  needed: number,
): Iterable<Finding> {
  if (typeof found !== "number" || found >= needed || isSample(document, pointer)) return;
  yield {
    document,
    pointer,
    found,
    expected: `at least ${needed} seconds, all attempts of the job one after the other`,
    hint: `set it to ${needed} plus the time that the job may wait for an instance, or give the job a shorter timeout`,
  };
}

/** Seconds that all attempts of the job can take; those of the shortest job when it is not known which job it is. */
function maxSeconds(task: SubmitTask, subject: Subject): number {
  const known = definitionOf(task, subject);
  const candidates = known ? [known] : subject.jobDefinitions;
  if (candidates.length === 0) return 0;
  return Math.min(...candidates.map((document) => attempts(task, document) * seconds(task, document)));
}

function attempts({ request }: SubmitTask, { value }: TemplateDocument<JobDefinition>): number {
  return numberWithin(request.RetryStrategy, "Attempts") ?? value.retry_strategy?.attempts ?? 1;
}

function seconds({ request }: SubmitTask, document: TemplateDocument<JobDefinition>): number {
  return numberWithin(request.Timeout, "AttemptDurationSeconds") ?? attemptSeconds(document);
}

function numberWithin(value: unknown, key: string): number | undefined {
  const found = isObject(value) ? value[key] : undefined;
  return typeof found === "number" ? found : undefined;
}
