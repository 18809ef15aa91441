import { awsPartitionOf } from "../model/awsPartition.ts";
import { isObject } from "../model/json.ts";
import type { Model, SuppliedPlaceholder } from "../model/model.ts";
import { companionNames, documentPath, documentsOf, type UnitName, unitNames, units } from "../model/units.ts";
import { type WorkerSetting, workers } from "../shared/contract.ts";
import { valueAt } from "../shared/pointer.ts";

/** The data of the module's README about all units, including those that the user provides. */
export function readmeView(model: Model) {
  const generated = applyOrder(model);
  return {
    hasAlarmTopic: model.notified.actions.length === 0 || model.notified.emails.length > 0,
    has: Object.fromEntries(companionNames.map((unit) => [camelCase(unit), model.units[unit] !== undefined])),
    generatedUnits: generated.map((unit) => ({
      name: unit,
      folder: `${unit}/`,
      meaning: units[unit].meaning,
      documents: documentsOf(unit).map(documentPath),
      after: dependenciesOf(model, unit).join(", "),
    })),
    outsideUnits: outsideUnits(model, generated),
    boundPlaceholders: boundPlaceholders(model, generated),
    facts: factsOf(model),
    workers: workersView(model),
  };
}

/** Each unit after those whose outputs it reads. Units that read each other keep the order in which they are written. */
function applyOrder(model: Model): readonly UnitName[] {
  const waiting = new Set(unitNames.filter((unit) => model.units[unit] !== undefined));
  const order: UnitName[] = [];
  while (waiting.size > 0) {
    const isFree = (unit: UnitName) => !dependenciesOf(model, unit).some((name) => waiting.has(name as UnitName));
    const next = [...waiting].find(isFree) ?? ([...waiting][0] as UnitName);
    waiting.delete(next);
    order.push(next);
  }
  return order;
}

function camelCase(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function dependenciesOf(model: Model, unit: UnitName): readonly string[] {
  const waitsFor = unit === "security-groups" && model.units["iam-roles"] !== undefined ? ["iam-roles"] : [];
  const reads = (model.units[unit]?.dependencies ?? []).map(({ configPath }) => unitOfPath(configPath));
  return [...waitsFor, ...reads];
}

function unitOfPath(configPath: string): string {
  return configPath.replace(/^(\.\.\/)+/, "");
}

/** The units that the user provides, with the outputs that are read from each. */
function outsideUnits(model: Model, generated: readonly UnitName[]) {
  const reads = new Map<string, Map<string, { name: string; meaning: string; expression: string }>>();
  for (const unit of generated) {
    const { dependencies = [], supplied = [] } = model.units[unit] ?? {};
    for (const { name, configPath } of dependencies) {
      if (generated.some((other) => configPath === `../${other}`)) continue;
      const outputs = reads.get(configPath) ?? new Map();
      for (const placeholder of supplied.filter(({ expression }) => expression.includes(`dependency.${name}.`))) {
        outputs.set(placeholder.name, placeholder);
      }
      reads.set(configPath, outputs);
    }
  }
  return [...reads]
    .map(([configPath, outputs]) => ({ configPath, reads: [...outputs.values()] }))
    .sort((a, b) => (a.configPath < b.configPath ? -1 : 1));
}

function boundPlaceholders(model: Model, generated: readonly UnitName[]) {
  const bound = new Map<string, SuppliedPlaceholder & { readonly units: readonly UnitName[] }>();
  for (const unit of generated) {
    for (const placeholder of model.units[unit]?.supplied ?? []) {
      const units = [...(bound.get(placeholder.name)?.units ?? []), unit];
      bound.set(placeholder.name, { ...placeholder, units });
    }
  }
  return [...bound.values()].map(({ units, ...placeholder }) => ({ ...placeholder, units: units.join(", ") }));
}

function factsOf(model: Model) {
  const environment = valueAt(model.documents["batch-processing-job"], "/container_properties/environment");
  const entries: readonly unknown[] = Array.isArray(environment) ? environment : [];
  const threshold = entries.find((entry) => isObject(entry) && entry.name === "BATCH_PROCESSING_THRESHOLD");
  const bucket = bucketOf(model);
  return {
    region: model.region,
    bucket,
    threshold: String(valueAt(threshold, "/value") ?? ""),
    lambdaPackage: `s3://${bucket}/${String(valueAt(model.documents["lambda-function"], "/package/s3_key") ?? "")}`,
    exampleInput: `s3://${bucket}/incoming/orders.csv`,
    exampleOutput: `s3://${bucket}/runs/orders-1/`,
    exampleReport: `s3://${bucket}/runs/orders-1/report.html`,
    stateMachineArnBegin: `arn:${awsPartitionOf(model.region)}:states:${model.region}:`,
    alarmPrefix: `${model.prefix}-batch-`,
  };
}

/** The name of the bucket, or a word to replace where only Terragrunt knows it. */
function bucketOf(model: Model): string {
  const wirings = Object.values(model.units);
  const row = wirings.flatMap(({ supplied }) => supplied).find(({ name }) => name === "S3_BUCKET");
  if (row !== undefined && row.expression !== "local.s3_bucket") return "BUCKET";
  const local = wirings.map(({ locals }) => locals.s3_bucket).find((bucket) => typeof bucket === "string");
  const written = valueAt(model.documents["lambda-function"], "/package/s3_bucket");
  const bucket = local ?? written;
  if (typeof bucket !== "string") return "BUCKET";
  const name = bucket.replaceAll("${PREFIX}", model.prefix);
  return name.includes("${") ? "BUCKET" : name;
}

/** Every argument and variable of each worker, with its value in the job definition. */
function workersView(model: Model) {
  return workers.map(({ name, job, meaning, settings }) => {
    const document = model.documents[`batch-${job}-job`];
    return {
      name,
      job,
      meaning,
      settings: settings.map((setting) => ({
        flag: setting.flag ?? "",
        variable: setting.variable,
        meaning: setting.meaning,
        given: givenBy(document, setting),
      })),
    };
  });
}

/** The text in the job definition, else the worker's own default, else nothing. */
function givenBy(document: unknown, { flag, variable, default: byDefault = "" }: WorkerSetting): string {
  const command = valueAt(document, "/container_properties/command");
  const words: readonly unknown[] = Array.isArray(command) ? command : [];
  const argument = flag === undefined ? undefined : words[words.indexOf(flag) + 1];
  if (flag !== undefined && words.includes(flag) && typeof argument === "string") return argument;
  const environment = valueAt(document, "/container_properties/environment");
  const entries: readonly unknown[] = Array.isArray(environment) ? environment : [];
  const entry = entries.find((candidate) => isObject(candidate) && candidate.name === variable);
  return isObject(entry) && typeof entry.value === "string" ? entry.value : byDefault;
}
