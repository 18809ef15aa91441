import { readFile } from "node:fs/promises";
import { type CheckSettings, checkFiles, type TextFile } from "../check/checkFiles.ts";
import { type FoundFiles, findFiles, moduleFolder } from "../check/findFiles.ts";
import { checkSettings, checkSettingsOfModule } from "../checkSettings.ts";
import { loadConfig } from "../config/loadConfig.ts";
import { generate } from "../generate.ts";
import { InvalidInput, type Problem, WrongUsage } from "../model/problem.ts";
import { decodeUtf8 } from "../model/text/decodeUtf8.ts";
import { exitCodes } from "./exitCodes.ts";
import type { ValidateOptions } from "./flags.ts";
import type { Io } from "./io.ts";
import { report } from "./report.ts";
import { configHere, usualModule } from "./usualFiles.ts";

/** Checks documents as written, before any placeholder is bound; files of one folder are checked against each other. */
export async function runValidate(paths: readonly string[], options: ValidateOptions, io: Io): Promise<number> {
  const found = await findFiles(paths.length === 0 ? ["."] : paths);
  if (found.modules.length + found.configs.length === 0) {
    throw new WrongUsage("found nothing to check", "pass a document, a config file or a folder that contains some");
  }
  const problems = await checkAll(found, await settingsOf(options));
  await report(problems, options, io, "out");
  const failed = problems.some(({ severity }) => options.strict || severity === "error");
  if (problems.length === 0 && options.format === "text" && !options.quiet)
    io.out(`${countFiles(found)} checked, no problems.\n`);
  return failed ? exitCodes.problems : exitCodes.fine;
}

/** The settings for the folder of a module, which decides for itself where there is no config. */
type SettingsOf = (folder: string) => CheckSettings | Promise<CheckSettings>;

async function settingsOf({ config, awsProvider }: ValidateOptions): Promise<SettingsOf> {
  const path = config ?? (await configHere());
  const given = awsProvider === undefined ? {} : ({ awsProvider: awsProvider === "6" ? 6 : 5 } as const);
  if (path === undefined) return async (folder) => ({ ...(await checkSettingsOfModule(folder)), ...given });
  const settings = { ...checkSettings(await loadConfig({ path, settings: [] })), ...given };
  return () => settings;
}

async function checkAll(found: FoundFiles, settings: SettingsOf): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  for (const path of found.configs) problems.push(...(await configProblems(path)));
  for (const module of found.modules) {
    const texts = await Promise.all(module.map(readText));
    problems.push(...texts.filter((text) => "rule" in text));
    const readable = texts.filter((text): text is TextFile => "text" in text);
    problems.push(...checkFiles(readable, await settings(moduleFolder(module[0] ?? "."))));
  }
  return problems;
}

/** Everything that would keep `generate` from writing. Warnings about the documents are reported for the documents. */
async function configProblems(path: string): Promise<readonly Problem[]> {
  try {
    await generate({ path, settings: [] }, usualModule, false);
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

function countFiles({ modules, configs }: FoundFiles): string {
  const count = modules.flat().length + configs.length;
  return count === 1 ? "1 file" : `${count} files`;
}
