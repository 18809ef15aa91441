import { describe, expect, test } from "vitest";
import exitCodes from "../../../schemas/worker-exit-codes.json" with { type: "json" };
import { resolveModel } from "../../../src/config/resolveModel.ts";
import type { EventRule, EventRules } from "../../../src/derived/types.ts";
import { validators } from "../../../src/derived/validators.js";
import { render } from "../../../src/render/render.ts";
import { configSource } from "../configSource.ts";

const queue = "${BATCH_PROCESSING_QUEUE_ARN}";

function rulesOf(config: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, EventRule>> {
  return resolveModel(configSource(config)).documents["event-rules"] as Record<string, EventRule>;
}

/** A job of AWS Batch in the form of its EventBridge event; only what patterns can match. */
function jobEvent(status: string, { exitCode, jobQueue = queue }: { exitCode?: number; jobQueue?: string } = {}) {
  return {
    source: "aws.batch",
    "detail-type": "Batch Job State Change",
    detail: { jobQueue, status, container: { exitCode } },
  };
}

const blocked = {
  source: "aws.batch",
  "detail-type": "Batch Job Queue Blocked",
  detail: { jobQueue: queue, status: "RUNNABLE" },
};

/** As EventBridge matches: every key of the pattern is there, and its value is in the pattern's list. */
function matches(pattern: unknown, event: unknown): boolean {
  if (Array.isArray(pattern)) return pattern.includes(event);
  return Object.entries(pattern as object).every(([key, part]) =>
    matches(part, (event as Record<string, unknown>)[key]),
  );
}

function caughtBy(event: unknown): readonly string[] {
  return Object.entries(rulesOf())
    .filter(([, rule]) => matches(rule.event_pattern, event))
    .map(([key]) => key);
}

test("the default rules are valid by their schema", () => {
  expect(validators["event-rules"](rulesOf() as EventRules)).toBe(true);
});

describe("of the events of the queue", () => {
  test.each([
    ["a failed job", jobEvent("FAILED", { exitCode: 70 }), ["failed-jobs"]],
    ["a job that never started", jobEvent("FAILED"), ["failed-jobs"]],
    ["a job that refused its data", jobEvent("FAILED", { exitCode: 65 }), ["failed-jobs", "rejected-files"]],
    ["a job that succeeded", jobEvent("SUCCEEDED", { exitCode: 0 }), ["succeeded-jobs"]],
    ["a job that runs", jobEvent("RUNNING"), []],
    ["a blocked queue", blocked, ["blocked-queue"]],
    ["a failed job of another queue", jobEvent("FAILED", { exitCode: 65, jobQueue: "another" }), []],
    ["another blocked queue", { ...blocked, detail: { jobQueue: "another" } }, []],
  ])("%s is caught by the rules for it and no others", (_, event, keys) => {
    expect(caughtBy(event)).toEqual(keys);
  });
});

test("the exit code of refused data is that of the workers", () => {
  const code = exitCodes.codes.find(({ name }) => name === "data-refused")?.code;
  expect(rulesOf()["rejected-files"]?.event_pattern.detail?.container?.exitCode).toEqual([code]);
});

test("a failed job is notified once, and one that succeeded not at all", () => {
  const notified = Object.entries(rulesOf()).filter(([, { notify }]) => notify !== false);
  expect(notified.map(([key]) => key)).toEqual(["failed-jobs", "blocked-queue"]);
});

test("a late prefix stays a placeholder in every name", () => {
  for (const { name } of Object.values(rulesOf({ late_prefix: true }))) expect(name).toMatch(/^\$\{PREFIX\}-batch-/);
});

test("the module makes the pattern from the keys that the schema has", () => {
  const files = render(resolveModel(configSource()));
  const module = files.find(({ path }) => path === "terraform-aws-batch/monitoring/event-rules.tf")?.text ?? "";
  for (const key of [
    "source",
    "detail-type",
    "resources",
    "jobQueue",
    "jobDefinition",
    "stateMachineArn",
    "exitCode",
  ]) {
    expect(module).toMatch(new RegExp(`\\b${key}\\s+= each\\.value\\.event_pattern\\.[A-Za-z.]*${key}\\n`));
  }
});
