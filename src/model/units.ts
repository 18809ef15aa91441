import type { DocumentKind } from "./document.ts";

interface DocumentSpec {
  readonly kind: DocumentKind;
  /**
   * The whole document reaches Terraform as one text, which Terraform evaluates once (`templatefile`). Every other one is
   * part of an object, and the texts in an object are evaluated a second time.
   */
  readonly asText?: true;
}

/** What is generated as a Terragrunt unit each, with the documents it reads: `NAME.hcl`, `NAME/`, `NAME-json/`. */
export const units = {
  batch: {
    "compute-environment": { kind: "compute-environment" },
    "job-queue": { kind: "job-queue" },
    "batch-validation-job": { kind: "job-definition" },
    "batch-processing-job": { kind: "job-definition" },
    "launch-template": { kind: "launch-template" },
    "log-groups": { kind: "log-groups" },
  },
  "iam-roles": { "iam-roles": { kind: "iam-roles" } },
  "security-groups": { "security-groups": { kind: "security-groups" } },
  lambda: { "lambda-function": { kind: "lambda-function" } },
  "step-function": {
    "step-function-definition": { kind: "state-machine", asText: true },
    "state-machine-settings": { kind: "state-machine-settings" },
  },
  monitoring: {
    alarms: { kind: "alarms" },
    dashboard: { kind: "dashboard", asText: true },
    "event-rules": { kind: "event-rules" },
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, DocumentSpec>>>>;

export type UnitName = keyof typeof units;
/** A unit beside the batch unit; each can be left out for one that the user has. */
export type CompanionName = Exclude<UnitName, "batch">;
/** The names of the documents of a unit. */
export type DocumentOf<Unit extends UnitName> = { [Name in Unit]: keyof (typeof units)[Name] }[Unit];
export type DocumentName = DocumentOf<UnitName>;

export const unitNames = Object.keys(units) as readonly UnitName[];
export const companionNames = unitNames.filter((unit): unit is CompanionName => unit !== "batch");
export const documentNames: readonly DocumentName[] = unitNames.flatMap(documentsOf);

/** The documents of a unit, in the order in which they are written. */
export function documentsOf(unit: UnitName): readonly DocumentName[] {
  return Object.keys(units[unit]) as DocumentName[];
}

export function unitOf(document: DocumentName): UnitName {
  return unitNames.find((unit) => document in units[unit]) as UnitName;
}

/** Where a document stands in the output folder. */
export function documentPath(document: DocumentName): string {
  return `${unitOf(document)}-json/${document}.json`;
}

export function specOf(document: DocumentName): DocumentSpec {
  return (units[unitOf(document)] as Readonly<Record<string, DocumentSpec>>)[document] as DocumentSpec;
}

/** How often Terraform evaluates the texts of such a document. */
export function evaluationsOf(kind: DocumentKind): 1 | 2 {
  return documentNames.map(specOf).some((spec) => spec.kind === kind && spec.asText) ? 1 : 2;
}

/** The key of a document's override in the config: the file name in snake_case. */
export function configKey(document: DocumentName): string {
  return document.replaceAll("-", "_");
}
