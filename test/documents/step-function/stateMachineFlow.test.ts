import { describe, expect, test } from "vitest";
import { resolveModel } from "../../../src/config/resolveModel.ts";
import { execute, type Surroundings } from "../../../src/run/states/execute.ts";
import { StatesError } from "../../../src/run/states/statesError.ts";
import { configSource } from "../configSource.ts";

// The generated state machine goes its ways, with services that answer what a test says.

type Data = Readonly<Record<string, unknown>>;

interface Services {
  /** What submitting the validation returns, or throws. */
  readonly validate?: () => unknown;
  readonly files?: Readonly<Record<string, unknown>>;
  readonly invoke?: () => unknown;
}

const accepted = { counts: { records: 2, valid: 2, rejected: 0 }, chunks: 1 };
const chunk = { chunkId: "chunk-000000", startIndex: 0, endIndex: 2, chunkSize: 2 };

async function run(input: Data, { validate = () => ({ JobId: "j" }), files = {}, invoke }: Services = {}) {
  const machine = resolveModel(configSource()).documents["step-function-definition"] as Data;
  const tasks: string[] = [];
  const keys: string[] = [];
  const surroundings: Surroundings = {
    doTask: async (resource, parameters) => {
      const { Key, Parameters } = parameters as { Key?: string; Parameters?: Data };
      if (resource.endsWith("s3:getObject")) {
        keys.push(String(Key));
        const found = files[String(Key).split("/").at(-1) ?? ""] ?? accepted;
        if (found instanceof Error) throw found;
        return { Body: JSON.stringify(found) };
      }
      tasks.push(resource.replace(/^.*:::/, ""));
      if (resource.endsWith("lambda:invoke")) return { Payload: invoke?.() ?? {} };
      return Parameters !== undefined && "chunkId" in Parameters ? { JobId: "c" } : validate();
    },
    readItems: async (_, parameters) => {
      keys.push(String((parameters as Data).Key));
      return [chunk];
    },
    concurrency: () => 1,
    wait: async () => {},
    throwIfStopped: () => {},
  };
  const ended = await execute(machine, input, "run-1", surroundings).catch((error: unknown) => {
    if (error instanceof StatesError) return { error: error.error, reason: error.reason };
    throw error;
  });
  return { ended, tasks, keys };
}

const failedJob = (container: Data) => () => {
  const job = { JobId: "job-7", Container: container, Attempts: [{ Container: container }] };
  throw new StatesError("States.TaskFailed", JSON.stringify(job));
};

describe("the input of a run", () => {
  test.each<[Data]>([
    [{}],
    [{ input: "" }],
    [{ input: 5 }],
    [{ input: "a.csv", output: 5 }],
    [{ input: "a.csv", output: "runs/x" }],
    [{ input: "a.csv", output: "s3://bucket/runs/" }],
    [{ input: "a.csv", output: "file:///runs/" }],
    [{ input: "a.csv", output: "/runs/" }],
    [{ input: "a.csv", output: "./runs/" }],
    [{ input: "a.csv", output: "../runs/" }],
    [{ input: "a.csv", schema: null }],
    [{ input: "a.csv", maxInvalid: 5 }],
  ])("%j is refused before anything is started", async (input) => {
    expect(await run(input)).toMatchObject({ ended: { error: "WrongInput" }, tasks: [] });
  });

  test("is taken where it is given, and has defaults where it is not", async () => {
    expect((await run({ input: "a.csv" })).keys).toContain("runs/run-1/manifest.json");
    const given = await run({ input: "a.csv", output: "mine/2/", schema: "s.json", maxInvalid: "5%" });
    expect(given.keys).toEqual(["mine/2/manifest.json", "mine/2/chunks.json"]);
    expect(given.ended).toMatchObject({ input: "a.csv", output: "mine/2/", counts: { records: 2, chunks: 1 } });
  });
});

describe("a validation that fails", () => {
  const report = { verdict: "rejected", reason: "4 of 25 are invalid" };
  const validate = failedJob({ ExitCode: 65 });

  test("with rejected data reports the reason of the report", async () => {
    const { ended, tasks } = await run({ input: "a.csv" }, { validate, files: { "report.json": report } });
    expect(ended).toMatchObject({ error: "FileRejected", reason: expect.stringContaining("4 of 25 are invalid") });
    expect(tasks).toEqual(["batch:submitJob.sync"]);
  });

  test.each<[string, unknown]>([
    ["of an earlier run", { ...report, verdict: "accepted" }],
    ["without a reason", { verdict: "rejected" }],
    ["that is not there", new StatesError("S3.NoSuchKeyException", "no report.json")],
  ])("with rejected data and a report %s names the log", async (_, found) => {
    const { ended } = await run({ input: "a.csv" }, { validate, files: { "report.json": found } });
    expect(ended).toMatchObject({
      error: "FileRejected",
      reason: expect.stringMatching(/was rejected: .* job job-7 in/),
    });
  });

  test.each<[Data, string, RegExp]>([
    [{ ExitCode: 66 }, "InputMissing", /The input a\.csv, or the schema none/],
    [{ ExitCode: 77 }, "ValidationFailed", /job job-7 ended with exit code 77/],
    // Ended by AWS, or never begun.
    [{ ExitCode: 0 }, "ValidationFailed", /^a\.csv was not validated: \{/],
    [{}, "ValidationFailed", /^a\.csv was not validated: \{/],
  ])("with a container that says %j is %s", async (container, error, reason) => {
    const { ended } = await run({ input: "a.csv" }, { validate: failedJob(container) });
    expect(ended).toMatchObject({ error, reason: expect.stringMatching(reason) });
  });

  test("with a text that is not a description of a job reports that text", async () => {
    const said = () => {
      throw new StatesError("States.Timeout", "too long");
    };
    const { ended } = await run({ input: "a.csv" }, { validate: said });
    expect(ended).toMatchObject({ error: "ValidationFailed", reason: expect.stringContaining("too long") });
  });
});

describe("the chunks", () => {
  test("are not read where there are none", async () => {
    const files = { "manifest.json": { counts: { records: 0, valid: 0, rejected: 0 }, chunks: 0 } };
    const { tasks, keys } = await run({ input: "a.csv" }, { files });
    expect([tasks, keys]).toEqual([["batch:submitJob.sync"], ["runs/run-1/manifest.json"]]);
  });

  test("are delivered even where the manifest exceeds the size limit of a state", async () => {
    const files = { "manifest.json": new StatesError("States.DataLimitExceeded", "too much") };
    expect((await run({ input: "a.csv" }, { files })).tasks).toEqual(["batch:submitJob.sync", "lambda:invoke"]);
  });

  test("go on for a dozen calls of a function that stops in time", async () => {
    let calls = 0;
    const invoke = () => {
      calls += 1;
      if (calls <= 12) throw new StatesError("TryAgain", "goes on");
    };
    const { ended } = await run({ input: "a.csv" }, { invoke });
    expect([calls, ended]).toEqual([13, expect.objectContaining({ input: "a.csv" })]);
  });
});
