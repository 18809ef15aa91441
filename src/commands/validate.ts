import { access, readFile } from "node:fs/promises";
import { type CheckSettings, checkFiles, type TextFile } from "../check/checkFiles.ts";
import { type FoundFiles, findFiles } from "../check/findFiles.ts";
import { rules } from "../check/rules/index.ts";
import { checkConfig } from "../config/checkConfig.ts";
import { ignoredRules } from "../config/ignoredRules.ts";
import { loadConfig } from "../config/loadConfig.ts";
import { resolvePlaceholders } from "../config/placeholders.ts";
import { generate } from "../generate.ts";
import { type Placeholder, placeholders } from "../model/placeholder.ts";
import { InvalidInput, type Problem, WrongUsage } from "../model/problem.ts";
import { decodeUtf8 } from "../model/text/decodeUtf8.ts";
import { exitCodes } from "./exitCodes.ts";
import { defaultConfigFile } from "./init.ts";
import type { CommonOptions, Io } from "./io.ts";
import { report } from "./report.ts";

export interface ValidateOptions extends CommonOptions {
  readonly paths: readonly string[];
  readonly config?: string;
  /** Wins over the config's. */
  readonly awsProvider?: 5 | 6;
}

/** Checks documents as they stand, before any placeholder is bound; files of one folder are checked against each other. */
export async function runValidate(options: ValidateOptions, io: Io): Promise<number> {
  const found = await findFiles(options.paths.length === 0 ? ["."] : options.paths);
  if (found.modules.length + found.configs.length === 0) {
    throw new WrongUsage("nothing to check was found", "name a document, a config file or a folder that holds some");
  }
  const config = options.config ?? (await usualConfig());
  const problems = await checkAll(found, await settingsOf({ ...options, ...(config !== undefined && { config }) }));
  await report(problems, options, io, "out");
  const failed = problems.some(({ severity }) => options.strict || severity === "error");
  if (problems.length === 0 && options.format === "text" && !options.quiet)
    io.out(`${countFiles(found)} checked, no problems.\n`);
  return failed ? exitCodes.problems : exitCodes.fine;
}

/** The config that "init" writes, when it is here: its placeholders and ignored rules hold without being named. */
async function usualConfig(): Promise<string | undefined> {
  return access(defaultConfigFile).then(
    () => defaultConfigFile,
    () => undefined,
  );
}

async function checkAll(found: FoundFiles, settings: CheckSettings): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  for (const path of found.configs) problems.push(...(await configProblems(path)));
  for (const module of found.modules) {
    const texts = await Promise.all(module.map(readText));
    problems.push(...texts.filter((text) => "rule" in text));
    problems.push(
      ...(await checkFiles(
        texts.filter((text): text is TextFile => "text" in text),
        settings,
      )),
    );
  }
  return problems;
}

/** What would keep `generate` from writing. Advice about the documents is given where the documents are. */
async function configProblems(path: string): Promise<readonly Problem[]> {
  try {
    await generate({ path, settings: [] }, "modules-out", false);
    return [];
  } catch (error) {
    if (error instanceof InvalidInput) return error.problems.filter(({ severity }) => severity === "error");
    throw error;
  }
}

async function readText(path: string): Promise<TextFile | Problem> {
  const text = decodeUtf8(await readFile(path), path);
  return typeof text === "string" ? { path, text } : text;
}

async function settingsOf({ config, awsProvider }: ValidateOptions): Promise<CheckSettings> {
  if (config === undefined)
    return { awsProvider: awsProvider ?? 5, placeholders: byName(placeholders), ignoredRules: new Set() };
  const source = await loadConfig({ path: config, settings: [] });
  const known = resolvePlaceholders(source);
  return {
    awsProvider: awsProvider ?? checkConfig(source, known).aws_provider,
    placeholders: known.all,
    ignoredRules: ignoredRules(source, rules),
  };
}

function byName(table: readonly Placeholder[]): ReadonlyMap<string, Placeholder> {
  return new Map(table.map((placeholder) => [placeholder.name, placeholder]));
}

function countFiles({ modules, configs }: FoundFiles): string {
  const count = modules.flat().length + configs.length;
  return count === 1 ? "1 file" : `${count} files`;
}
