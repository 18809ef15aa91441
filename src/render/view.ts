import workerExitCodes from "../../schemas/worker-exit-codes.json" with { type: "json" };
import type { Model, SuppliedPlaceholder, Wiring } from "../model/model.ts";
import { type SchemaNode, schemaAt } from "../model/schemaNode.ts";
import { schemaOf } from "../model/schemas.ts";
import { type DocumentName, documentsOf, specOf, type UnitName } from "../model/units.ts";
import { valueAt } from "../shared/pointer.ts";
import { readmeView } from "./readmeView.ts";

/** The data of a template: the model, and the few values that a template without logic cannot compute. */
export function toView(model: Model): Readonly<Record<string, unknown>> {
  return {
    ...model,
    prefixText: model.prefix,
    includeRoot: model.terragrunt.root !== "none",
    stateBucket: model.terragrunt.stateBucket,
    moduleUrl: model.terragrunt.moduleUrl,
    moduleVersion: model.terragrunt.moduleVersion,
    computeEnvironmentName: model.awsProvider === 5 ? "compute_environment_name" : "name",
    providerVersion: providerVersions[model.awsProvider],
    emitsRoot: model.terragrunt.root === "emit",
    hasFallback: valueAt(model.documents["compute-environment"], "/fallback") !== undefined,
    names: namesOf(model),
    images: { validation: image(model, "batch-validation-job"), processing: image(model, "batch-processing-job") },
    workerExitCodes: workerExitCodes.codes.map((row) => ({ ...row, number: String(row.code) })),
    ...readmeView(model),
    containerSchema: schemaOf("batch-processing-job").properties?.container_properties,
    eventPatternSchema: schemaAt(schemaOf("event-rules"), ["any", "event_pattern"]),
  };
}

/** Additional data for the templates of one unit: its wiring, and the inputs of its module. */
export function unitView(model: Model, unit: UnitName): Readonly<Record<string, unknown>> {
  const { supplied, dependencies, locals } = model.units[unit] ?? noWiring;
  const isText = ({ kind }: SuppliedPlaceholder) => kind === "string";
  const objects = documentsOf(unit).filter((name) => !specOf(name).asText);
  return {
    unit,
    locals,
    supplied,
    textPlaceholders: supplied.filter(isText),
    valuePlaceholders: supplied.filter((placeholder) => !isText(placeholder)),
    dependencies: dependencies.map((dependency) => ({ ...dependency, reads: readsOf(supplied, dependency.name) })),
    waitsForRoles: model.units["iam-roles"] !== undefined,
    objectDocuments: objects,
    itemsSchema: itemsSchema(objects),
  };
}

const noWiring: Wiring = { supplied: [], dependencies: [], locals: {} };

// 6.10 is the first version that updates a Spot environment in place with any allocation strategy.
const providerVersions = { 5: ">= 5.100.0, < 6.0.0", 6: ">= 6.10.0, < 7.0.0" } as const;

/** All names, for the README of the module. A missing name is empty: the check of the documents reports it. */
function namesOf({ documents, prefix }: Model) {
  // With a late prefix the documents contain its placeholder, but a reader's shell needs the name.
  const inPrefix = (text: string) => text.replaceAll("${PREFIX}", prefix);
  const textAt = (document: unknown, pointer: string) => inPrefix(textIn(document, pointer));
  const byKey = (document: Readonly<Record<string, unknown>>) =>
    Object.entries(document)
      .filter(([key]) => key !== "$schema")
      .map(([key, entry]) => ({
        key,
        name: textAt(entry, "/name") || `${prefix}-${key}`,
        description: textAt(entry, "/description"),
        isProfile: valueAt(entry, "/instance_profile") === true,
      }));
  const roles = byKey(documents["iam-roles"]);
  const stateMachine = textAt(documents["state-machine-settings"], "/name");
  const lambdaFunction = textAt(documents["lambda-function"], "/name");
  return {
    environment: textAt(documents["compute-environment"], "/name"),
    fallback: textAt(documents["compute-environment"], "/fallback/name"),
    queue: textAt(documents["job-queue"], "/name"),
    validationJob: textAt(documents["batch-validation-job"], "/name"),
    processingJob: textAt(documents["batch-processing-job"], "/name"),
    launchTemplate: textAt(documents["launch-template"], "/name"),
    logGroups: Object.fromEntries(
      Object.keys(documents["log-groups"]).map((purpose) => [
        purpose,
        textAt(documents["log-groups"], `/${purpose}/name`),
      ]),
    ),
    roles,
    instanceProfiles: roles.filter(({ isProfile }) => isProfile),
    securityGroups: byKey(documents["security-groups"]),
    lambdaFunction,
    lambdaLogGroup: `/aws/lambda/${lambdaFunction}`,
    stateMachine,
    stateMachineLogGroup:
      textAt(documents["state-machine-settings"], "/log_group") || `/aws/vendedlogs/states/${stateMachine}`,
    alarms: byKey(documents.alarms),
    rules: byKey(documents["event-rules"]),
    // These three are named by the module.
    dashboard: `${prefix}-batch`,
    alarmTopic: `${prefix}-batch-alarms`,
    deadLetterQueue: `${prefix}-batch-alarms-dead-letter`,
    eventLogGroup: `/aws/events/${prefix}-batch`,
  };
}

function image(model: Model, job: "batch-validation-job" | "batch-processing-job"): string {
  return textIn(model.documents[job], "/container_properties/image");
}

function textIn(document: unknown, pointer: string): string {
  const value = valueAt(document, pointer);
  return typeof value === "string" ? value : "";
}

function readsOf(supplied: readonly SuppliedPlaceholder[], dependency: string): readonly SuppliedPlaceholder[] {
  return supplied.filter(({ expression }) => expression.includes(`dependency.${dependency}.`));
}

function itemsSchema(documents: readonly DocumentName[]): SchemaNode {
  const properties = Object.fromEntries(documents.map((name) => [name, schemaOf(name)]));
  return { type: "object", properties, required: [...documents] };
}
