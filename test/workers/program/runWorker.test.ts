import { type ChildProcess, spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";

const chunk = ["--chunk-id", "c", "--start-index", "0", "--end-index", "10", "--input", "file:///in.csv"];

function start(work: string, argv: readonly string[] = chunk, environment = {}): ChildProcess {
  const env = {
    PATH: process.env.PATH,
    WORK: work,
    RECORD_DESTINATION: "file",
    DESTINATION_FILE: "/out",
    ...environment,
  };
  return spawn(process.execPath, ["--import", "tsx", "test/workers/program/program.ts", ...argv], {
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
}

async function end(child: ChildProcess) {
  const exit = new Promise<number | null>((settle) => child.on("close", settle));
  const [stdout, stderr, code] = await Promise.all([text(child.stdout as never), text(child.stderr as never), exit]);
  return { code, stdout, stderr, lines: [stdout, stderr].map(linesOf) as [Line[], Line[]] };
}

type Line = Readonly<Record<string, unknown>>;

function linesOf(output: string): Line[] {
  return output
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line));
}

/** Resolves once the program has logged this event. */
function hears(child: ChildProcess, event: string): Promise<void> {
  return new Promise((settle) => {
    child.stdout?.on("data", (bytes) => {
      if (String(bytes).includes(`"event":"${event}"`)) settle();
    });
  });
}

test("done work ends with 0, even when something still holds the process", async () => {
  const batch = { AWS_BATCH_JOB_ID: "job-1", AWS_BATCH_JOB_ATTEMPT: "2" };
  const { code, lines } = await end(start("done", chunk, batch));
  expect(code).toBe(0);
  const [log] = lines;
  expect(log.map(({ event }) => event)).toEqual(["started", "sent", undefined, "ended"]);
  expect(log[1]).toMatchObject({ worker: "batch_processor", jobId: "job-1", attempt: 2, chunkId: "c", records: 3 });
  expect(log[2]).toMatchObject({ Records: 3, Worker: "batch_processor" });
});

test("wrong settings end with 64 and one line that lists them, before the flow is loaded", async () => {
  const { code, stdout, lines } = await end(start("done", ["--chunk-id", "c"], { RECORD_DESTINATION: "elsewhere" }));
  expect(code).toBe(64);
  expect(stdout).toBe("");
  expect(lines[1]).toHaveLength(1);
  expect(lines[1][0]).toMatchObject({ outcome: "usage", event: "failed", worker: "batch_processor" });
  expect(lines[1][0]?.problems).toHaveLength(4);
});

test("a fault ends with its exit code and says what to do", async () => {
  const { code, lines } = await end(start("fault"));
  expect(code).toBe(65);
  expect(lines[0].at(-1)).toMatchObject({ event: "failed", outcome: "data-refused", hint: "see the report" });
});

test.each(["bug", "late"])("an error that nobody foresaw ends with 70 and its stack: %s", async (work) => {
  const { code, lines } = await end(start(work));
  expect(code).toBe(70);
  expect(lines[0].at(-1)).toMatchObject({ outcome: "bug", stack: expect.stringContaining("program.ts") });
});

test.each(["SIGTERM", "SIGINT"] as const)("%s ends the work with 75, so that AWS Batch tries again", async (signal) => {
  const child = start("waits");
  const ending = end(child);
  await hears(child, "waiting");
  child.kill(signal);
  const { code, lines } = await ending;
  expect(code).toBe(75);
  expect(lines[0].at(-1)).toMatchObject({ event: "stopped", outcome: "try-again", message: `stopped by ${signal}` });
});

test("a second signal ends a worker that does not hear the first", async () => {
  const child = start("deaf");
  const ending = end(child);
  await hears(child, "waiting");
  const heard = hears(child, "heard");
  child.kill("SIGINT");
  await heard;
  child.kill("SIGINT");
  expect((await ending).code).toBe(75);
});

test("records on standard output have it to themselves", async () => {
  const { stdout, lines } = await end(start("records", chunk, { RECORD_DESTINATION: "stdout" }));
  expect(stdout).toBe('{"id":1}\n');
  expect(lines[1].map(({ event }) => event)).toEqual(["started", "ended"]);
});

test("help goes to standard output and is no fault", async () => {
  const { code, stdout, stderr } = await end(start("done", ["--help"], { RECORD_DESTINATION: "" }));
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout.startsWith("Situations\n")).toBe(true);
});
