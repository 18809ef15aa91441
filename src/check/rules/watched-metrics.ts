import { defineRule, type Finding, type Subject } from "../../model/rule.ts";
import { workers } from "../../shared/contract.ts";
import { nearest } from "../../shared/nearest.ts";
import { awsMetrics, awsNamespaces } from "../facts/metrics.ts";
import { isSample } from "../rules-support/samples.ts";
import { functionSetting, jobSetting, type PlacedSetting } from "../rules-support/settingsOf.ts";
import { type WatchedMetric, watchedMetrics } from "../rules-support/watched.ts";

const alarm = (namespace: string, dimensions: Readonly<Record<string, string>>, metric_name = "Errors") => ({
  documents: {
    "alarms.json": {
      example: {
        name: "gss-dev-example",
        namespace,
        metric_name,
        dimensions,
        statistic: "Sum",
        period: 300,
        evaluation_periods: 1,
        threshold: 0,
        comparison_operator: "GreaterThanThreshold",
        treat_missing_data: "notBreaching",
      },
    },
  },
});
const widget = (...metrics: readonly unknown[]) => ({
  documents: {
    "dashboard.json": { widgets: [{ type: "metric", properties: { title: "Example", region: "us-east-1", metrics } }] },
  },
});

export const watchedMetricsExist = defineRule({
  id: "watched-metrics",
  severity: "error",
  summary:
    "What alarms and the dashboard watch exists: rules, function, state machine, and the namespaces of the workers.",
  why:
    "CloudWatch accepts an alarm on any name. When nothing has that name there is never any data, which for " +
    "an alarm that treats missing data as good looks exactly like a day without failures.",
  source: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html",
  examples: {
    good: [
      {
        shows: "the function of the module",
        ...alarm("AWS/Lambda", { FunctionName: "${RECORD_PROCESSOR_FUNCTION_NAME}" }),
      },
      {
        shows: "an event rule of the module",
        ...alarm("AWS/Events", { RuleName: "gss-dev-batch-failed-jobs" }, "TriggeredRules"),
      },
      {
        shows: "numbers that the workers write",
        ...widget(["gss-dev-batch", "Records", "Worker", "batch_processor"], [".", "Bytes", ".", "."]),
      },
    ],
    bad: [
      {
        shows: "an event rule that does not exist",
        ...alarm("AWS/Events", { RuleName: "gss-dev-batch-failed-job" }, "TriggeredRules"),
      },
      { shows: "another function", ...alarm("AWS/Lambda", { FunctionName: "gss-dev-record-processor" }) },
      {
        shows: "another state machine",
        ...alarm(
          "AWS/States",
          { StateMachineArn: "arn:aws:states:us-east-1:123456789012:stateMachine:gss-dev-pipe" },
          "ExecutionsFailed",
        ),
      },
      { shows: "a namespace that no worker writes to", ...widget(["gss-dev", "Records", "Worker", "batch_processor"]) },
      {
        shows: "a misspelt namespace of AWS",
        ...alarm("AWS/State", { StateMachineArn: "${STATE_MACHINE_ARN}" }, "ExecutionsFailed"),
      },
      {
        shows: "a misspelt metric",
        ...alarm("AWS/States", { StateMachineArn: "${STATE_MACHINE_ARN}" }, "ExecutionFailed"),
      },
      {
        shows: "a misspelt metric in the dashboard",
        ...widget(["AWS/Lambda", "Throttle", "FunctionName", "${RECORD_PROCESSOR_FUNCTION_NAME}"]),
      },
      {
        shows: "AWS Batch, which writes no metrics of its own",
        ...alarm("AWS/Batch", { JobQueue: "gss-dev-batch-queue" }, "FailedJobs"),
      },
      { shows: "a worker that does not exist", ...alarm("gss-dev-batch", { Worker: "batch_procesor" }) },
    ],
  },
  *check(subject) {
    for (const metric of watchedMetrics(subject)) {
      yield* namespaceFinding(metric, subject);
      yield* awsFindings(metric);
      for (const dimension of metric.dimensions) {
        const names = namesFor(dimension.name, metric.namespace.text, subject);
        if (names === undefined || isKnown(metric, dimension, names)) continue;
        const close = nearest(dimension.text, names);
        yield {
          document: metric.document,
          pointer: dimension.pointer,
          found: dimension.text,
          expected: names.length === 0 ? "something that exists" : `one of those that exist: ${names.join(", ")}`,
          hint: close ? `did you mean ${close}?` : "name one of them, or remove the alarm or widget",
        };
      }
    }
  },
});

/** A namespace of AWS that does not exist, or a metric that it does not have. */
function* awsFindings({ document, namespace, metric }: WatchedMetric): Iterable<Finding> {
  const { text: found, pointer } = namespace;
  if (!/^AWS\//i.test(found) || isSample(document, pointer)) return;
  const metrics = Object.hasOwn(awsMetrics, found) ? awsMetrics[found] : undefined;
  if (metrics === undefined) {
    const close = awsNamespaces.includes(found) ? undefined : nearest(found, awsNamespaces);
    if (close === undefined) return;
    const expected = "a namespace of an AWS service";
    // The list of the others is not complete.
    const severity = Object.hasOwn(awsMetrics, close) ? "error" : "warning";
    yield { document, pointer, found, expected, hint: `did you mean ${close}?`, severity };
    return;
  }
  if (metrics.length === 0) {
    const hint = "watch its events instead: an event rule, and TriggeredRules in AWS/Events";
    yield { document, pointer, found, expected: "a namespace with metrics, and this one has none", hint };
    return;
  }
  if (metric === undefined || metrics.includes(metric.text) || isSample(document, metric.pointer)) return;
  const close = nearest(metric.text, metrics);
  yield {
    document,
    pointer: metric.pointer,
    found: metric.text,
    expected: `the name of a metric in ${found}`,
    hint: close ? `did you mean ${close}?` : "the documentation of the service lists them",
    // AWS may have added one since.
    severity: close ? "error" : "warning",
  };
}

/** The names that a dimension can have in this module; undefined when they are not known. */
function namesFor(dimension: string, namespace: string, subject: Subject): readonly string[] | undefined {
  const { eventRules, lambdaFunctions, stateMachineSettings } = subject;
  if (namespace === "AWS/Events" && dimension === "RuleName" && eventRules.length > 0) {
    return eventRules.flatMap(({ value }) =>
      Object.values(value).flatMap((rule) => (typeof rule === "object" ? [rule.name] : [])),
    );
  }
  if (namespace === "AWS/Lambda" && dimension === "FunctionName" && lambdaFunctions.length > 0)
    return lambdaFunctions.map(({ value }) => value.name);
  if (namespace === "AWS/States" && dimension === "StateMachineArn" && stateMachineSettings.length > 0)
    return stateMachineSettings.map(({ value }) => value.name);
  if (dimension === "Worker" && !namespace.startsWith("AWS/")) return workers.map(({ name }) => name);
  return undefined;
}

type Dimension = WatchedMetric["dimensions"][number];

function isKnown({ document }: WatchedMetric, { pointer, text }: Dimension, names: readonly string[]): boolean {
  // A late prefix is on both sides; the values of other placeholders are not known.
  if (document.placeholders.some((use) => use.pointer === pointer && use.name !== "PREFIX")) return true;
  return names.includes(text.split(":").at(-1) ?? text);
}

function* namespaceFinding(
  { document, namespace: { pointer, text } }: WatchedMetric,
  subject: Subject,
): Iterable<Finding> {
  if (text.startsWith("AWS/") || text.startsWith("ECS/") || text === "CWAgent") return;
  const written = namespacesOf(subject);
  if (written.length === 0 || written.some(({ value }) => value === text)) return;
  // A name that Terragrunt completes and one that it does not may turn out equal.
  if (written.some(({ sampled }) => sampled !== isSample(document, pointer))) return;
  const names = [...new Set(written.map(({ value }) => value))];
  const close = nearest(text, names);
  yield {
    document,
    pointer,
    found: text,
    expected: `a namespace of AWS, or one that the workers write to: ${names.join(", ")}`,
    hint: close ? `did you mean ${close}?` : "it is set by METRICS_NAMESPACE of the jobs and of the function",
    severity: "warning",
  };
}

function namespacesOf({ jobDefinitions, lambdaFunctions }: Subject): readonly PlacedSetting[] {
  const jobs = jobDefinitions.map((document) => jobSetting(document, "METRICS_NAMESPACE"));
  const functions = lambdaFunctions.map((document) => functionSetting(document, "METRICS_NAMESPACE"));
  return [...jobs, ...functions].filter((setting) => setting !== undefined);
}
