import { readFile } from "node:fs/promises";
import { join } from "node:path";
import configSchema from "../schemas/config.schema.json" with { type: "json" };
import type { CheckSettings } from "./check/checkFiles.ts";
import { rules } from "./check/rules/index.ts";
import { checkConfig } from "./config/checkConfig.ts";
import { ignoredRules } from "./config/ignoredRules.ts";
import { resolvePlaceholders } from "./config/placeholders.ts";
import type { ConfigSource } from "./model/configSource.ts";
import { placeholders } from "./model/placeholder.ts";

/** How the documents of a config are checked. Throws `InvalidInput` when the config has mistakes. */
export function checkSettings(source: ConfigSource): CheckSettings {
  const known = resolvePlaceholders(source);
  return {
    awsProvider: checkConfig(source, known).aws_provider,
    placeholders: known.all,
    ignoredRules: ignoredRules(source, rules),
  };
}

/** How the documents in a folder are checked without a config: for the provider that its modules require, if it has any. */
export async function checkSettingsOfModule(folder: string): Promise<CheckSettings> {
  const awsProvider = await requiredProvider(folder);
  return awsProvider === undefined ? settingsWithoutConfig : { ...settingsWithoutConfig, awsProvider };
}

export const settingsWithoutConfig: CheckSettings = {
  awsProvider: configSchema.properties.aws_provider.default as 5,
  placeholders: new Map(placeholders.map((placeholder) => [placeholder.name, placeholder])),
  ignoredRules: new Set(),
};

/** Undefined for a module that requires no version, or one that the documents are not checked for. */
async function requiredProvider(folder: string): Promise<5 | 6 | undefined> {
  const versions = await readFile(join(folder, "terraform-aws-batch", "batch", "versions.tf"), "utf8").catch(() => "");
  const major = /"hashicorp\/aws"\s+version\s*=\s*"(?:>=|~>)?\s*(5|6)\./.exec(versions)?.[1];
  return major === undefined ? undefined : major === "6" ? 6 : 5;
}
