import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readJobDefinition } from "../../../src/run/jobs/jobDefinition.ts";
import { createJobRunner, type JobRunnerParts } from "../../../src/run/jobs/jobRunner.ts";
import type { Job } from "../../../src/run/jobs/planJobs.ts";
import type { ProcessRequest, StartProcess } from "../../../src/run/jobs/startProcess.ts";
import { Stop } from "../../../src/run/jobs/stop.ts";
import { Tally } from "../../../src/run/show/tally.ts";

const machine = {
  execPath: "/bin/node",
  environment: { PATH: "/bin", AWS_BATCH_JOB_ID: "outer", AWS_PROFILE: "mine", OTHER: "x" },
  workersFolder: "/workers",
  lambdaHost: "/lambdaHost.js",
  onSignal: () => () => {},
  columns: () => undefined,
};

const definition = readJobDefinition({
  name: "job",
  retry_strategy: { attempts: 3 },
  timeout: { attempt_duration_seconds: 0.02 },
});
const own = { worker: "batch_processor", environment: {}, overrides: {} } as const;
const program = {
  ...own,
  id: "chunk-000000",
  route: "batch",
  definition,
  start: { kind: "program", args: [] },
} as const;
const call = {
  ...own,
  id: "chunk-000001",
  route: "lambda",
  definition: undefined,
  start: { kind: "function", event: { chunkId: "chunk-000001" }, timeoutSeconds: 900 },
} as const;

/** Ends of processes, one after another; "waits" until it is told to end. */
async function run(job: Job, codes: readonly (number | "waits")[], more: Partial<JobRunnerParts> = {}) {
  const folder = mkdtempSync(join(tmpdir(), "job-runner-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const started: ProcessRequest[] = [];
  const signals: string[] = [];
  const processes: [number, boolean][] = [];
  const tally = new Tally();
  tally.takeChunks([
    { chunkId: "chunk-000000", chunkSize: 10 },
    { chunkId: "chunk-000001", chunkSize: 10 },
  ]);
  const startProcess: StartProcess = (request) => {
    started.push(request);
    const code = codes[started.length - 1] ?? 0;
    let end: (code: number) => void = () => {};
    const ended = new Promise<number>((settle) => {
      end = settle;
    });
    if (code !== "waits") end(code);
    const kill = (signal: string) => {
      signals.push(signal);
      end(75);
    };
    return { pid: started.length, ended, kill };
  };
  const runJob = createJobRunner({
    machine,
    startProcess,
    stop: new Stop(),
    logOf: (id) => join(folder, `${id}.log`),
    toStdout: false,
    drawsProgress: false,
    onProcess: (...seen) => processes.push(seen),
    onEvent: () => {},
    onEnd: (ended, result) => tally.takeEnd(ended, result),
    ...more,
  });
  const result: unknown = await runJob(job, {}).catch((error: unknown) => error);
  return { result, started, signals, processes, tally, log: readFileSync(join(folder, `${job.id}.log`), "utf8") };
}

test("a job is tried as often as its definition says, and described as AWS Batch does", async () => {
  const good = await run(program, [70, 0]);
  expect(good.result).toMatchObject({ Status: "SUCCEEDED", Attempts: [{ Container: { ExitCode: 70 } }, {}] });
  const bad = await run(program, [70, 70, 70, 0]);
  expect(bad.started).toHaveLength(3);
  expect(bad.result).toMatchObject({ error: "States.TaskFailed" });
  const { reason } = bad.result as { reason: string };
  expect(JSON.parse(reason)).toMatchObject({ Status: "FAILED", Container: { ExitCode: 70 } });
});

test("records that were printed are not printed by another attempt", async () => {
  const { started, result } = await run(program, [75, 0], { toStdout: true });
  expect(started).toHaveLength(1);
  expect(started[0]?.stdout).toBe("own");
  expect(result).toMatchObject({ error: "States.TaskFailed" });
});

test("an attempt may take as long as the definition says", async () => {
  const { signals, result } = await run(program, ["waits"]);
  expect(signals).toEqual(["SIGTERM"]);
  expect(result).toMatchObject({ error: "States.TaskFailed" });
});

test("the function gets its time limit in milliseconds", async () => {
  const { started } = await run(call, [0]);
  const bundle = join("/workers", "lambda", "index.mjs");
  const event = '{"chunkId":"chunk-000001"}';
  expect(started[0]?.command).toEqual(["/bin/node", "/lambdaHost.js", bundle, event, "900000"]);
});

test.each([
  [75, "TryAgain"],
  [65, "DataRefused"],
  [137, "Lambda.Unknown"],
])("a function that ends with %i has failed with %s, and is not tried again here", async (code, error) => {
  const { result, started } = await run(call, [code, 0]);
  expect(started).toHaveLength(1);
  expect(result).toMatchObject({ error });
});

test("running processes are reported while they run", async () => {
  expect((await run(program, [70, 0])).processes).toEqual([
    [1, true],
    [1, false],
    [2, true],
    [2, false],
  ]);
});

test("a worker does not see the job or the function that this process may run in", async () => {
  const { started } = await run(program, [0]);
  expect(started[0]?.environment).toEqual({ PATH: "/bin", AWS_PROFILE: "mine", AWS_BATCH_JOB_ATTEMPT: "1" });
});
