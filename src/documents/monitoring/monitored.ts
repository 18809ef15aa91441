import { valueAt } from "../../shared/pointer.ts";
import type { Data, Documents } from "../making.ts";

/** What alarms and dashboard need to know about the parts that they watch, taken from the documents of these parts. */
export interface Monitored {
  /** Names of the existing event rules, by key. */
  readonly rules: Readonly<Record<string, string>>;
  readonly validator: MonitoredJob;
  readonly processor: MonitoredJob;
  readonly function: {
    readonly timeoutSeconds: number;
    readonly memoryMib: number;
  };
}

export interface MonitoredJob {
  /** Namespace of the metrics that the worker writes into its log. */
  readonly namespace: string;
  readonly vcpus: number;
  readonly logGroup: string | undefined;
}

export function monitoredParts(before: Documents<"batch" | "lambda">, rules: Data): Monitored {
  const fn = before["lambda-function"];
  return {
    rules: namesByKey(rules),
    validator: monitoredJob(before, "validation"),
    processor: monitoredJob(before, "processing"),
    // Where the document leaves one out, AWS Lambda's own default applies.
    function: { timeoutSeconds: numberAt(fn, "/timeout") ?? 3, memoryMib: numberAt(fn, "/memory_size") ?? 128 },
  };
}

function namesByKey(document: Data): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(document).flatMap(([key, entry]) => {
      const name = valueAt(entry, "/name");
      return typeof name === "string" ? [[key, name]] : [];
    }),
  );
}

function monitoredJob(batch: Documents<"batch">, purpose: "validation" | "processing"): MonitoredJob {
  const document = batch[`batch-${purpose}-job`];
  const environment = valueAt(document, "/container_properties/environment");
  const logGroup = valueAt(batch["log-groups"], `/${purpose}/name`);
  return {
    namespace: namedValue(environment, "name", "METRICS_NAMESPACE") ?? "gen-batch-config",
    vcpus: vcpusOf(document),
    logGroup: typeof logGroup === "string" ? logGroup : undefined,
  };
}

function vcpusOf(document: unknown): number {
  const vcpus = numberAt(document, "/container_properties/vcpus");
  const requirements = valueAt(document, "/container_properties/resource_requirements");
  return vcpus ?? Number(namedValue(requirements, "type", "VCPU") ?? 1);
}

/** The value of the entry of a list that has a name. */
function namedValue(entries: unknown, key: string, name: string): string | undefined {
  const list: readonly unknown[] = Array.isArray(entries) ? entries : [];
  const value = valueAt(
    list.find((entry) => valueAt(entry, `/${key}`) === name),
    "/value",
  );
  return typeof value === "string" ? value : undefined;
}

function numberAt(document: unknown, pointer: string): number | undefined {
  const value = valueAt(document, pointer);
  return typeof value === "number" ? value : undefined;
}
