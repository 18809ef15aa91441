import { expect, onTestFinished, test, vi } from "vitest";
import workerExitCodes from "../../../schemas/worker-exit-codes.json" with { type: "json" };
import { loadDefinitions } from "../../../src/commands/runModule.ts";
import { readJobDefinition } from "../../../src/run/jobs/jobDefinition.ts";
import { type AttemptsRequest, decidesToRetry, runAttempts } from "../../../src/run/jobs/runAttempts.ts";
import type { StartProcess } from "../../../src/run/jobs/startProcess.ts";
import { Stop, Stopped } from "../../../src/run/jobs/stop.ts";

const request = (more: Partial<AttemptsRequest> = {}): AttemptsRequest => ({
  command: ["node"],
  environment: {},
  stdout: "lines",
  stderr: "lines",
  timeoutSeconds: undefined,
  heedsSignals: true,
  onProcess: () => {},
  onLine: () => {},
  decidesToRetry: (attempt) => attempt < 3,
  ...more,
});

/** Processes that end with these codes, one after another; "waits" until it gets a signal, and then ends with 75. */
function processes(codes: readonly (number | "waits")[]) {
  const signals: string[] = [];
  const attempts: (string | undefined)[] = [];
  const start: StartProcess = ({ environment }, onLine) => {
    attempts.push(environment.AWS_BATCH_JOB_ATTEMPT);
    const code = codes[attempts.length - 1] ?? 0;
    let end: (code: number) => void = () => {};
    const ended = new Promise<number>((settle) => {
      end = settle;
    });
    if (code !== "waits") {
      onLine(`{"event":"failed","message":"number ${attempts.length}","hint":"h"}`);
      end(code);
    }
    const kill = (signal: string) => {
      signals.push(signal);
      end(75);
    };
    return { pid: 7, ended, kill };
  };
  return { start, signals, attempts };
}

test("an attempt follows another as long as the rules say so, and has its number", async () => {
  const { start, attempts } = processes([75, 75, 0]);
  const results = await runAttempts(request(), start, new Stop());
  expect(results.map(({ exitCode, message }) => [exitCode, message])).toEqual([
    [75, "number 1"],
    [75, "number 2"],
    [0, "number 3"],
  ]);
  expect(attempts).toEqual(["1", "2", "3"]);
});

test("the last attempt counts", async () => {
  const results = await runAttempts(request(), processes([75, 75, 75, 0]).start, new Stop());
  expect(results).toHaveLength(3);
  expect(results.at(-1)).toMatchObject({ exitCode: 75, hint: "h" });
});

test("a signal is passed on, and no attempt follows", async () => {
  const { start, signals, attempts } = processes(["waits", 0]);
  const stop = new Stop();
  const running = runAttempts(request(), start, stop);
  stop.receive("SIGINT");
  await expect(running).rejects.toThrow(Stopped);
  expect(signals).toEqual(["SIGINT"]);
  expect(attempts).toEqual(["1"]);
});

test("a function is let end at the first signal, and ended by the second", async () => {
  const { start, signals } = processes(["waits"]);
  const stop = new Stop();
  const running = runAttempts(request({ heedsSignals: false }), start, stop);
  stop.receive("SIGTERM");
  expect(signals).toEqual([]);
  stop.receive("SIGTERM");
  await expect(running).rejects.toThrow(Stopped);
  expect(signals).toEqual(["SIGKILL"]);
});

test("an attempt that takes too long is ended, and is the last", async () => {
  const { start, signals, attempts } = processes(["waits", 0]);
  const results = await runAttempts(request({ timeoutSeconds: 0.01 }), start, new Stop());
  expect(results).toMatchObject([{ exitCode: 75, hasTimedOut: true }]);
  expect([signals, attempts]).toEqual([["SIGTERM"], ["1"]]);
});

test("waiting ends when the run is stopped", async () => {
  const stop = new Stop();
  const waiting = stop.wait(1000);
  stop.receive("SIGTERM");
  await expect(waiting).rejects.toThrow("stopped by SIGTERM");
});

test("an attempt has its seconds, and 30 more after the signal to end", async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const signals: string[] = [];
  const start: StartProcess = () => {
    let end: (code: number) => void = () => {};
    const ended = new Promise<number>((settle) => {
      end = settle;
    });
    const kill = (signal: string) => {
      signals.push(signal);
      if (signal === "SIGKILL") end(137);
    };
    return { pid: 7, ended, kill };
  };
  const running = runAttempts(request({ timeoutSeconds: 60 }), start, new Stop());
  await vi.advanceTimersByTimeAsync(59_999);
  expect(signals).toEqual([]);
  await vi.advanceTimersByTimeAsync(30_000);
  expect(signals).toEqual(["SIGTERM"]);
  await vi.advanceTimersByTimeAsync(1);
  expect(signals).toEqual(["SIGTERM", "SIGKILL"]);
  expect(await running).toMatchObject([{ exitCode: 137, hasTimedOut: true }]);
});

test("each attempt that another one follows is reported", async () => {
  const told: unknown[] = [];
  const onRetry: AttemptsRequest["onRetry"] = (attempt, { message }) => told.push([attempt, message]);
  await runAttempts(request({ onRetry }), processes([75, 75, 75]).start, new Stop());
  expect(told).toEqual([
    [1, "number 1"],
    [2, "number 2"],
  ]);
});

test("the error of a function that says in one text what its log has said in two adds nothing", async () => {
  const start: StartProcess = (_, onLine) => {
    onLine('{"event":"failed","message":"no credentials","hint":"Give the job a job role."}');
    onLine('{"event":"failed","message":"no credentials (Give the job a job role.)"}');
    return { pid: 7, ended: Promise.resolve(77), kill: () => {} };
  };
  const results = await runAttempts(request({ decidesToRetry: () => false }), start, new Stop());
  expect(results).toMatchObject([{ message: "no credentials", hint: "Give the job a job role." }]);
});

const definition = (rules: readonly object[], attempts = 3) =>
  readJobDefinition({ name: "job", retry_strategy: { attempts, evaluate_on_exit: rules } });
const ended = (exitCode: number, more: object = {}) => ({ exitCode, reason: "", statusReason: "Essential", ...more });

test("the generated rules try again what the workers' table says, and nothing else, two times", async () => {
  const { processing } = await loadDefinitions({ prefix: "gss-dev" }, {});
  expect(processing.attempts).toBe(3);
  for (const { code, retry } of workerExitCodes.codes) {
    expect([code, decidesToRetry(processing, 1, ended(code))]).toEqual([code, retry]);
    expect(decidesToRetry(processing, 3, ended(code))).toBe(false);
  }
  // Killed.
  expect(decidesToRetry(processing, 1, ended(137))).toBe(false);
});

test("the first rule that fits decides, and all of its conditions have to fit", () => {
  const rules = [
    { action: "EXIT", on_exit_code: "75", on_reason: "Out*" },
    { action: "retry", on_exit_code: "7*" },
    { action: "EXIT", on_reason: "*" },
  ];
  expect(decidesToRetry(definition(rules), 1, ended(75))).toBe(true);
  expect(decidesToRetry(definition(rules), 1, ended(75, { reason: "OutOfMemoryError" }))).toBe(false);
  expect(decidesToRetry(definition(rules), 1, ended(1))).toBe(false);
});

test("without a matching rule, or any rule, it is retried while there are attempts", () => {
  expect(decidesToRetry(definition([{ action: "EXIT", on_exit_code: "65" }]), 1, ended(1))).toBe(true);
  expect(decidesToRetry(definition([]), 2, ended(1))).toBe(true);
  expect(decidesToRetry(definition([]), 3, ended(1))).toBe(false);
  expect(decidesToRetry(definition([]), 1, ended(0))).toBe(false);
});
