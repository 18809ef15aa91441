import workerExitCodes from "../../schemas/worker-exit-codes.json" with { type: "json" };
import type { Model, SuppliedPlaceholder } from "../model/model.ts";
import { documentNames } from "../model/model.ts";
import { valueAt } from "../model/pointer.ts";
import type { SchemaNode } from "../model/schemaNode.ts";
import { schemaOf } from "../model/schemas.ts";
import { workersView } from "./workersView.ts";

/** What a template sees: the model, with the few things prepared that a template without logic cannot work out. */
export function toView(model: Model): Readonly<Record<string, unknown>> {
  const isText = ({ kind }: SuppliedPlaceholder) => kind === "string";
  return {
    ...model,
    prefixText: model.prefix,
    includeRoot: model.terragrunt.root !== "none",
    stateBucket: model.terragrunt.stateBucket,
    moduleUrl: model.terragrunt.moduleUrl,
    moduleVersion: model.terragrunt.moduleVersion,
    textPlaceholders: model.supplied.filter(isText),
    valuePlaceholders: model.supplied.filter((placeholder) => !isText(placeholder)),
    computeEnvironmentName: model.awsProvider === 5 ? "compute_environment_name" : "name",
    providerVersion: providerVersions[model.awsProvider],
    emitsRoot: model.terragrunt.root === "emit",
    hasFallback: valueAt(model.documents["compute-environment"], "/fallback") !== undefined,
    names: namesOf(model),
    images: { validation: image(model, "batch-validation-job"), processing: image(model, "batch-processing-job") },
    dependencies: model.dependencies.map((dependency) => ({ ...dependency, reads: readsOf(model, dependency.name) })),
    workerExitCodes: workerExitCodes.codes.map((row) => ({ ...row, number: String(row.code) })),
    workers: workersView(model),
    itemsSchema: itemsSchema(),
    containerSchema: schemaOf("batch-processing-job").properties?.container_properties,
  };
}

// 6.10 is the first that changes a Spot environment with any allocation strategy in place.
const providerVersions = { 5: ">= 5.100.0, < 6.0.0", 6: ">= 6.10.0, < 7.0.0" } as const;

/** The names of everything, for the README of the module. One that is missing is empty: the check of the documents refuses it. */
function namesOf({ documents, prefix }: Model) {
  // With a late prefix the documents still hold its placeholder; a reader's shell needs the name.
  const textAt = (document: unknown, pointer: string) => textIn(document, pointer).replaceAll("${PREFIX}", prefix);
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
    jobRole: `${prefix}-scm-batch-processor-batch-job-role`,
    instanceProfile: `${prefix}-scm-batch-processor-batch-instance-role`,
  };
}

function image(model: Model, job: "batch-validation-job" | "batch-processing-job"): string {
  return textIn(model.documents[job], "/container_properties/image");
}

function textIn(document: unknown, pointer: string): string {
  const value = valueAt(document, pointer);
  return typeof value === "string" ? value : "";
}

function readsOf(model: Model, dependency: string): readonly SuppliedPlaceholder[] {
  return model.supplied.filter(({ expression }) => expression.includes(`dependency.${dependency}.`));
}

function itemsSchema(): SchemaNode {
  const properties = Object.fromEntries(documentNames.map((name) => [name, schemaOf(name)]));
  return { type: "object", properties, required: [...documentNames] };
}
