import { expect, test } from "vitest";
import workerExitCodes from "../../../schemas/worker-exit-codes.json" with { type: "json" };
import { loadDefinitions } from "../../../src/commands/runModule.ts";
import { decidesToRetry } from "../../../src/run/jobs/decideRetry.ts";
import { readJobDefinition } from "../../../src/run/jobs/jobDefinition.ts";

const definition = (rules: readonly object[], attempts = 3) =>
  readJobDefinition({ name: "job", retry_strategy: { attempts, evaluate_on_exit: rules } });
const end = (exitCode: number, more: object = {}) => ({ exitCode, reason: "", statusReason: "Essential", ...more });

test("the generated rules try again what the workers' table says, and nothing else, two times", async () => {
  const { processing } = await loadDefinitions({ prefix: "gss-dev" }, {});
  expect(processing.attempts).toBe(3);
  for (const { code, retry } of workerExitCodes.codes) {
    expect([code, decidesToRetry(processing, 1, end(code))]).toEqual([code, retry]);
    expect(decidesToRetry(processing, 3, end(code))).toBe(false);
  }
  // Killed.
  expect(decidesToRetry(processing, 1, end(137))).toBe(false);
});

test("the first rule that fits decides, and all of its conditions have to fit", () => {
  const rules = [
    { action: "EXIT", on_exit_code: "75", on_reason: "Out*" },
    { action: "retry", on_exit_code: "7*" },
    { action: "EXIT", on_reason: "*" },
  ];
  expect(decidesToRetry(definition(rules), 1, end(75))).toBe(true);
  expect(decidesToRetry(definition(rules), 1, end(75, { reason: "OutOfMemoryError" }))).toBe(false);
  expect(decidesToRetry(definition(rules), 1, end(1))).toBe(false);
});

test("where no rule fits, and where there is none, it is tried again while there are attempts", () => {
  expect(decidesToRetry(definition([{ action: "EXIT", on_exit_code: "65" }]), 1, end(1))).toBe(true);
  expect(decidesToRetry(definition([]), 2, end(1))).toBe(true);
  expect(decidesToRetry(definition([]), 3, end(1))).toBe(false);
  expect(decidesToRetry(definition([]), 1, end(0))).toBe(false);
});
