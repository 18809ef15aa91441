import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type CompanionName, companionNames, documentsOf, specOf } from "../../../src/model/units.ts";
import type { Json } from "../documents.ts";
import { run } from "../parts/run.ts";
import type { Terraform } from "../parts/terraform.ts";
import type { Items } from "./items.ts";
import { type Module, offlineProvider, timeLimitSeconds } from "./offlinePlan.ts";

/**
 * The modules beside the batch module, below one root, because each start of the provider takes long; with the address
 * that Step Functions is asked at.
 */
export async function initCompanions(
  terraform: Terraform,
  generated: string,
  folder: string,
  stepFunctions: string,
): Promise<Module> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const unit of companionNames) {
    cpSync(join(generated, "terraform-aws-batch", unit), join(folder, unit), { recursive: true });
  }
  const provider = offlineProvider.replace(/\}\n$/, `\n  endpoints {\n    sfn = "${stepFunctions}"\n  }\n}\n`);
  writeFileSync(join(folder, "main.tf"), `${provider}\n${companionNames.map(moduleBlock).join("\n")}`);
  const env = { ...terraform.env, GOGC: "400" };
  await run(terraform.path, ["init", "-backend=false", "-input=false"], { cwd: folder, env, timeLimitSeconds });
  return { folder, env };
}

function moduleBlock(unit: CompanionName): string {
  const texts = documentsOf(unit).filter((name) => specOf(name).asText);
  const inputs = ["prefix", "tags", "items", ...texts.map((name) => textInputs[name] as string)];
  const lines = [
    ...inputs.map((name) => `  ${name} = var.${unit}.${name}`),
    ...(unit === "monitoring" ? Object.entries(topicInputs) : []).map(
      ([name, absent]) => `  ${name} = try(var.${unit}.${name}, ${absent})`,
    ),
  ];
  return `variable "${unit}" {\n  type = any\n}\n\nmodule "${unit}" {\n  source = "./${unit}"\n${lines.join("\n")}\n}\n`;
}

/** Inputs of the monitoring module that stand in no document, and what they are when the config says nothing. */
const topicInputs = { alarm_emails: "[]", alarm_actions: "[]", alarm_topic_kms_key: '""' };

/** The input of a document that is handed over as one text. */
const textInputs: Readonly<Record<string, string>> = {
  "step-function-definition": "definition",
  dashboard: "dashboard_body",
};

/** A plan of all of them as JSON. The documents go to the modules as Terragrunt hands them over. */
export async function planCompanions(
  terraform: Terraform,
  { folder, env }: Module,
  items: Items,
  topic: Readonly<Record<string, unknown>>,
): Promise<Json> {
  const options = { cwd: folder, env, timeLimitSeconds };
  const variables = companionNames.map((unit) => {
    const names = documentsOf(unit);
    const texts = names.filter((name) => specOf(name).asText);
    return [
      unit,
      {
        prefix: "gss-dev",
        tags: { Owner: "test" },
        ...(unit === "monitoring" && topic),
        items: Object.fromEntries(names.filter((name) => !texts.includes(name)).map((name) => [name, items[name]])),
        ...Object.fromEntries(texts.map((name) => [textInputs[name], JSON.stringify(items[name])])),
      },
    ];
  });
  writeFileSync(join(folder, "terraform.tfvars.json"), JSON.stringify(Object.fromEntries(variables)));
  await run(terraform.path, ["plan", "-input=false", "-lock=false", "-out=plan.bin"], options);
  const { stdout } = await run(terraform.path, ["show", "-json", "plan.bin"], options);
  return JSON.parse(stdout);
}
