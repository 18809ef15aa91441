import type { Config } from "../../derived/types.ts";
import { awsPartitionOf } from "../../model/awsPartition.ts";
import { valueAt } from "../../shared/pointer.ts";
import type { Data, Documents } from "../making.ts";
import { deadLetterQueue } from "./alarms.ts";
import { costWidgets } from "./dashboardCost.ts";
import { expression, graph, hidden, inRows, type MetricRow, type Widget } from "./dashboardWidgets.ts";
import { lastErrors, records, retries, speed } from "./dashboardWorkers.ts";
import type { Monitored } from "./monitored.ts";

/** From the state to its causes: alarms, executions and jobs, records, speed, utilization, cost, the latest errors. */
export function defaultDashboard(config: Config, batch: Documents<"batch">, parts: Monitored, alarms: Data): Data {
  return {
    start: "-P1D",
    periodOverride: "inherit",
    widgets: inRows([
      [alarmList(config, alarms)],
      [executions, executionRate],
      jobs(parts),
      records(parts),
      speed(parts),
      clusters(batch),
      [functionCalls, functionConcurrency, functionDuration(parts)],
      [queues(config), retries(parts)],
      costWidgets(parts),
      lastErrors(parts),
    ]),
  };
}

function alarmList(config: Config, alarms: Data): Widget {
  const names = Object.values(alarms)
    .map((alarm) => valueAt(alarm, "/name"))
    .filter((name) => typeof name === "string");
  return {
    type: "alarm",
    width: 24,
    height: 4,
    properties: {
      title: "Alarms",
      alarms: names.map(
        (name) => `arn:${awsPartitionOf(config.aws_region)}:cloudwatch:\${AWS_REGION}:\${AWS_ACCOUNT_ID}:alarm:${name}`,
      ),
    },
  };
}

const execution = (metric: string): MetricRow => ["AWS/States", metric, "StateMachineArn", "${STATE_MACHINE_ARN}"];

const executions = graph({
  title: "Executions (one per file)",
  width: 12,
  metrics: [
    [...execution("ExecutionsStarted"), { label: "started" }],
    [...execution("ExecutionsSucceeded"), { label: "succeeded" }],
    [...execution("ExecutionsFailed"), { label: "failed, including rejected files" }],
    [...execution("ExecutionsTimedOut"), { label: "timed out" }],
    [...execution("ExecutionsAborted"), { label: "aborted" }],
  ],
});

const executionRate = graph({
  title: "Executions that succeeded, share of all that ended, by hour",
  period: 3600,
  label: "%",
  max: 100,
  width: 12,
  metrics: [
    hidden("s", execution("ExecutionsSucceeded")),
    hidden("f", execution("ExecutionsFailed")),
    hidden("t", execution("ExecutionsTimedOut")),
    hidden("a", execution("ExecutionsAborted")),
    expression(
      "succeeded / (succeeded + failed + timed out + aborted)",
      "100 * FILL(s, 0) / (FILL(s, 0) + FILL(f, 0) + FILL(t, 0) + FILL(a, 0))",
    ),
  ],
});

/** Jobs as the event rules count them, because AWS Batch has no metrics. */
function jobs({ rules }: Monitored): readonly Widget[] {
  const rule = (key: string): readonly MetricRow[] => {
    const name = rules[key];
    return name === undefined ? [] : [["AWS/Events", "TriggeredRules", "RuleName", name]];
  };
  const counted = Object.entries({
    "succeeded-jobs": "succeeded",
    "failed-jobs": "failed after the last attempt",
    "rejected-files": "of these, data rejected",
    "blocked-queue": "queue blocked",
  }).flatMap(([key, label]) => rule(key).map((metric) => [...metric, { label }]));
  const rate = [
    ...rule("succeeded-jobs").map((metric) => hidden("s", metric)),
    ...rule("failed-jobs").map((metric) => hidden("f", metric)),
  ];
  return [
    ...(counted.length === 0
      ? []
      : [graph({ title: "Jobs that ended (counted by event rules)", width: 12, metrics: counted })]),
    ...(rate.length < 2
      ? []
      : [
          graph({
            title: "Jobs that succeeded, share of all that ended, by hour",
            period: 3600,
            label: "%",
            max: 100,
            width: 12,
            metrics: [
              ...rate,
              expression("succeeded / (succeeded + failed)", "100 * FILL(s, 0) / (FILL(s, 0) + FILL(f, 0))"),
            ],
          }),
        ]),
  ];
}

/** AWS Batch runs jobs in an ECS cluster for each environment; ECS reports the utilization of its instances. */
function clusters(batch: Documents<"batch">): readonly Widget[] {
  const hasFallback = valueAt(batch["compute-environment"], "/fallback") !== undefined;
  const names = {
    "first environment": "${ECS_CLUSTER_NAME}",
    ...(hasFallback && { fallback: "${ECS_CLUSTER_FALLBACK_NAME}" }),
  };
  const of = (metric: string): readonly MetricRow[] =>
    Object.entries(names).map(([label, cluster]) => ["AWS/ECS", metric, "ClusterName", cluster, { label }]);
  const shares = [
    ["vCPUs reserved by jobs, share of all instances", "CPUReservation"],
    ["Memory reserved by jobs, share of all instances", "MemoryReservation"],
    ["vCPUs in use, share of all instances", "CPUUtilization"],
  ] as const;
  return shares.map(([title, metric]) => graph({ title, stat: "Average", label: "%", max: 100, metrics: of(metric) }));
}

const ofFunction = (metric: string): MetricRow => [
  "AWS/Lambda",
  metric,
  "FunctionName",
  "${RECORD_PROCESSOR_FUNCTION_NAME}",
];

const functionCalls = graph({
  title: "Function: calls",
  metrics: [
    [...ofFunction("Invocations"), { label: "calls (one per small chunk)" }],
    [...ofFunction("Errors"), { label: "errors" }],
    [...ofFunction("Throttles"), { label: "throttled" }],
  ],
});

const functionConcurrency = graph({
  title: "Function: concurrent calls",
  stat: "Maximum",
  period: 60,
  metrics: [[...ofFunction("ConcurrentExecutions"), { label: "concurrent" }]],
});

function functionDuration({ function: { timeoutSeconds } }: Monitored): Widget {
  return graph({
    title: "Function: duration",
    label: "seconds",
    marks: [{ label: "timeout", value: timeoutSeconds }],
    metrics: [
      hidden("a", ofFunction("Duration"), { stat: "Average" }),
      hidden("c", ofFunction("Duration"), { stat: "Maximum" }),
      expression("average", "a / 1000"),
      expression("maximum", "c / 1000"),
    ],
  });
}

function queues({ record_destination, sqs_dead_letter_queue }: Config): Widget {
  const waiting = (queue: string, label: string): MetricRow => [
    "AWS/SQS",
    "ApproximateNumberOfMessagesVisible",
    "QueueName",
    queue,
    { label },
  ];
  return graph({
    title: "Messages waiting",
    stat: "Maximum",
    width: 12,
    metrics: [
      ...(record_destination === "sqs_core" ? [waiting("${SQS_CORE_QUEUE_NAME}", "delivered, not read yet")] : []),
      ...(sqs_dead_letter_queue === undefined ? [] : [waiting(sqs_dead_letter_queue, "not processed by consumers")]),
      waiting(deadLetterQueue, "events that could not be delivered"),
    ],
  });
}
