import { describe, expect, test } from "vitest";
import { checkFiles } from "../../../src/check/checkFiles.ts";
import { resolveModel } from "../../../src/config/resolveModel.ts";
import type { State, StateMachine } from "../../../src/derived/types.ts";
import { jobSeconds } from "../../../src/documents/step-function/tasks.ts";
import { type Placeholder, placeholders } from "../../../src/model/placeholder.ts";
import { render } from "../../../src/render/render.ts";
import { workerOf } from "../../../src/shared/contract.ts";
import { valueAt } from "../../../src/shared/pointer.ts";
import { configSource } from "../configSource.ts";

type Data = Readonly<Record<string, unknown>>;
type States = Readonly<Record<string, State>>;

function machineOf(config: Data = {}): StateMachine {
  return resolveModel(configSource(config)).documents["step-function-definition"] as unknown as StateMachine;
}

function statesOf(config: Data = {}): States {
  return machineOf(config).States as States;
}

function chunkStatesOf(config: Data = {}): States {
  return statesOf(config).ProcessChunks?.ItemProcessor?.States as States;
}

function allStates(config: Data = {}): readonly (readonly [string, State])[] {
  return [...Object.entries(statesOf(config)), ...Object.entries(chunkStatesOf(config))];
}

const queueOf = (...seconds: readonly number[]) => ({
  job_state_time_limit_actions: seconds.map((max_time_seconds) => ({ max_time_seconds })),
});

describe("the seconds that a job can take", () => {
  test("include every attempt, and before each the maximum wait that the queue allows", () => {
    const timeout = { attempt_duration_seconds: 100 };
    const margin = jobSeconds({ timeout }, queueOf(1)) as number;
    expect(jobSeconds({ timeout, retry_strategy: { attempts: 3 } }, queueOf(20, 50, 10))).toBe(
      3 * (100 + 50) + margin - 101,
    );
  });

  test("are longer with a queue that sets no limit than with one of an hour", () => {
    const timeout = { attempt_duration_seconds: 100 };
    expect(jobSeconds({ timeout }, {})).toBeGreaterThan(jobSeconds({ timeout }, queueOf(3600)) as number);
  });

  test("are at most what Step Functions can wait", () => {
    const years = { timeout: { attempt_duration_seconds: 50_000_000 }, retry_strategy: { attempts: 10 } };
    expect(jobSeconds(years, queueOf(1))).toBe(99_999_999);
  });

  test.each([[{}], [{ timeout: { attempt_duration_seconds: "${SECONDS}" } }]])("are not known of %j", (definition) => {
    expect(jobSeconds(definition, queueOf(60))).toBeUndefined();
  });
});

describe("the state machine", () => {
  test("waits for a job longer than all of its attempts can take, also when the user makes them longer", () => {
    const timeouts = (config: Data) => [
      statesOf(config).Validate?.TimeoutSeconds,
      chunkStatesOf(config).SubmitBatchJob?.TimeoutSeconds,
    ];
    expect(timeouts({})).toEqual([65_400, 65_400]);
    const longer = { timeout: { attempt_duration_seconds: 20_000 }, retry_strategy: { attempts: 5 } };
    expect(timeouts({ batch_processing_job: longer })).toEqual([65_400, 5 * (20_000 + 14_400) + 600]);
    const queue = { job_state_time_limit_actions: [{ max_time_seconds: 600, ...action }] };
    expect(timeouts({ job_queue: queue })).toEqual([3 * (7200 + 600) + 600, 3 * (7200 + 600) + 600]);
  });

  test("gives up as a whole only after both jobs could have", () => {
    expect(machineOf().TimeoutSeconds).toBe(7 * 24 * 3600);
    const days = { timeout: { attempt_duration_seconds: 400_000 } };
    const config = { batch_processing_job: days, ignore_rules: { timeouts: "an update may wait for days here" } };
    const whole = machineOf(config).TimeoutSeconds as number;
    const single = chunkStatesOf(config).SubmitBatchJob?.TimeoutSeconds as number;
    expect(whole).toBeGreaterThan(single);
  });

  test("sends chunks of more records than the threshold to AWS Batch, once they are known to have a number of them", () => {
    const { ProcessChunk } = chunkStatesOf({ batch_processing_threshold: 1234 });
    expect(ProcessChunk?.Default).toBe("ProcessWithLambda");
    expect(ProcessChunk?.Choices).toEqual([
      {
        Next: "SubmitBatchJob",
        And: [
          { Variable: "$.chunkSize", IsPresent: true },
          { Variable: "$.chunkSize", IsNumeric: true },
          { Variable: "$.chunkSize", NumericGreaterThan: 1234 },
        ],
      },
    ]);
  });

  test("has as many chunks under way as the config says, and lets none of them fail", () => {
    const { ProcessChunks } = statesOf({ max_concurrency: 7 });
    expect(ProcessChunks).toMatchObject({ MaxConcurrency: 7, ToleratedFailureCount: 0 });
  });

  test("passes the jobs exactly the parameters of their commands, and the function the same", () => {
    const parametersOf = (state: State | undefined) =>
      Object.keys(valueAt(state, "/Parameters/Parameters") as Data).map((key) => key.replace(/\.\$$/, ""));
    const inContract = (purpose: "validation" | "processing") =>
      workerOf(purpose).settings.flatMap(({ job_definition }) => job_definition?.parameter ?? []);
    expect(parametersOf(statesOf().Validate)).toEqual(inContract("validation"));
    expect(parametersOf(chunkStatesOf().SubmitBatchJob)).toEqual(inContract("processing"));
    const payload = valueAt(chunkStatesOf().ProcessWithLambda, "/Parameters/Payload") as Data;
    expect(Object.keys(payload).map((key) => key.replace(/\.\$$/, ""))).toEqual(inContract("processing"));
  });

  test("passes numbers to AWS Batch as texts", () => {
    const parameters = valueAt(chunkStatesOf().SubmitBatchJob, "/Parameters/Parameters") as Data;
    expect(parameters["startIndex.$"]).toBe("States.Format('{}', $.startIndex)");
    expect(parameters["endIndex.$"]).toBe("States.Format('{}', $.endIndex)");
  });

  test("names jobs within the characters and the length that AWS Batch allows, whatever the run is called", () => {
    const longest = { prefix: "a".repeat(24) };
    const patterns = [statesOf(longest).Validate, chunkStatesOf(longest).SubmitBatchJob].map((state) =>
      String(valueAt(state, "/Parameters/JobName.$")),
    );
    for (const pattern of patterns) {
      const values = new Map([
        ["$.run", "r".repeat(80)],
        ["$.chunkId", "chunk-000000"],
      ]);
      const [, format = "", list = ""] = /^States\.Format\('([^']*)', (.*)\)$/.exec(pattern) ?? [];
      const names = list.split(", ").map((path) => values.get(path) ?? "no value");
      const name = names.reduce((text, value) => text.replace("{}", value), format);
      expect(name).toMatch(/^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/);
    }
    // Names of runs may have some characters more: they end what is taken over.
    expect(valueAt(statesOf().Locate, "/Parameters/run.$")).toMatch(/^States\.ArrayGetItem\(States\.StringSplit\(/);
  });

  test("submits jobs of the queue and the definitions that the batch unit makes, also under other names", () => {
    const config = { batch_processing_job: { name: "other-job" }, batch_validation_job: { name: "first-job" } };
    expect(statesOf(config).Validate?.Parameters).toMatchObject({
      JobQueue: "${BATCH_PROCESSING_QUEUE_ARN}",
      JobDefinition: "first-job",
    });
    expect(chunkStatesOf(config).SubmitBatchJob?.Parameters).toMatchObject({ JobDefinition: "other-job" });
  });

  test("tries a task again when the service fails, after a random time", () => {
    const tasks = allStates().filter(([, { Type }]) => Type === "Task" || Type === "Map");
    expect(tasks.map(([name]) => name).sort()).toEqual([
      "ProcessChunks",
      "ProcessWithLambda",
      "ReadManifest",
      "ReadReport",
      "SubmitBatchJob",
      "Validate",
    ]);
    for (const [name, { Retry = [] }] of tasks) {
      expect([name, Retry.length > 0]).toEqual([name, true]);
      for (const retrier of Retry) expect(retrier).toMatchObject({ JitterStrategy: "FULL", MaxDelaySeconds: 120 });
    }
    const retried = (name: string) => (chunkStatesOf()[name]?.Retry ?? []).flatMap(({ ErrorEquals }) => ErrorEquals);
    expect(retried("ProcessWithLambda")).toContain("TryAgain");
    // What the worker refuses stays refused.
    for (const name of ["DataRefused", "InputMissing", "Configuration", "NotAllowed", "Usage", "Bug", "States.ALL"])
      expect(retried("ProcessWithLambda")).not.toContain(name);
    expect(retried("SubmitBatchJob")).not.toContain("States.TaskFailed");
  });

  test("catches what a redrive cannot fix, and nothing of a chunk, so that a redrive runs the chunks that failed", () => {
    const catching = allStates().flatMap(([name, { Catch }]) => (Catch === undefined ? [] : [name]));
    expect(catching.sort()).toEqual(["ReadManifest", "ReadReport", "Validate"]);
    expect(allStates().filter(([name]) => name in chunkStatesOf() && chunkStatesOf()[name]?.Type === "Fail")).toEqual(
      [],
    );
  });

  test("has a timeout for everything that waits", () => {
    for (const [name, { Type, TimeoutSeconds }] of allStates()) {
      if (Type === "Task") expect([name, TimeoutSeconds]).toEqual([name, expect.any(Number)]);
    }
  });

  test("leads only to states that exist, and to all of them", () => {
    for (const states of [statesOf(), chunkStatesOf()]) {
      const targets = Object.values(states).flatMap(targetsOf);
      const start = "Initialize" in states ? "Initialize" : "ProcessChunk";
      expect(targets.filter((name) => !(name in states))).toEqual([]);
      expect(Object.keys(states).filter((name) => name !== start && !targets.includes(name))).toEqual([]);
    }
  });

  test("ends badly only with a name and a reason", () => {
    const failures = allStates().filter(([, { Type }]) => Type === "Fail");
    expect(failures.map(([name]) => name)).toContain("FileRejected");
    for (const [name, state] of failures) {
      expect([name, "Error" in state || "ErrorPath" in state, "Cause" in state || "CausePath" in state]).toEqual([
        name,
        true,
        true,
      ]);
    }
  });

  test("every path of a reason appears in it", () => {
    const formats = allStates().flatMap(([name, { CausePath }]) =>
      CausePath === undefined ? [] : [[name, CausePath]],
    );
    expect(formats.length).toBeGreaterThan(4);
    for (const [name, text = ""] of formats) {
      const [, format = "", list = ""] = /^States\.Format\('([^']*)', (.*)\)$/.exec(text) ?? [];
      expect([name, format.split("{}").length - 1]).toEqual([name, list.split(", ").length]);
    }
  });

  test("names the log group that the jobs write to", () => {
    const groups = { validation: { name: "/elsewhere/checks" } };
    expect(statesOf({ log_groups: groups }).InputMissing?.CausePath).toContain("/elsewhere/checks");
  });

  test("can be changed by an override, key by key", () => {
    const changes = { States: { ProcessChunks: { ToleratedFailureCount: 3 } }, TimeoutSeconds: 99_999 };
    const machine = machineOf({ step_function_definition: changes });
    expect(machine.TimeoutSeconds).toBe(99_999);
    expect((machine.States as States).ProcessChunks).toMatchObject({ ToleratedFailureCount: 3, MaxConcurrency: 40 });
  });

  test("keeps what Terragrunt binds as placeholders, and the prefix when it is bound late", () => {
    const text = JSON.stringify(machineOf({ late_prefix: true }));
    for (const name of ["PREFIX", "S3_BUCKET", "BATCH_PROCESSING_QUEUE_ARN", "RECORD_PROCESSOR_FUNCTION_ARN"])
      expect(text).toContain(`\${${name}}`);
    expect(text).not.toContain("gss-dev");
  });
});

test("text that looks like a placeholder and is none passes the check of the documents as the config writes it", () => {
  const config = { step_function_definition: { Comment: "costs $${price} a run, %%{off}" } };
  const files = render(resolveModel(configSource(config))).filter(({ path }) => path.startsWith("step-function-json/"));
  expect(files.map(({ text }) => text).join("")).toContain('"costs $${price} a run, %%{off}"');
  const known = new Map<string, Placeholder>(placeholders.map((placeholder) => [placeholder.name, placeholder]));
  expect(checkFiles(files, { awsProvider: 5, placeholders: known, ignoredRules: new Set() })).toEqual([]);
});

describe("the settings of the state machine", () => {
  test("name it, its role and its log", () => {
    expect(resolveModel(configSource()).documents["state-machine-settings"]).toEqual({
      name: "gss-dev-batch-pipeline",
      role_arn: "${SCM_BATCH_PROCESSOR_STATE_MACHINE_ROLE}",
      log_retention_in_days: 30,
      log_level: "ERROR",
      log_execution_data: false,
      tracing: true,
    });
  });
});

const action = { reason: "CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY", state: "RUNNABLE", action: "CANCEL" };

function targetsOf({ Next, Default, Choices = [], Catch = [] }: State): readonly string[] {
  return [Next, Default, ...Choices.map((choice) => choice.Next), ...Catch.map((catcher) => catcher.Next)].filter(
    (name): name is string => name !== undefined,
  );
}
