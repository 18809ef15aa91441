import { join } from "node:path";
import type { Part } from "./part.ts";
import { isAbsent } from "./part.ts";
import { pythonVenv } from "./pythonVenv.ts";

export interface PythonTool {
  readonly path: string;
}

/** Static checks of Terraform code. */
export function checkov(): Promise<Part<PythonTool>> {
  return pythonTool("checkov", "CHECKOV_PATH");
}

/** Static checks of CloudFormation, an oracle for documents that are mapped to AWS::Batch::* resources. */
export function cfnLint(): Promise<Part<PythonTool>> {
  return pythonTool("cfn-lint", "CFN_LINT_PATH");
}

/** The program that runs the hooks of `.pre-commit-hooks.yaml`. */
export function preCommit(): Promise<Part<PythonTool>> {
  return pythonTool("pre-commit", "PRE_COMMIT_PATH");
}

/** Validates files of well-known kinds against the schemas that it contains. */
export function checkJsonschema(): Promise<Part<PythonTool>> {
  return pythonTool("check-jsonschema", "CHECK_JSONSCHEMA_PATH");
}

/** Finds what is unsafe in GitHub's workflows and actions. */
export function zizmor(): Promise<Part<PythonTool>> {
  return pythonTool("zizmor", "ZIZMOR_PATH");
}

/** Each tool has a virtual environment of its own: checkov wants versions of packages that the others do not. */
async function pythonTool(name: string, variable: string): Promise<Part<PythonTool>> {
  const named = process.env[variable];
  if (named !== undefined && named !== "") return { path: named };
  const venv = await pythonVenv(name);
  return isAbsent(venv) ? venv : { path: join(venv.programs, name) };
}
