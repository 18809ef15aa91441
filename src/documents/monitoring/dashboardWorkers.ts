import { expression, graph, hidden, type MetricRow, type Widget } from "./dashboardWidgets.ts";
import type { Monitored } from "./monitored.ts";

const validatorMetric = ({ validator }: Monitored, metric: string): MetricRow => [
  validator.namespace,
  metric,
  "Worker",
  "batch_validator",
];
const processorMetric = ({ processor }: Monitored, metric: string): MetricRow => [
  processor.namespace,
  metric,
  "Worker",
  "batch_processor",
];

/** What the workers report about their records. */
export function records(parts: Monitored): readonly Widget[] {
  return [
    graph({
      title: "Records",
      metrics: [
        [...validatorMetric(parts, "Records"), { label: "validated" }],
        [...processorMetric(parts, "Delivered"), { label: "delivered, both routes" }],
        [...processorMetric(parts, "Skipped"), { label: "delivered by an earlier attempt" }],
      ],
    }),
    graph({
      title: "Records not delivered",
      metrics: [
        [...validatorMetric(parts, "Rejected"), { label: "rejected by the validator" }],
        [...processorMetric(parts, "Refused"), { label: "rejected by the destination" }],
      ],
    }),
    graph({
      title: "Records rejected, share of all validated, by hour",
      period: 3600,
      label: "%",
      metrics: [
        hidden("r", validatorMetric(parts, "Rejected")),
        hidden("a", validatorMetric(parts, "Records")),
        expression("rejected / validated", "100 * r / a"),
      ],
    }),
  ];
}

export function speed(parts: Monitored): readonly Widget[] {
  const seconds = (id: string, label: string) => expression(label, `${id} / 1000`);
  return [
    graph({
      title: "Time per chunk, both routes",
      label: "seconds",
      metrics: [
        hidden("a", processorMetric(parts, "Duration"), { stat: "Average" }),
        hidden("b", processorMetric(parts, "Duration"), { stat: "p90" }),
        hidden("c", processorMetric(parts, "Duration"), { stat: "Maximum" }),
        seconds("a", "average"),
        seconds("b", "90th percentile"),
        seconds("c", "maximum"),
      ],
    }),
    graph({
      title: "Time per file in the validator",
      label: "seconds",
      metrics: [
        hidden("a", validatorMetric(parts, "Duration"), { stat: "Average" }),
        hidden("c", validatorMetric(parts, "Duration"), { stat: "Maximum" }),
        seconds("a", "average"),
        seconds("c", "maximum"),
      ],
    }),
    graph({
      title: "Records per second of one worker",
      stat: "Average",
      label: "records per second",
      metrics: [
        [...processorMetric(parts, "RecordsPerSecond"), { label: "processor" }],
        hidden("r", validatorMetric(parts, "Records"), { stat: "Sum" }),
        hidden("d", validatorMetric(parts, "Duration"), { stat: "Sum" }),
        expression("validator: records / time", "1000 * r / d"),
      ],
    }),
  ];
}

export function retries(parts: Monitored): Widget {
  return graph({
    title: "Sends to the destination that were retried",
    width: 12,
    metrics: [[...processorMetric(parts, "Retries"), { label: "retried" }]],
  });
}

export function lastErrors({ validator, processor }: Monitored): readonly Widget[] {
  const groups = [validator.logGroup, processor.logGroup].filter((group) => group !== undefined);
  if (groups.length === 0) return [];
  const sources = groups.map((group) => `SOURCE '${group}' | `).join("");
  return [
    {
      type: "log",
      width: 24,
      height: 6,
      properties: {
        title: "Latest errors of the jobs",
        region: "${AWS_REGION}",
        query: `${sources}fields @timestamp, event, message, @logStream | filter level = "error" | sort @timestamp desc | limit 50`,
        view: "table",
      },
    },
  ];
}
