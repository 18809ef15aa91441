import { describe, expect, test } from "vitest";
import { resolveModel } from "../../../src/config/resolveModel.ts";
import type { Alarm, Alarms } from "../../../src/derived/types.ts";
import { validators } from "../../../src/derived/validators.js";
import { configSource } from "../configSource.ts";
import { awsMetrics } from "./awsMetrics.ts";
import { emittedMetrics } from "./emittedMetrics.ts";

type Data = Readonly<Record<string, unknown>>;

function alarmsOf(config: Data = {}): Readonly<Record<string, Alarm>> {
  return resolveModel(configSource(config)).documents.alarms as Record<string, Alarm>;
}

const everything = { sqs_dead_letter_queue: "gss-dev-core-dead-letter", record_destination: "sqs_core" };

test("the default alarms are valid by their schema", () => {
  expect(validators.alarms(alarmsOf(everything) as Alarms)).toBe(true);
});

test("every way to lose, refuse or delay work has an alarm", () => {
  expect(Object.keys(alarmsOf(everything))).toEqual([
    "failed-jobs",
    "rejected-files",
    "blocked-queue",
    "failed-executions",
    "timed-out-executions",
    "refused-records",
    "function-errors",
    "function-throttles",
    "function-near-timeout",
    "undelivered-events",
    "dead-letters",
  ]);
});

test("each watches a metric that exists, with exactly the dimensions that it has", () => {
  const known: typeof awsMetrics = { ...awsMetrics, "gss-dev-batch": emittedMetrics() };
  for (const { namespace = "", metric_name = "", dimensions = {} } of Object.values(alarmsOf(everything))) {
    expect(known[namespace]?.[metric_name], `${namespace} ${metric_name}`).toEqual(Object.keys(dimensions));
  }
});

test("each says what to do in no more than CloudWatch keeps, and counts silence as health", () => {
  for (const { name, description = "", treat_missing_data } of Object.values(alarmsOf(everything))) {
    expect(name.length).toBeLessThan(256);
    expect(description.length).toBeGreaterThan(40);
    expect(description.length).toBeLessThan(1024);
    expect(treat_missing_data).toBe("notBreaching");
  }
});

describe("an alarm follows what it watches:", () => {
  test("a renamed event rule", () => {
    const alarms = alarmsOf({ event_rules: { "failed-jobs": { name: "my-failures" } } });
    expect(alarms["failed-jobs"]?.dimensions).toEqual({ RuleName: "my-failures" });
  });

  test("a rule that the config removes has no alarm", () => {
    expect(alarmsOf({ event_rules: { "rejected-files": null } })).not.toHaveProperty("rejected-files");
  });

  test("the function's time limit, in milliseconds as Lambda counts", () => {
    expect(alarmsOf({ lambda_function: { timeout: 60 } })["function-near-timeout"]?.threshold).toBe(54_000);
  });

  test("the default timeout of Lambda for a function without one", () => {
    expect(alarmsOf({ lambda_function: { timeout: null } })["function-near-timeout"]?.threshold).toBe(2700);
  });

  test("the namespace of the processor's settings", () => {
    const environment = [{ name: "METRICS_NAMESPACE", value: "elsewhere" }];
    const alarms = alarmsOf({ batch_processing_job: { container_properties: { environment } } });
    expect(alarms["refused-records"]?.namespace).toBe("elsewhere");
  });

  test("the dead-letter queue that the config names, if it names one", () => {
    expect(alarmsOf()).not.toHaveProperty("dead-letters");
    expect(alarmsOf(everything)["dead-letters"]?.dimensions).toEqual({ QueueName: "gss-dev-core-dead-letter" });
  });
});

test("an override changes one alarm and leaves the others", () => {
  const alarms = alarmsOf({ alarms: { "function-errors": { threshold: 5 }, "function-throttles": null } });
  expect(alarms["function-errors"]).toMatchObject({ threshold: 5, metric_name: "Errors" });
  expect(alarms).not.toHaveProperty("function-throttles");
  expect(Object.keys(alarms)).toHaveLength(9);
});
