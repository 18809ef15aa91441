import { beforeAll, describe, expect, test } from "vitest";
import { loadDefinitions } from "../../../src/commands/runModule.ts";
import { type Definitions, jobNamed, jobReferences, withThreshold } from "../../../src/run/definitions.ts";
import { bindCommand, type Job, programOf } from "../../../src/run/jobs/planJobs.ts";
import { Stop } from "../../../src/run/jobs/stop.ts";
import { executionInput, type RunSettings } from "../../../src/run/settings.ts";
import { execute } from "../../../src/run/states/execute.ts";
import { createSurroundings } from "../../../src/run/surroundings.ts";

let definitions: Definitions;

beforeAll(async () => {
  const values = {
    ...jobReferences,
    AWS_REGION: "eu-west-1",
    MSK_BROKERS: "localhost:9092",
    RECORD_DESTINATION: "kafka",
  };
  definitions = await loadDefinitions({ prefix: "gss-dev" }, values);
});

const settings: RunSettings = {
  input: "/data/it's $(here).csv",
  output: "/out/run",
  schema: undefined,
  maxInvalid: undefined,
  destination: "kafka",
  revalidate: false,
  overrides: { validation: {}, processing: { KAFKA_SECURITY: "none" } },
};

/** The jobs that the generated state machine starts for chunks of these sizes. */
async function jobsFor(
  sizes: readonly number[],
  more: Partial<RunSettings> = {},
  used: Definitions = definitions,
): Promise<Job[]> {
  const jobs: Job[] = [];
  let start = 0;
  const chunks = sizes.map((chunkSize, index) => {
    const startIndex = start;
    start += chunkSize;
    return { chunkId: `chunk-${index}`, startIndex, endIndex: start, chunkSize };
  });
  const all = { ...settings, ...more };
  const files: Record<string, string> = {
    "/out/run/chunks.json": JSON.stringify(chunks),
    "/out/run/manifest.json": JSON.stringify({
      counts: { records: start, valid: start, rejected: 0 },
      chunks: chunks.length,
    }),
  };
  const surroundings = createSurroundings({
    plan: { definitions: used, settings: all, recordsOf: (id) => `/out/run/records/${id}.jsonl` },
    runJob: async (job) => {
      jobs.push(job);
      return { JobId: job.id, JobName: job.id, Attempts: [], Payload: {} };
    },
    readText: async (path) => files[path] ?? Promise.reject(Object.assign(new Error(path), { code: "ENOENT" })),
    onItems: () => {},
    concurrency: () => 1,
    stop: new Stop(),
  });
  await execute(used.stateMachine, executionInput(all), "run", surroundings);
  return jobs;
}

describe("the generated state machine", () => {
  test("sends chunks of 290000 records to the function, and of 290001 to a job", async () => {
    const [validate, ...chunks] = await jobsFor([290_000, 290_001, 1]);
    expect(validate).toMatchObject({ id: "validate", worker: "batch_validator", route: undefined });
    expect(chunks.map(({ id, route }) => [id, route])).toEqual([
      ["chunk-0", "lambda"],
      ["chunk-1", "batch"],
      ["chunk-2", "lambda"],
    ]);
  });

  test("has another threshold when that is wanted", async () => {
    const [, ...chunks] = await jobsFor([5, 6], {}, withThreshold(definitions, 5));
    expect(chunks.map(({ route }) => route)).toEqual(["lambda", "batch"]);
  });

  test("starts the commands of the job definitions, with its parameters and local paths", async () => {
    const [validate, chunk] = await jobsFor([300_000], { schema: "/data/s.json", maxInvalid: "5%" });
    expect(validate?.start).toEqual({
      kind: "program",
      args: [
        "--input",
        "/data/it's $(here).csv",
        "--output",
        "/out/run/",
        "--schema",
        "/data/s.json",
        "--max-invalid",
        "5%",
      ],
    });
    expect(chunk?.start).toEqual({
      kind: "program",
      args: [
        "--chunk-id",
        "chunk-0",
        "--start-index",
        "0",
        "--end-index",
        "300000",
        "--manifest",
        "/out/run/manifest.json",
      ],
    });
  });

  test("leaves unset values to the defaults", async () => {
    const [validate] = await jobsFor([1]);
    expect(validate?.start).toMatchObject({ args: expect.arrayContaining(["--schema", "none", "--max-invalid", "0"]) });
  });

  test("starts workers in exactly the environment of the definition, except for overrides", async () => {
    const [validate, chunk] = await jobsFor([300_000]);
    expect(validate?.environment).toEqual(definitions.validation.environment);
    expect(validate?.overrides).toEqual({});
    expect(chunk?.environment).toEqual({ ...definitions.processing.environment, KAFKA_SECURITY: "none" });
    expect(chunk?.environment).toMatchObject({ AWS_REGION: "eu-west-1", KAFKA_BROKERS: "localhost:9092" });
    expect(chunk?.overrides).toEqual({ KAFKA_SECURITY: "none" });
  });

  test("calls the function with the fields of the chunk; for a file the processor does its work", async () => {
    const [, called] = await jobsFor([10]);
    expect(called?.start).toEqual({
      kind: "function",
      event: { chunkId: "chunk-0", startIndex: 0, endIndex: 10, manifest: "/out/run/manifest.json" },
      timeoutSeconds: definitions.lambda.timeoutSeconds,
    });
    expect(called?.environment.AWS_REGION).toBe("eu-west-1");
    const [, written] = await jobsFor([10], {
      destination: "file",
      overrides: { validation: {}, processing: { RECORD_DESTINATION: "file" } },
    });
    expect(written).toMatchObject({ route: "lambda", worker: "batch_processor", start: { kind: "program" } });
    expect(written?.overrides).toMatchObject({ DESTINATION_FILE: "/out/run/records/chunk-0.jsonl" });
  });
});

test("a job is known by its name, its ARN and the placeholder of its ARN", () => {
  const { name } = definitions.processing;
  for (const reference of [
    name,
    `arn:aws:batch:us-east-1:1:job-definition/${name}:7`,
    jobReferences.BATCH_PROCESSING_JOB_ARN,
  ]) {
    expect(jobNamed(reference, definitions)).toBe(definitions.processing);
  }
  expect(() => jobNamed("another-job", definitions)).toThrow(/submits the job "another-job"; expected gss-dev-/);
});

test("a parameter without a value, and a program that is not ours, are reported", () => {
  const job = { ...definitions.processing, command: ["/app", "Ref::nobody", "--at=Ref::chunkId"] };
  expect(() => bindCommand(job, {})).toThrow(/Ref::nobody, for which the state machine passes no value/);
  expect(bindCommand(job, { nobody: "Ref::chunkId" })).toEqual(["/app", "Ref::chunkId", "--at=Ref::chunkId"]);
  expect(() => programOf("my-job", ["/app"])).toThrow(
    /starts "\/app"; expected \/opt\/batch-processing\/batch_validator/,
  );
});
