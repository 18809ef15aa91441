import { expression, graph, hidden, type Widget } from "./dashboardWidgets.ts";
import type { Monitored } from "./monitored.ts";

/**
 * The prices that the dashboard uses: list prices in us-east-1, US dollars, x86, without savings plans and free tier, as of
 * 2026-11-23. Another region or family changes these numbers and nothing else.
 */
const prices = {
  asOf: "2026-11-23",
  region: "us-east-1",
  /** A vCPU of a c5 for an hour: a c5.4xlarge has 16 and costs 0.68 on demand. */
  vcpuHourOnDemand: 0.0425,
  /** The same on Spot, 70 % less: the assumption in the sizing of this module. Real Spot prices vary by zone and hour. */
  vcpuHourSpot: 0.01275,
  /** A GiB of the function's memory for a second. */
  lambdaGibSecond: 0.0000166667,
  lambdaRequest: 0.0000002,
} as const;

/**
 * The compute cost of delivered records, from the durations that the workers report. A job is billed for the
 * vCPUs that its definition requests, used or not; the cost of instances that start, idle or have room left is not included.
 */
export function costWidgets({ validator, processor, function: fn }: Monitored): readonly Widget[] {
  const metrics = [
    hidden("v", [validator.namespace, "Duration", "Worker", "batch_validator"]),
    hidden("p", [processor.namespace, "Duration", "Worker", "batch_processor"]),
    hidden("l", ["AWS/Lambda", "Duration", "FunctionName", "${RECORD_PROCESSOR_FUNCTION_NAME}"]),
    hidden("n", ["AWS/Lambda", "Invocations", "FunctionName", "${RECORD_PROCESSOR_FUNCTION_NAME}"]),
    // Both routes run the same processor and write the same metric: the duration of the function is subtracted.
    [{ id: "b", expression: "FILL(p, 0) - FILL(l, 0)", visible: false }],
    [
      {
        id: "h",
        expression: `(FILL(v, 0) * ${validator.vcpus} + IF(b > 0, b, 0) * ${processor.vcpus}) / ${msPerHour}`,
        visible: false,
      },
    ],
  ];
  const ofFunction = `FILL(l, 0) / 1000 * ${fn.memoryMib / 1024} * ${plain(prices.lambdaGibSecond)} + FILL(n, 0) * ${plain(prices.lambdaRequest)}`;
  const spot = `(h * ${prices.vcpuHourSpot} + f)`;
  const onDemand = `(h * ${prices.vcpuHourOnDemand} + f)`;
  const basis = `${prices.region}, ${prices.asOf}`;
  return [
    graph({
      title: `US dollars per million records delivered, by day (c5 list prices, ${basis})`,
      period: secondsPerDay,
      label: "US dollars",
      width: 12,
      metrics: [
        ...metrics,
        [{ id: "f", expression: ofFunction, visible: false }],
        hidden("d", [processor.namespace, "Delivered", "Worker", "batch_processor"]),
        expression("on demand: vCPU-hours of all jobs x price, and the function", `1000000 * ${onDemand} / d`),
        expression("Spot, at 30 % of that price", `1000000 * ${spot} / d`),
      ],
    }),
    graph({
      title: `US dollars by hour (c5 list prices, ${basis}; without idle instances)`,
      period: 3600,
      label: "US dollars",
      width: 12,
      metrics: [
        ...metrics,
        expression("jobs, on demand", `h * ${prices.vcpuHourOnDemand}`),
        expression("jobs, Spot", `h * ${prices.vcpuHourSpot}`),
        expression("function: GiB-seconds and requests", ofFunction),
      ],
    }),
  ];
}

const msPerHour = 3_600_000;
const secondsPerDay = 86_400;

/** Metric math has no exponent notation: 2e-7 is 0.0000002. */
function plain(number: number): string {
  return number.toFixed(10).replace(/0+$/, "");
}
