import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import workerExitCodes from "../../schemas/worker-exit-codes.json" with { type: "json" };
import { runCli } from "../../src/commands/runCli.ts";
import { exitCodeOf } from "../../src/run/jobs/exitCodeOf.ts";
import { cli, type Ended, endOf, scratch, startCli } from "../cli/cli.ts";
import { type Installed, installPackage } from "./installed.ts";

// The command with real workers, on files of this machine.

let installed: Installed;
let config: string;

beforeAll(async () => {
  installed = await installPackage();
  config = join(installed.folder, "config.yaml");
  writeFileSync(config, "prefix: gss-dev\n");
});

afterAll(() => installed.remove());

const sample = resolve("workers/sample/orders.csv");
const schema = resolve("workers/sample/orders.schema.json");

function run(cwd: string, ...args: readonly string[]): Promise<Ended> {
  return cli(["run", ...args], { cwd, program: installed.program });
}

/** In this process, as it takes less time; paths that are relative are so to the folder. */
async function runHere(folder: string, args: readonly string[]): Promise<Ended> {
  const printed = { stdout: "", stderr: "" };
  const words = args.map((word) => (/^(orders|nope|\.)/.test(word) ? join(folder, word) : word));
  const isMade = !words.includes("--module");
  const exit = await runCli(["run", ...words, ...(isMade && words.length > 0 ? ["--config", config] : [])], {
    out: (text) => {
      printed.stdout += text;
    },
    err: (text) => {
      printed.stderr += text;
    },
    colors: { out: false, err: false },
    processes: { pid: process.pid, isRunning: () => false },
    machine: {
      execPath: process.execPath,
      environment: {},
      workersFolder: join(installed.folder, "workers", "dist"),
      lambdaHost: join(installed.folder, "dist", "lambdaHost.js"),
      onSignal: () => () => {},
      columns: () => undefined,
    },
  });
  return { exit, ...printed };
}

/** A folder with orders.csv of so many records, whose id is their index. */
function folderWith(records: number, row: (id: number) => string = (id) => `${id},customer ${id % 97}`): string {
  const folder = scratch();
  const rows = Array.from({ length: records }, (_, id) => `${row(id)}\n`);
  writeFileSync(join(folder, "orders.csv"), `id,customer\n${rows.join("")}`);
  return folder;
}

function idsIn(folder: string): number[] {
  const records = join(folder, "gen-batch-run", "orders.csv", "records");
  return readdirSync(records).flatMap((name) => idsOf(readFileSync(join(records, name), "utf8")));
}

function idsOf(lines: string): number[] {
  return lines
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => Number((JSON.parse(line) as { id: unknown }).id));
}

/** Some hundred thousand numbers: as arrays, a difference would take minutes to be shown. */
function expectEachOnce(ids: readonly number[], records: number): void {
  expect([ids.length, new Set(ids).size]).toEqual([records, records]);
  expect(ids.find((id) => !(id >= 0 && id < records))).toBeUndefined();
}

describe("the sample", () => {
  test("is validated and delivered in one line, and leaves records, a report and the rejected rows", async () => {
    const folder = scratch();
    const ended = await run(folder, "--input", sample, "--schema", schema, "--max-invalid", "20%");
    expect(ended).toMatchObject({ exit: 0 });
    expect(ended.stdout.replace(/^[\d.]+ s$/m, "N s")).toBe(
      [
        "25 records: 21 valid, 4 rejected",
        "21 delivered to file, 1 chunk: 0 by the batch route, 1 by the lambda route",
        "records  gen-batch-run/orders.csv/records/",
        "report   gen-batch-run/orders.csv/report.html",
        "rejects  gen-batch-run/orders.csv/rejects.csv",
        "N s",
        "",
      ].join("\n"),
    );
    const output = join(folder, "gen-batch-run", "orders.csv");
    expect(new Set(idsIn(folder)).size).toBe(21);
    expect(readFileSync(join(output, "report.html"), "utf8")).toContain("<!doctype html>");
    expect(readFileSync(join(output, "rejects.csv"), "utf8").split("\n").length).toBeGreaterThan(4);
    expect(existsSync(join(output, "run.lock"))).toBe(false);
    const log = readFileSync(join(output, "logs", "validate.log"), "utf8");
    expect(
      log
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line).event),
    ).toContain("validated");
  });

  test("is refused without allowing invalid records, with the way out, and nothing is delivered", async () => {
    const folder = scratch();
    const ended = await run(folder, "--input", sample, "--schema", schema, "--json");
    expect(ended).toMatchObject({ exit: 1, stderr: expect.stringContaining("the maximum is 0") });
    expect(ended.stderr).toContain("--max-invalid");
    expect(JSON.parse(ended.stdout)).toMatchObject({
      outcome: "refused",
      exitCode: 1,
      records: 25,
      rejected: 4,
      delivered: 0,
      report: "gen-batch-run/orders.csv/report.html",
      stateMachine: { error: "FileRejected" },
      failures: [{ job: "validate", exitCode: 65, outcome: "data-refused" }],
    });
    expect(idsIn(folder)).toEqual([]);
    expect(await run(folder, "--input", sample, "--schema", schema, "--max-invalid", "4", "-q")).toEqual({
      exit: 0,
      stdout: "",
      stderr: "",
    });
    expect(idsIn(folder)).toHaveLength(21);
  });
});

describe("a module made for version 6 of the provider runs as it was made,", () => {
  // A runtime that version 5 does not know, and a placeholder and a reason that the config alone has.
  const made = [
    "prefix: gss-dev",
    "aws_provider: 6",
    "lambda_function: { runtime: nodejs24.x, description: 'of ${TEAM}' }",
    "placeholders: { TEAM: { kind: string, value: data } }",
  ].join("\n");
  const plain = "prefix: gss-dev\naws_provider: 6\nlambda_function: { runtime: nodejs24.x }\n";

  test.each([
    ["with --module and --config", made, "other.yaml", ["--module", "modules-out", "--config", "other.yaml"]],
    ["with --module, and the config that init writes here", made, "gen-batch-config.yaml", ["--module", "modules-out"]],
    ["with both here", made, "gen-batch-config.yaml", []],
    ["with the module alone", plain, "gone.yaml", ["--module", "modules-out"]],
    ["with the module alone, here", plain, "gone.yaml", []],
    ["with --config alone", made, "other.yaml", ["--config", "other.yaml"]],
  ])("%s", async (_, text, name, args) => {
    const folder = folderWith(3);
    writeFileSync(join(folder, name), text);
    const generated = await cli(["--config", name], { cwd: folder, program: installed.program });
    expect(generated.exit, generated.stderr).toBe(0);
    if (name === "gone.yaml") rmSync(join(folder, name));
    const dry = await run(folder, "--input", "orders.csv", "--dry-run", ...args);
    expect(dry).toMatchObject({ exit: 0, stderr: "", stdout: expect.stringContaining("--chunk-id") });
    expect(await run(folder, "--input", "orders.csv", ...args)).toMatchObject({ exit: 0 });
    expectEachOnce(idsIn(folder), 3);
  });

  test("and is checked as validate checks it: with the config's provider, and without the rules that it ignores", async () => {
    const folder = folderWith(3);
    const config = join(folder, "gen-batch-config.yaml");
    writeFileSync(config, plain);
    await cli(["--config", config], { cwd: folder, program: installed.program });
    const other = "prefix: gss-dev\naws_provider: 5\n";
    writeFileSync(config, other);
    const refused = { exit: 1, stderr: expect.stringContaining("[lambda-package]") };
    expect(await run(folder, "--input", "orders.csv")).toMatchObject(refused);
    const validated = await cli(["validate", "modules-out"], { cwd: folder, program: installed.program });
    expect(validated).toMatchObject({ exit: 1, stdout: expect.stringContaining("[lambda-package]") });
    writeFileSync(config, `${other}ignore_rules: { lambda-package: "the function is deployed by others" }\n`);
    expect(await run(folder, "--input", "orders.csv")).toMatchObject({ exit: 0 });
  });

  test("and passes validate, with and without its config", async () => {
    const folder = scratch();
    writeFileSync(join(folder, "other.yaml"), plain);
    await cli(["--config", "other.yaml"], { cwd: folder, program: installed.program });
    for (const args of [["--config", "other.yaml"], []]) {
      const ended = await cli(["validate", "modules-out", ...args], { cwd: folder, program: installed.program });
      expect(ended, ended.stdout).toMatchObject({ exit: 0 });
    }
  });
});

test("without a module, the config that init writes is what is run", async () => {
  const folder = folderWith(3);
  writeFileSync(join(folder, "gen-batch-config.yaml"), "prefix: gss-dev\nbatch_processing_threshold: 2\n");
  const { stdout } = await run(folder, "--input", "orders.csv", "--dry-run");
  expect(stdout).toContain("BATCH_PROCESSING_THRESHOLD=2 ");
});

test("records on stdout come in the order of the file, from chunks of both routes, and nothing else does", async () => {
  const folder = folderWith(2500);
  const args = ["--input", "orders.csv", "--destination", "stdout", "--chunk-size", "1000", "--threshold", "500"];
  const ended = await run(folder, ...args);
  expect(ended).toMatchObject({ exit: 0, stderr: expect.stringContaining("3 chunks: 2 by the batch route, 1 by") });
  expect(idsOf(ended.stdout)).toEqual(Array.from({ length: 2500 }, (_, id) => id));
});

describe("a stopped run says how to continue, and then has every record exactly once:", () => {
  const records = 500_000;

  test.each(["SIGTERM to the run", "SIGINT to its process group, as Ctrl-C on a terminal"])("%s", async (how) => {
    const folder = folderWith(records);
    const args = ["run", "--input", "orders.csv"];
    const child = spawn(process.execPath, [installed.program, ...args], {
      cwd: folder,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: { PATH: process.env.PATH },
    });
    const ending = endOf(child);
    // In the middle of a chunk.
    const path = join(folder, "gen-batch-run", "orders.csv", "records", "chunk-000000.jsonl");
    while (child.exitCode === null && (statSync(path, { throwIfNoEntry: false })?.size ?? 0) === 0) await sleep(2);
    if (how.startsWith("SIGTERM")) child.kill("SIGTERM");
    else process.kill(-(child.pid as number), "SIGINT");
    const stopped = await ending;
    expect(stopped).toMatchObject({ exit: 3, stderr: expect.stringContaining("the same command continues") });
    expect(idsIn(folder).length).toBeLessThan(records);

    const ended = await cli([...args, "--json"], { cwd: folder, program: installed.program });
    expect(ended).toMatchObject({ exit: 0 });
    expect(JSON.parse(ended.stdout)).toMatchObject({ outcome: "done", delivered: records, wasValidated: true });
    expectEachOnce(idsIn(folder), records);
  });
});

test("a run again does nothing; with records deleted, or --revalidate, it does what is missing", async () => {
  const folder = folderWith(3000);
  const args = ["--input", "orders.csv", "--chunk-size", "1000", "--json"];
  const chunks = async (...more: readonly string[]) => JSON.parse((await run(folder, ...args, ...more)).stdout);
  expect(await chunks()).toMatchObject({ chunks: { done: 3, doneBefore: 0 }, wasValidated: false });
  expect(await chunks()).toMatchObject({ chunks: { done: 3, doneBefore: 3 }, wasValidated: true });
  rmSync(join(folder, "gen-batch-run", "orders.csv", "records", "chunk-000001.jsonl"));
  expect(await chunks()).toMatchObject({ chunks: { done: 3, doneBefore: 2 }, wasValidated: true });
  expect(await chunks("--revalidate")).toMatchObject({ chunks: { done: 3, doneBefore: 3 }, wasValidated: false });
  expectEachOnce(idsIn(folder), 3000);
});

test("a file that has changed is validated and delivered anew, without the records of the old one", async () => {
  const folder = folderWith(3000);
  await run(folder, "--input", "orders.csv", "--chunk-size", "1000");
  writeFileSync(join(folder, "orders.csv"), "id,customer\n0,a\n1,b\n");
  expect(await run(folder, "--input", "orders.csv", "--chunk-size", "1000")).toMatchObject({ exit: 0 });
  expectEachOnce(idsIn(folder), 2);
});

test("another schema, and another allowance of invalid records, are other validations", async () => {
  const folder = folderWith(10, (id) => (id === 3 ? `${id},too,many` : `${id},x`));
  const json = async (...args: readonly string[]) =>
    JSON.parse((await run(folder, "--input", "orders.csv", "--json", ...args)).stdout);
  expect(await json("--max-invalid", "1")).toMatchObject({ outcome: "done", delivered: 9 });
  expect(await json("--max-invalid", "0")).toMatchObject({ outcome: "refused", delivered: 0 });
  expect(await json("--max-invalid", "1")).toMatchObject({ outcome: "done", delivered: 9, chunks: { doneBefore: 1 } });
  writeFileSync(join(folder, "s.json"), JSON.stringify({ properties: { id: { type: "integer", maximum: 8 } } }));
  expect(await json("--max-invalid", "2", "--schema", "s.json")).toMatchObject({ delivered: 8 });
  writeFileSync(join(folder, "s.json"), JSON.stringify({ properties: { id: { type: "integer", maximum: 10 } } }));
  expect(await json("--max-invalid", "2", "--schema", "s.json")).toMatchObject({ delivered: 9, wasValidated: false });
  expect(idsIn(folder)).toHaveLength(9);
});

test("another size of chunks is another validation", async () => {
  const folder = folderWith(30);
  const json = async (size: string) =>
    JSON.parse((await run(folder, "--input", "orders.csv", "--chunk-size", size, "--json")).stdout);
  expect(await json("10")).toMatchObject({ chunks: { done: 3 }, wasValidated: false });
  expect(await json("15")).toMatchObject({ chunks: { done: 2 }, wasValidated: false });
  expect(await json("15")).toMatchObject({ chunks: { done: 2, doneBefore: 2 }, wasValidated: true });
  expectEachOnce(idsIn(folder), 30);
});

test("a worker that outlives its run keeps the folder", async () => {
  const folder = folderWith(400_000);
  const child = spawn(process.execPath, [installed.program, "run", "--input", "orders.csv"], {
    cwd: folder,
    stdio: "ignore",
    env: { PATH: process.env.PATH },
  });
  const ended = new Promise((settle) => child.once("close", settle));
  const lock = join(folder, "gen-batch-run", "orders.csv", "run.lock");
  const workers = (): readonly number[] => {
    const text = existsSync(lock) ? readFileSync(lock, "utf8") : "";
    return text.endsWith("}\n") ? JSON.parse(text).workers : [];
  };
  while (child.exitCode === null && workers().length === 0) await sleep(2);
  const [worker] = workers();
  expect(worker).toBeGreaterThan(0);
  try {
    // It is there until it is ended below, however long the second run takes to begin.
    process.kill(worker as number, "SIGSTOP");
    child.kill("SIGKILL");
    await ended;
    expect(await run(folder, "--input", "orders.csv")).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining(`process ${worker}`),
    });
  } finally {
    process.kill(worker as number, "SIGKILL");
  }
});

test("names that mean something to a shell are names", async () => {
  const folder = scratch();
  const name = "it's $(touch here) ; ünï & %41.csv";
  writeFileSync(join(folder, name), "id\n0\n1\n");
  expect(await run(folder, "--input", name)).toMatchObject({ exit: 0 });
  expect(readdirSync(folder).sort()).toEqual(["gen-batch-run", name].sort());
  expect(idsOf(readFileSync(join(folder, "gen-batch-run", name, "records", "chunk-000000.jsonl"), "utf8"))).toEqual([
    0, 1,
  ]);
});

test("a dry run starts nothing, and its lines are what a shell can run", async () => {
  const folder = folderWith(10);
  const dry = await run(folder, "--input", "orders.csv", "--dry-run", "--kafka-security", "none");
  expect(dry).toMatchObject({ exit: 0, stderr: "" });
  expect(readdirSync(folder)).toEqual(["orders.csv"]);
  expect(dry.stdout).toMatch(/^# chunk-000000, batch route, for example/m);
  expect(dry.stdout).toMatch(/^# chunk-000001, lambda route, for example/m);
  expect(dry.stdout).toMatch(/^# overrides the definition: KAFKA_SECURITY DESTINATION_FILE$/m);
  const [, validate = ""] = /# validate.*\n([\s\S]*?)\n\n/.exec(dry.stdout) ?? [];
  const shell = spawnSync("sh", ["-c", validate], { cwd: folder, encoding: "utf8" });
  expect([shell.status, shell.stderr]).toEqual([0, ""]);
  expect(existsSync(join(folder, "gen-batch-run", "orders.csv", "manifest.json"))).toBe(true);
});

test("secrets of the environment reach the workers and no output", async () => {
  const folder = folderWith(10);
  const env = { KAFKA_PASSWORD: "very-secret", AWS_SECRET_ACCESS_KEY: "very-secret" };
  const options = { cwd: folder, program: installed.program, env };
  const dry = await cli(["run", "--input", "orders.csv", "--dry-run"], options);
  const real = await cli(["run", "--input", "orders.csv", "--json"], options);
  expect(dry.stdout).toContain("KAFKA_PASSWORD");
  const logs = join(folder, "gen-batch-run", "orders.csv", "logs");
  const texts = readdirSync(logs).map((name) => readFileSync(join(logs, name), "utf8"));
  expect([dry.stdout, real.stdout, real.stderr, ...texts].filter((text) => text.includes("very-secret"))).toEqual([]);
});

describe("is reported at once, and leaves nothing behind:", () => {
  test.each<[string, readonly string[], number, RegExp]>([
    ["a missing file", ["--input", "nope.csv"], 2, /--input is .*nope\.csv, which does not exist/],
    ["a folder", ["--input", "."], 2, /which is a folder/],
    ["a device", ["--input", "/dev/null"], 2, /which is not a regular file/],
    ["an object of S3", ["--input", "s3://bucket/key"], 2, /expected a local path/],
    ["a missing schema", ["--input", "orders.csv", "--schema", "nope"], 2, /--schema is .*nope, which does not exist/],
    [
      "a destination that is none",
      ["--input", "orders.csv", "-d", "ftp"],
      2,
      /'ftp' is invalid.*kafka, sqs_core, file, stdout/,
    ],
    ["no file", [], 2, /--input <file>' not specified/],
    [
      "a chunk size of nothing",
      ["--input", "orders.csv", "--chunk-size", "0"],
      2,
      /must be a whole number of at least 1/,
    ],
    ["Kafka without a topic", ["--input", "orders.csv", "-d", "kafka"], 2, /requires --brokers and --topic/],
    ["SQS without a queue", ["--input", "orders.csv", "-d", "sqs_core"], 2, /requires --queue-url/],
    [
      "two things for stdout",
      ["--input", "orders.csv", "-d", "stdout", "--json"],
      2,
      /--destination stdout and --format json cannot be combined/,
    ],
    [
      "brokers that are away",
      ["--input", "orders.csv", "-d", "kafka", "--brokers", "127.0.0.1:1", "--topic", "t"],
      3,
      /cannot reach any broker: 127\.0\.0\.1:1 \(ECONNREFUSED\)/,
    ],
    [
      "a queue that is away",
      ["--input", "orders.csv", "-d", "sqs_core", "--queue-url", "http://localhost:1/000/q"],
      3,
      /cannot reach the queue: http:\/\/localhost:1 \(ECONNREFUSED\)/,
    ],
    [
      "an emulator that is away",
      [
        ...["--input", "orders.csv", "-d", "sqs_core", "--endpoint-url", "http://127.0.0.1:1"],
        ...["--queue-url", "http://127.0.0.1:1/000/q"],
      ],
      3,
      /cannot reach the queue: http:\/\/127\.0\.0\.1:1 \(ECONNREFUSED\)/,
    ],
    ["an allowance that is none", ["--input", "orders.csv", "--max-invalid", "200%"], 2, /--max-invalid is "200%"/],
    [
      "every setting that is wrong, at once",
      [
        ...["--input", "orders.csv", "-d", "kafka", "--kafka-security", "scram", "--brokers", "a:99999"],
        ...["--region", "nope", "--bucket", "X", "--queue-url", "q", "--endpoint-url", "e", "--max-invalid", "x"],
      ],
      2,
      /^gen-batch-config: 8 settings.*\n(?=[\s\S]*--brokers is "a:99999")(?=[\s\S]*--region is)(?=[\s\S]*--bucket is)(?=[\s\S]*--queue-url is)(?=[\s\S]*--endpoint-url is)(?=[\s\S]*--max-invalid is)(?=[\s\S]*requires --topic)(?=[\s\S]*requires KAFKA_USERNAME and KAFKA_PASSWORD)/,
    ],
    ["a name with a newline", ["--input", "orders\n.csv"], 2, /contains a newline\n {2}hint: rename it/],
    ["a name like a placeholder", ["--input", "orders${X}.csv"], 2, /contains \$\{X\}, which reads as a placeholder/],
    ["a module that is none", ["--input", "orders.csv", "--module", "."], 2, /has no batch-json\/batch-validation-job/],
    ["a missing module", ["--input", "orders.csv", "--module", "nope"], 2, /--module is .*nope, which does not exist/],
    [
      "a module and a prefix",
      ["--input", "orders.csv", "--module", "x", "--prefix", "gss-dev"],
      2,
      /--module and --prefix cannot be combined/,
    ],
    [
      "an output that is a file",
      ["--input", "orders.csv", "--output", "orders.csv"],
      2,
      /but it or a folder above it is a file/,
    ],
  ])("%s", async (_, args, exit, message) => {
    const folder = folderWith(3);
    expect(await runHere(folder, args)).toMatchObject({ exit, stdout: "", stderr: expect.stringMatching(message) });
    expect(readdirSync(folder)).toEqual(["orders.csv"]);
  });

  test("a module with mistakes, each at its place", async () => {
    const folder = folderWith(3);
    await cli(["--prefix", "gss-dev"], { cwd: folder, program: installed.program });
    const job = join(folder, "modules-out", "batch-json", "batch-processing-job.json");
    const text = readFileSync(job, "utf8");
    writeFileSync(job, text.replace("${MSK_BROKERS}", "${MSK_BROKER}"));
    const unknown = await run(folder, "--input", "orders.csv");
    expect(unknown).toMatchObject({ exit: 1, stderr: expect.stringMatching(/batch-processing-job\.json:\d+:\d+/) });
    expect(unknown.stderr).toContain("did you mean ${MSK_BROKERS}");
    writeFileSync(job, text.slice(0, 300));
    expect(await run(folder, "--input", "orders.csv")).toMatchObject({ exit: 1, stderr: expect.stringContaining(":") });
    writeFileSync(job, text.replace("/opt/batch-processing/batch_processor", "/app/mine"));
    const foreign = await run(folder, "--input", "orders.csv", "--threshold", "1");
    expect(foreign).toMatchObject({ exit: 2, stderr: expect.stringContaining('starts "/app/mine"; expected /opt/') });
  });

  test("workers that are not built", async () => {
    const folder = folderWith(3);
    const program = join(folder, "package", "dist", "cli.js");
    mkdirSync(join(folder, "package"));
    cpSync(join(installed.folder, "dist"), join(folder, "package", "dist"), { recursive: true });
    expect(await cli(["run", "--input", "orders.csv"], { cwd: folder, program })).toMatchObject({
      exit: 3,
      stderr: expect.stringMatching(/the workers are not built[\s\S]*npm run build:workers/),
    });
  });

  test("a folder that contains the run of another file", async () => {
    const folder = folderWith(3);
    cpSync(join(folder, "orders.csv"), join(folder, "other.csv"));
    await run(folder, "--input", "orders.csv", "--output", "out");
    expect(await run(folder, "--input", "other.csv", "--output", "out")).toMatchObject({
      exit: 2,
      stderr: expect.stringMatching(/contains the run of another file, .*orders\.csv/),
    });
  });
});

test("the help says what the exit codes of the workers become", async () => {
  const { stdout } = await cli(["help", "run"], { cwd: scratch(), program: installed.program });
  const lines = stdout.slice(stdout.lastIndexOf("Exit codes")).split("\n");
  for (const { code } of workerExitCodes.codes.filter((row) => row.code !== 0)) {
    const line = lines.find((candidate) => new RegExp(`\\b${code}\\b`).test(candidate));
    expect([code, line?.trim().charAt(0)]).toEqual([code, String(exitCodeOf(code))]);
  }
});

test("a state machine that validates nothing is not a success", async () => {
  const folder = folderWith(3);
  await cli(["--prefix", "gss-dev"], { cwd: folder, program: installed.program });
  const machine = { StartAt: "Done", States: { Done: { Type: "Succeed" } } };
  writeFileSync(
    join(folder, "modules-out", "step-function-json", "step-function-definition.json"),
    JSON.stringify(machine, null, 2),
  );
  expect(await run(folder, "--input", "orders.csv")).toMatchObject({
    exit: 3,
    stderr: expect.stringContaining("the state machine ended without validating the file"),
  });
});

test("a log that cannot be written keeps no record from its place", async () => {
  const folder = folderWith(10);
  mkdirSync(join(folder, "gen-batch-run", "orders.csv", "logs", "chunk-000000.log"), { recursive: true });
  expect(await run(folder, "--input", "orders.csv")).toMatchObject({ exit: 0 });
  expectEachOnce(idsIn(folder), 10);
});

test("what the same command can only meet again is to be corrected, and the log is that of this machine", async () => {
  const folder = folderWith(10);
  writeFileSync(join(folder, "s.json"), "{");
  const ended = await run(folder, "--input", "orders.csv", "--schema", "s.json", "--json");
  expect(ended).toMatchObject({
    exit: expect.any(Number),
    stderr: expect.stringMatching(/validate failed: .*s\.json/),
  });
  expect(ended.stderr).toMatch(/correct .*run again\n$/);
  expect(ended.stderr).not.toContain("continues where");
  const { cause } = JSON.parse(ended.stdout).stateMachine;
  expect(cause).toContain(`${join(folder, "gen-batch-run", "orders.csv", "logs", "validate.log")} says`);
  writeFileSync(join(folder, "orders.csv"), "");
  expect(await run(folder, "--input", "orders.csv")).toMatchObject({
    exit: 1,
    stderr: expect.stringMatching(/is empty[\s\S]*correct the file or its schema and run again\n$/),
  });
});

describe("a run with a substitute for the real function:", () => {
  /** The package, with a function of this program. */
  function withFunction(program: string): string {
    const folder = scratch();
    cpSync(installed.folder, folder, { recursive: true });
    writeFileSync(join(folder, "workers", "dist", "lambda", "index.mjs"), program);
    return join(folder, "dist", "cli.js");
  }

  async function queueHere(): Promise<readonly string[]> {
    const server = createServer(() => {}).listen(0, "127.0.0.1");
    await once(server, "listening");
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    return ["run", "--input", "orders.csv", "-d", "sqs_core", "--queue-url", `http://127.0.0.1:${port}/000/q`];
  }

  test("a chunk that fails says why, and that it is tried again", async () => {
    const folder = folderWith(3);
    const program = withFunction(`
      import { existsSync, writeFileSync } from "node:fs";
      export const handler = async () => {
        if (existsSync(${JSON.stringify(join(folder, "called"))})) return {};
        writeFileSync(${JSON.stringify(join(folder, "called"))}, "");
        throw Object.assign(new Error("SQS accepted nothing for 60 s (ECONNRESET)"), { name: "TryAgain" });
      };`);
    expect(await cli(await queueHere(), { cwd: folder, program })).toMatchObject({
      exit: 0,
      stderr: expect.stringMatching(
        /^chunk-000000 failed: SQS accepted nothing for 60 s \(ECONNRESET\); retry 1 of \d+\nchunk-000000 done/m,
      ),
    });
  });

  test("the first signal is answered with the call that is waited for", async () => {
    const folder = folderWith(3);
    const ready = join(folder, "ready");
    const program = withFunction(`
      import { writeFileSync } from "node:fs";
      export const handler = async () => {
        const told = new Promise((settle) => process.once("SIGUSR2", settle));
        // A listener of a signal alone keeps no process alive.
        const alive = setInterval(() => {}, 1000);
        writeFileSync(${JSON.stringify(ready)}, String(process.pid));
        await told;
        clearInterval(alive);
      };`);
    const child = startCli(await queueHere(), { cwd: folder, program });
    const ending = endOf(child);
    while (child.exitCode === null && (statSync(ready, { throwIfNoEntry: false })?.size ?? 0) === 0) await sleep(5);
    const answered = new Promise<void>((settle) => {
      child.stderr?.on("data", (text: string) => {
        if (text.includes("stopping")) settle();
      });
    });
    child.kill("SIGINT");
    await answered;
    process.kill(Number(readFileSync(ready, "utf8")), "SIGUSR2");
    expect(await ending).toMatchObject({
      exit: 3,
      stderr: expect.stringContaining(
        "stopping; waiting for the function call of chunk-000000; Ctrl-C again ends it at once\n",
      ),
    });
  });
});

test("records that were cut off since are delivered anew", async () => {
  const folder = folderWith(3000);
  const args = ["--input", "orders.csv", "--chunk-size", "1000"];
  await run(folder, ...args);
  const records = join(folder, "gen-batch-run", "orders.csv", "records");
  writeFileSync(join(records, "chunk-000000.jsonl"), "");
  writeFileSync(join(records, "chunk-000001.jsonl"), readFileSync(join(records, "chunk-000001.jsonl")).subarray(0, 99));
  const ended = await run(folder, ...args);
  expect(ended).toMatchObject({
    exit: 0,
    stdout: expect.stringContaining("3,000 delivered to file with 1 of 3 chunks"),
  });
  expect(ended.stderr).toMatch(/chunk-000001 is delivered again: .* has 99 bytes/);
  expectEachOnce(idsIn(folder), 3000);
  expect((await run(folder, ...args)).stdout).toContain("3,000 delivered to file before, nothing sent this time");
});

test("an input that has changed and is refused leaves nothing of the former one", async () => {
  const folder = folderWith(10);
  await run(folder, "--input", "orders.csv");
  expect(idsIn(folder)).toHaveLength(10);
  writeFileSync(join(folder, "orders.csv"), "id,customer\n1,a,too,many\n");
  const args = ["--input", "orders.csv", "--json"];
  expect(await run(folder, ...args)).toMatchObject({ exit: 1 });
  expect(idsIn(folder)).toEqual([]);
  // And once more: what a refused validation has left is of this run.
  expect(await run(folder, ...args)).toMatchObject({ exit: 1, stderr: expect.stringContaining("was refused") });
});

test.runIf(existsSync("/dev/full"))("a full disk behind the standard output is named in one line", () => {
  const full = openSync("/dev/full", "w");
  const { status, stderr } = spawnSync(process.execPath, [installed.program, "run", "--input", sample, "--dry-run"], {
    stdio: ["ignore", full, "pipe"],
    encoding: "utf8",
  });
  closeSync(full);
  expect(stderr).toMatch(/cannot write to stdout \(ENOSPC\)/);
  expect(stderr).not.toMatch(/ at /);
  expect(status).toBe(3);
});
