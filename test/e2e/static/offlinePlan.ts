import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Json } from "../documents.ts";
import { run } from "../parts/run.ts";
import type { Terraform } from "../parts/terraform.ts";
import type { Items } from "./items.ts";

export interface Module {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
}

/** The generated module as a root module of its own, initialised, with a provider that asks AWS nothing. */
export async function initModule(terraform: Terraform, generated: string, folder: string): Promise<Module> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  cpSync(join(generated, "terraform-aws-batch", "batch"), folder, { recursive: true });
  writeFileSync(join(folder, "provider.tf"), offlineProvider);
  // The provider is a program of 700 MB that is started for each command; collecting garbage less often saves time.
  const env = { ...terraform.env, GOGC: "400" };
  await run(terraform.path, ["init", "-backend=false", "-input=false"], { cwd: folder, env, timeLimitSeconds });
  return { folder, env };
}

export interface Inputs {
  readonly items: Items;
  readonly userData: string;
}

/** A plan as JSON. Nothing exists yet, so that every value that is known at all is in it. */
export async function planJson(terraform: Terraform, module: Module, { items, userData }: Inputs): Promise<Json> {
  const options = { cwd: module.folder, env: module.env, timeLimitSeconds };
  const tags = { Owner: "test" };
  writeFileSync(
    join(module.folder, "terraform.tfvars.json"),
    JSON.stringify({ prefix: "gss-dev", tags, user_data: userData, items }),
  );
  await run(terraform.path, ["plan", "-input=false", "-lock=false", "-out=plan.bin"], options);
  const { stdout } = await run(terraform.path, ["show", "-json", "plan.bin"], options);
  return JSON.parse(stdout);
}

/** The values of one planned resource. */
export function planned(plan: Json, address: string): Json {
  const { resources } = plan.planned_values.root_module;
  const found = resources.find((resource: Json) => resource.address === address);
  if (found === undefined) throw new Error(`${address} is not in the plan`);
  return found.values;
}

export function userData(generated: string): string {
  return readFileSync(join(generated, "batch_user_data.sh"), "utf8");
}

/** Far more than it takes, for a machine that does a lot else. */
export const timeLimitSeconds = 600;

/** Asks AWS nothing. */
export const offlineProvider = `provider "aws" {
  region                      = "us-east-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
}
`;
