import { batch } from "../documents/batch/unit.ts";
import { iamRoles } from "../documents/iam-roles/unit.ts";
import { lambda } from "../documents/lambda/unit.ts";
import { monitoring } from "../documents/monitoring/unit.ts";
import { securityGroups } from "../documents/security-groups/unit.ts";
import { stepFunction } from "../documents/step-function/unit.ts";
import type { DocumentKind, DocumentSpec } from "./unitDeclaration.ts";

/**
 * What is generated as a Terragrunt unit each, with the documents it reads: `NAME.hcl`, `NAME/`, `NAME-json/`. This is the
 * order of writing; `src/documents/makeDocuments.ts` has the order of making.
 */
export const units = {
  batch,
  "iam-roles": iamRoles,
  "security-groups": securityGroups,
  lambda,
  "step-function": stepFunction,
  monitoring,
} as const;

export type UnitName = keyof typeof units;
/** A unit other than the batch unit; each can be left out for one that the user has. */
export type CompanionName = Exclude<UnitName, "batch">;
/** The names of the documents of a unit. */
export type DocumentOf<Unit extends UnitName> = { [Name in Unit]: keyof (typeof units)[Name]["documents"] }[Unit];
export type DocumentName = DocumentOf<UnitName>;

export const unitNames = Object.keys(units) as readonly UnitName[];
export const companionNames = unitNames.filter((unit): unit is CompanionName => unit !== "batch");
export const documentNames: readonly DocumentName[] = unitNames.flatMap(documentsOf);

/** The documents of a unit, in the order in which they are written. */
export function documentsOf(unit: UnitName): readonly DocumentName[] {
  return Object.keys(units[unit].documents) as DocumentName[];
}

export function unitOf(document: DocumentName): UnitName {
  return unitNames.find((unit) => document in units[unit].documents) as UnitName;
}

/** The path of a document in the output folder. */
export function documentPath(document: DocumentName): string {
  return `${unitOf(document)}-json/${document}.json`;
}

export function specOf(document: DocumentName): DocumentSpec {
  const documents: Readonly<Record<string, DocumentSpec>> = units[unitOf(document)].documents;
  return documents[document] as DocumentSpec;
}

/** How often Terraform evaluates the texts of such a document. */
export function evaluationsOf(kind: DocumentKind): 1 | 2 {
  return documentNames.map(specOf).some((spec) => spec.kind === kind && spec.asText) ? 1 : 2;
}

/** The key of a document's override in the config: the file name in snake_case. */
export function configKey(document: DocumentName): string {
  return document.replaceAll("-", "_");
}
