import { templates } from "../derived/templates.js";
import type { Model } from "../model/model.ts";
import type { Ownership } from "../model/renderedFile.ts";
import { documentPath, documentsOf, type UnitName, unitNames } from "../model/units.ts";

export interface OutputFile {
  readonly path: string;
  readonly ownership: Ownership;
  /** The unit of the file: it is written with the unit, and its template can use the unit's wiring. */
  readonly unit: UnitName;
  readonly when?: (model: Model) => boolean;
}

/** The files of the templates, by path. */
const templateNames = Object.keys(templates).map((name) => name.replace(/\.hbs$/, ""));

/** Every file of the output folder. Its template has the same path below templates/, with .hbs added. */
export const outputFiles: readonly OutputFile[] = [
  managed("README-batch.md"),
  managed("batch_user_data.sh"),
  createOnly("modules.hcl"),
  createOnly("root.hcl", ({ terragrunt }) => terragrunt.root === "emit"),
  createOnly("version.hcl"),
  ...unitNames.flatMap(unitFiles),
].sort((a, b) => (a.path < b.path ? -1 : 1));

function unitFiles(unit: UnitName): readonly OutputFile[] {
  const paths = [
    `${unit}.hcl`,
    `${unit}/terragrunt.hcl`,
    ...documentsOf(unit).map(documentPath),
    ...templateNames.filter((path) => path.startsWith(`terraform-aws-batch/${unit}/`)),
  ];
  return paths.map((path) => ({ path, ownership: "managed", unit }));
}

function managed(path: string): OutputFile {
  return { path, ownership: "managed", unit: "batch" };
}

function createOnly(path: string, when?: (model: Model) => boolean): OutputFile {
  return { path, ownership: "create-only", unit: "batch", ...(when && { when }) };
}
