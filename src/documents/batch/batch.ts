import configSchema from "../../../schemas/config.schema.json" with { type: "json" };
import workerExitCodes from "../../../schemas/worker-exit-codes.json" with { type: "json" };
import type { Config } from "../../derived/types.ts";
import { isObject } from "../../model/json.ts";
import { configKey, type DocumentName, documentsOf } from "../../model/units.ts";
import { mergeOverride } from "../merge.ts";
import { companionDefaults } from "../units.ts";
import { contractParts, followVcpus } from "./workerParts.ts";

type Data = Readonly<Record<string, unknown>>;

/**
 * The documents of a config: the defaults of the config schema under the user's overrides. What one document says
 * about another (a queue about its environments, a job about its log group) follows a changed name, unless it is overridden too.
 */
export function mergeDocuments(config: Config): Record<DocumentName, Data> {
  const data: Data = { ...config };
  const batch = mergeBatchDocuments(data);
  const defaults = companionDefaults(config, batch);
  const companions = Object.entries(defaults).map(([name, document]) => [
    name,
    mergeOverride(document, override(data, configKey(name as DocumentName))),
  ]);
  return { ...batch, ...Object.fromEntries(companions) };
}

/** The documents of the batch unit alone. */
export function mergeBatchDocuments(config: Data): Record<DocumentName, Data> {
  const documents = Object.fromEntries(
    documentsOf("batch").map((name) => [
      name,
      mergeOverride(defaultDocument(name, config), config[configKey(name)] ?? {}),
    ]),
  ) as Record<DocumentName, Data>;
  documents["compute-environment"] = shareWithFallback(
    documents["compute-environment"],
    override(config, "compute_environment"),
  );
  for (const job of ["batch-validation-job", "batch-processing-job"] as const) {
    const changes = override(config, configKey(job));
    documents[job] = followVcpus(addRetryRules(documents[job], changes), changes, job);
  }
  return followNames(documents, config);
}

/** The default of the config schema. What a job says to its worker comes from the contract of the workers. */
function defaultDocument(name: DocumentName, config: Data): Data {
  const properties = configSchema.properties as Readonly<Record<string, { default?: unknown }>>;
  const document = structuredClone(properties[configKey(name)]?.default) as Data;
  if (name !== "batch-validation-job" && name !== "batch-processing-job") return document;
  return mergeOverride(document, contractParts(name, config)) as Data;
}

function override(config: Data, key: string): Data {
  const value = config[key];
  return isObject(value) ? value : {};
}

// What makes the first environment Spot must not reach the on-demand one.
const notShared = ["type", "allocation_strategy", "bid_percentage", "spot_iam_fleet_role", "desired_vcpus"];

/** A change to the resources of the first environment holds for its fallback as well, unless the fallback says otherwise. */
function shareWithFallback(document: Data, changes: Data): Data {
  const { fallback } = document;
  if (!isObject(fallback)) return document;
  const shared = Object.entries(override(changes, "compute_resources")).filter(([key]) => !notShared.includes(key));
  const own = override(override(changes, "fallback"), "compute_resources");
  const base = mergeOverride(override(fallback, "compute_resources"), Object.fromEntries(shared));
  const compute_resources = mergeOverride(base, own);
  const update_policy = mergeOverride(
    mergeOverride(fallback.update_policy ?? {}, override(changes, "update_policy")),
    override(override(changes, "fallback"), "update_policy"),
  );
  return { ...document, fallback: { ...fallback, compute_resources, update_policy } };
}

/** The retry rules come from the exit codes of the workers, so that the two cannot disagree. The last rule ends the list. */
function addRetryRules(document: Data, changes: Data): Data {
  const { retry_strategy } = document;
  if (!isObject(retry_strategy) || "evaluate_on_exit" in override(changes, "retry_strategy")) return document;
  const evaluate_on_exit = [
    ...workerExitCodes.retried_reasons.map((reason) => ({ action: "RETRY", ...reason })),
    ...workerExitCodes.codes
      .filter((code) => code.retry)
      .map((code) => ({ action: "RETRY", on_exit_code: String(code.code) })),
    { action: "EXIT", on_reason: "*" },
  ];
  return { ...document, retry_strategy: { ...retry_strategy, evaluate_on_exit } };
}

function followNames(documents: Record<DocumentName, Data>, config: Data): Record<DocumentName, Data> {
  const environment = documents["compute-environment"];
  const fallback = isObject(environment.fallback) ? environment.fallback : undefined;
  const result = { ...documents };

  if (!("compute_environment_order" in override(config, "job_queue"))) {
    const names = [environment.name, ...(fallback ? [fallback.name] : [])];
    const order = names.map((name, index) => ({ order: index + 1, compute_environment: name }));
    result["job-queue"] = replace(documents["job-queue"], ["compute_environment_order"], order);
  }

  const template = ["compute_resources", "launch_template", "launch_template_name"];
  const templateName = documents["launch-template"].name;
  result["compute-environment"] = [template, ["fallback", ...template]].reduce(
    (document, path) => followDefault(document, path, templateName, defaultDocument("launch-template", config).name),
    environment,
  );

  for (const purpose of ["validation", "processing"] as const) {
    const job = `batch-${purpose}-job` as const;
    const group = override(documents["log-groups"], purpose).name;
    const path = ["container_properties", "log_configuration", "options", "awslogs-group"];
    result[job] = followDefault(
      documents[job],
      path,
      group,
      override(defaultDocument("log-groups", config), purpose).name,
    );
  }
  return result;
}

/** Sets the value at a path to another document's name, where it still is the default. */
function followDefault(document: Data, path: readonly string[], name: unknown, byDefault: unknown): Data {
  const current = path.reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), document);
  return current === byDefault && typeof name === "string" ? replace(document, path, name) : document;
}

function replace(document: Data, [key, ...rest]: readonly string[], value: unknown): Data {
  if (key === undefined) return document;
  const child = document[key];
  return { ...document, [key]: rest.length === 0 ? value : replace(isObject(child) ? child : {}, rest, value) };
}
