import configSchema from "../../../schemas/config.schema.json" with { type: "json" };
import workerExitCodes from "../../../schemas/worker-exit-codes.json" with { type: "json" };
import { isObject } from "../../model/json.ts";
import { configKey, type DocumentOf } from "../../model/units.ts";
import type { Data, Documents, Making } from "../making.ts";
import { mergeOverride } from "../merge.ts";
import { contractParts, followVcpus, type Job } from "./workerParts.ts";

/**
 * The documents of the batch unit: the defaults of the config schema, with the user's overrides. Where a default names
 * another document (a queue its environments, a job its log group), it follows the name that the user chooses for that one.
 */
export function batch(making: Making<object>): Documents<"batch"> {
  const { document, said } = making;
  const template = document("launch-template", defaultOf("launch-template"));
  const environment = document("compute-environment", environments(template.name, said("compute-environment")));
  const groups = document("log-groups", defaultOf("log-groups"));
  return {
    "launch-template": template,
    "compute-environment": environment,
    "job-queue": document("job-queue", queueOf(environment)),
    "log-groups": groups,
    "batch-validation-job": job("batch-validation-job", partOf(groups, "validation").name, making),
    "batch-processing-job": job("batch-processing-job", partOf(groups, "processing").name, making),
  };
}

function defaultOf(name: DocumentOf<"batch">): Data {
  const properties = configSchema.properties as Readonly<Record<string, { default?: unknown }>>;
  return structuredClone(properties[configKey(name)]?.default) as Data;
}

/** The first environment and its fallback. */
function environments(templateName: unknown, said: Data): Data {
  const path = ["compute_resources", "launch_template", "launch_template_name"];
  const first = withName(defaultOf("compute-environment"), path, templateName);
  const fallback = withName(partOf(first, "fallback"), path, templateName);
  return { ...first, fallback: { ...fallback, ...sharedParts(fallback, said) } };
}

// The settings that make the first environment Spot must not reach the on-demand one.
const notShared = ["type", "allocation_strategy", "bid_percentage", "spot_iam_fleet_role", "desired_vcpus"];

/** A change to the resources of the first environment applies to its fallback as well, unless the fallback overrides it. */
function sharedParts(fallback: Data, said: Data): Data {
  const shared = Object.entries(partOf(said, "compute_resources")).filter(([key]) => !notShared.includes(key));
  return {
    compute_resources: mergeOverride(fallback.compute_resources, Object.fromEntries(shared)),
    update_policy: mergeOverride(fallback.update_policy, partOf(said, "update_policy")),
  };
}

/** The queue tries the environments in their order. */
function queueOf(environment: Data): Data {
  const names = [environment, environment.fallback].filter(isObject).map(({ name }) => name);
  const compute_environment_order = names.map((name, index) => ({ order: index + 1, compute_environment: name }));
  return { ...defaultOf("job-queue"), compute_environment_order };
}

/** A definition passes its worker what the contract of the workers requires, and retries as their exit codes specify. */
function job(name: Job, logGroup: unknown, { config, document, said }: Making<object>): Data {
  const byDefault = mergeOverride(defaultOf(name), contractParts(name, { ...config })) as Data;
  const path = ["container_properties", "log_configuration", "options", "awslogs-group"];
  const retry_strategy = { ...partOf(byDefault, "retry_strategy"), evaluate_on_exit: retryRules };
  return followVcpus(document(name, { ...withName(byDefault, path, logGroup), retry_strategy }), said(name), name);
}

/** Derived from the exit codes of the workers, so that the two cannot disagree. The last rule matches everything else. */
const retryRules = [
  ...workerExitCodes.retried_reasons.map((reason) => ({ action: "RETRY", ...reason })),
  ...workerExitCodes.codes
    .filter(({ retry }) => retry)
    .map(({ code }) => ({ action: "RETRY", on_exit_code: String(code) })),
  { action: "EXIT", on_reason: "*" },
];

function partOf(document: Data, key: string): Data {
  const part = document[key];
  return isObject(part) ? part : {};
}

/** The document with another one's name at the path; a missing name changes nothing. */
function withName(document: Data, [key = "", ...rest]: readonly string[], name: unknown): Data {
  if (typeof name !== "string") return document;
  return { ...document, [key]: rest.length === 0 ? name : withName(partOf(document, key), rest, name) };
}
