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

/** The check settings that follow from a config. Throws `InvalidInput` when the config has mistakes. */
export function checkSettings(source: ConfigSource): CheckSettings {
  const known = resolvePlaceholders(source);
  return {
    awsProvider: checkConfig(source, known).aws_provider,
    placeholders: known.all,
    ignoredRules: ignoredRules(source, rules),
  };
}

/** The check settings of a folder without a config: the provider version that its modules require, if they require one. */
export async function checkSettingsOfModule(folder: string): Promise<CheckSettings> {
  const awsProvider = await requiredProvider(folder);
  return awsProvider === undefined ? settingsWithoutConfig : { ...settingsWithoutConfig, awsProvider };
}

export const settingsWithoutConfig: CheckSettings = {
  awsProvider: configSchema.properties.aws_provider.default as 5,
  placeholders: new Map(placeholders.map((placeholder) => [placeholder.name, placeholder])),
  ignoredRules: new Set(),
};

/** Undefined for a module that requires no version, or a version that the checks do not support. */
async function requiredProvider(folder: string): Promise<5 | 6 | undefined> {
  const versions = await readFile(join(folder, "terraform-aws-batch", "batch", "versions.tf"), "utf8").catch(() => "");
  const major = /"hashicorp\/aws"\s+version\s*=\s*"(?:>=|~>)?\s*(5|6)\./.exec(versions)?.[1];
  return major === undefined ? undefined : major === "6" ? 6 : 5;
}
