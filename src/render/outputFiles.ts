import { documentNames, type Model } from "../model/model.ts";
import type { Ownership } from "../model/renderedFile.ts";

export interface OutputFile {
  readonly path: string;
  readonly ownership: Ownership;
  readonly when?: (model: Model) => boolean;
}

const managed = (path: string): OutputFile => ({ path, ownership: "managed" });
const createOnly = (path: string, when?: (model: Model) => boolean): OutputFile => ({
  path,
  ownership: "create-only",
  ...(when && { when }),
});

/**
 * Every file of the output folder. Its template has the same path below templates/, plus .hbs. The companions of the batch
 * module (iam-roles, security-groups, lambda, step-function, monitoring) will stand here too, each as a .hcl, a -json folder,
 * a unit and a Terraform module; until then batch.hcl takes what it needs of them from units that the user has.
 */
export const outputFiles: readonly OutputFile[] = [
  managed("README-batch.md"),
  managed("batch.hcl"),
  managed("batch/terragrunt.hcl"),
  ...documentNames.map((name) => managed(`batch-json/${name}.json`)),
  managed("batch_user_data.sh"),
  createOnly("modules.hcl"),
  createOnly("root.hcl", ({ terragrunt }) => terragrunt.root === "emit"),
  ...[
    "compute-environment",
    "job-definition",
    "job-queue",
    "launch-template",
    "log-groups",
    "outputs",
    "variables",
    "versions",
  ].map((name) => managed(`terraform-aws-batch/batch/${name}.tf`)),
  createOnly("version.hcl"),
];
