import { describe, expect, test } from "vitest";
import { resolveModel } from "../../../src/config/resolveModel.ts";
import type { Dashboard, DashboardWidget } from "../../../src/derived/types.ts";
import { validators } from "../../../src/derived/validators.js";
import { configSource } from "../configSource.ts";
import { awsMetrics } from "./awsMetrics.ts";
import { emittedMetrics } from "./emittedMetrics.ts";

type Data = Readonly<Record<string, unknown>>;
type Part = string | Data;

function dashboardOf(config: Data = {}): Dashboard {
  return resolveModel(configSource(config)).documents.dashboard as unknown as Dashboard;
}

function widget(title: string, config?: Data): DashboardWidget {
  const found = dashboardOf(config).widgets.find(({ properties }) => properties.title?.startsWith(title));
  if (found === undefined) throw new Error(`no widget ${title}`);
  return found;
}

const rowsOf = ({ properties }: DashboardWidget) => (properties.metrics ?? []) as readonly (readonly Part[])[];
const optionsOf = (row: readonly Part[]): Data => (typeof row.at(-1) === "object" ? (row.at(-1) as Data) : {});
const namesOf = (row: readonly Part[]) => row.filter((part) => typeof part === "string");

const configs: readonly (readonly [string, Data])[] = [
  ["the default", {}],
  ["SQS with a dead-letter queue", { record_destination: "sqs_core", sqs_dead_letter_queue: "gss-dev-core-dead" }],
  ["no fallback", { compute_environment: { fallback: null } }],
  [
    "no rules",
    { event_rules: { "failed-jobs": null, "succeeded-jobs": null, "rejected-files": null, "blocked-queue": null } },
  ],
];

describe.each(configs)("with %s", (_, config) => {
  const { widgets } = dashboardOf(config);

  test("the body is valid by its schema", () => {
    const bound = JSON.stringify(dashboardOf(config)).replaceAll("${AWS_REGION}", "us-east-1");
    expect(validators.dashboard(JSON.parse(bound))).toBe(true);
  });

  test("no widget covers another or leaves the grid", () => {
    const cells = new Set<string>();
    for (const { x = 0, y = 0, width = 6, height = 6 } of widgets) {
      expect(x + width).toBeLessThanOrEqual(24);
      for (let column = x; column < x + width; column += 1) {
        for (let row = y; row < y + height; row += 1) {
          expect(cells.has(`${column}/${row}`)).toBe(false);
          cells.add(`${column}/${row}`);
        }
      }
    }
  });

  test("every metric exists, with exactly the dimensions that it has", () => {
    const known: typeof awsMetrics = { ...awsMetrics, "gss-dev-batch": emittedMetrics() };
    for (const row of widgets.flatMap(rowsOf)) {
      const [namespace, metric, ...pairs] = namesOf(row);
      if (namespace === undefined || metric === undefined) continue;
      const dimensions = pairs.filter((__, index) => index % 2 === 0);
      expect(known[namespace]?.[metric], `${namespace} ${metric}`).toEqual(dimensions);
    }
  });

  test("every expression uses ids of its own graph, and every hidden metric is used", () => {
    for (const graph of widgets) {
      const options = rowsOf(graph).map(optionsOf);
      const ids = options.flatMap(({ id }) => (typeof id === "string" ? [id] : []));
      expect(new Set(ids).size).toBe(ids.length);
      const used = options
        .flatMap(({ expression }) => (typeof expression === "string" ? [expression] : []))
        .flatMap((expression) => expression.match(/\b[a-z]\w*\b/g) ?? []);
      expect(used.filter((id) => !ids.includes(id))).toEqual([]);
      const hidden = options.filter(({ visible }) => visible === false).map(({ id }) => id);
      expect(hidden.filter((id) => !used.includes(String(id)))).toEqual([]);
    }
  });

  test("every line says what it is", () => {
    for (const options of widgets.flatMap(rowsOf).map(optionsOf)) {
      expect("label" in options || options.visible === false).toBe(true);
    }
  });
});

describe("what a million records cost", () => {
  /** Evaluates the visible lines of a graph, as metric math does for one period. */
  function evaluate(graph: DashboardWidget, values: Readonly<Record<string, number>>): readonly number[] {
    const known: Record<string, number> = { ...values };
    const results: number[] = [];
    for (const { id, expression, visible } of rowsOf(graph).map(optionsOf)) {
      if (typeof expression !== "string") continue;
      const code = expression.replaceAll(/\b[a-z]\w*\b/g, (name) => `(${known[name] ?? "undefined"})`);
      const calls = {
        FILL: (value: number | undefined, by: number) => value ?? by,
        IF: (is: boolean, a: number, b: number) => (is ? a : b),
      };
      const value = Number(new Function(...Object.keys(calls), `return ${code}`)(...Object.values(calls)));
      if (typeof id === "string") known[id] = value;
      if (visible !== false) results.push(value);
    }
    return results;
  }
  const hour = 3_600_000;
  const cost = (values: Readonly<Record<string, number>>, config?: Data) =>
    evaluate(widget("US dollars per million", config), values);

  test("is the vCPU-hours of the jobs at the price of a c5, on demand and Spot", () => {
    // One hour of validating and two of delivering 34 million records, with 4 vCPUs each.
    const [onDemand, spot] = cost({ v: hour, p: 2 * hour, d: 34_000_000 });
    expect(onDemand).toBeCloseTo((12 * 0.0425) / 34, 9);
    expect(spot).toBeCloseTo((12 * 0.0425 * 0.3) / 34, 9);
  });

  test("counts what the function did at its own price and not as jobs", () => {
    const [onDemand] = cost({ p: 60_000, l: 60_000, n: 1, d: 1_000_000 }, { lambda_function: { memory_size: 1024 } });
    expect(onDemand).toBeCloseTo(60 * 0.0000166667 + 0.0000002, 9);
  });

  test("never falls below nothing where the function took longer than its records", () => {
    const [jobs] = evaluate(widget("US dollars by hour"), { p: 1000, l: 5000, n: 1 });
    expect(jobs).toBe(0);
  });

  test("follows the vCPUs of the jobs", () => {
    const config = { batch_processing_job: { container_properties: { vcpus: 8 } } };
    const [onDemand] = cost({ p: hour, d: 1_000_000 }, config);
    expect(onDemand).toBeCloseTo(8 * 0.0425, 9);
    const resource_requirements = [
      { type: "VCPU", value: "16" },
      { type: "MEMORY", value: "30000" },
    ];
    const container_properties = { vcpus: null, memory: null, resource_requirements };
    const [required] = cost({ p: hour, d: 1_000_000 }, { batch_processing_job: { container_properties } });
    expect(required).toBeCloseTo(16 * 0.0425, 9);
  });
});

test("the SQS queue is shown where records go to it", () => {
  const waiting = (config: Data) => rowsOf(widget("Messages waiting", config)).map((row) => namesOf(row).at(-1));
  expect(waiting({})).toEqual(["gss-dev-batch-alarms-dead-letter"]);
  expect(waiting(configs[1]?.[1] ?? {})).toEqual([
    "${SQS_CORE_QUEUE_NAME}",
    "gss-dev-core-dead",
    "gss-dev-batch-alarms-dead-letter",
  ]);
});

test("the name of the SQS queue is taken from its URL, and only where it is shown", () => {
  const wiring = (config: Data) => resolveModel(configSource(config)).units.monitoring;
  const queue = wiring({ record_destination: "sqs_core" })?.supplied.find(({ name }) => name === "SQS_CORE_QUEUE_NAME");
  expect(queue?.expression).toBe("basename(dependency.sqs.outputs.queue_url)");
  const outputs = (config: Data) =>
    wiring(config)?.dependencies.map(({ name, mockOutputs }) => [name, Object.keys(mockOutputs)]);
  const always = [
    ["batch", ["batch_processing_queue_arn", "ecs_cluster_names"]],
    ["lambda", ["function_name"]],
  ];
  const last = ["step_function", ["state_machine_arn"]];
  expect(outputs({ record_destination: "sqs_core" })).toEqual([...always, ["sqs", ["queue_url"]], last]);
  expect(outputs({})).toEqual([...always, last]);
});

test("the alarms of China and GovCloud have the ARNs of these partitions", () => {
  const first = (region: string) => widget("Alarms", { aws_region: region }).properties.alarms?.[0] ?? "";
  expect(first("eu-central-1")).toMatch(/^arn:aws:/);
  expect(first("cn-north-1")).toMatch(/^arn:aws-cn:/);
  expect(first("us-gov-west-1")).toMatch(/^arn:aws-us-gov:/);
});
