import { type WorkerName, workerNamed } from "../../src/shared/contract.ts";
import about from "../package.json" with { type: "json" };
import { type CheckedSettings, checkSettings, type Environment } from "./checkSettings.ts";
import { helpText } from "./helpText.ts";
import { readArguments } from "./readArguments.ts";
import type { ProcessorSettings, ValidatorSettings } from "./settings.ts";
import { type SettingProblem, SettingsFault } from "./settingsFault.ts";
import { relationProblems, toProcessorSettings, toValidatorSettings } from "./typedSettings.ts";

/** The settings of a run, or the text that was requested instead (--help, --version). */
export type SettingsReading<Settings> = { readonly settings: Settings } | { readonly text: string };

export interface SettingsOf {
  readonly batch_validator: ValidatorSettings;
  readonly batch_processor: ProcessorSettings;
}

/**
 * Reads the settings of a worker from its arguments (without program and script) and its environment, before anything
 * else is read. Throws one SettingsFault with all missing or invalid settings.
 */
export function readSettings<Name extends WorkerName>(
  worker: Name,
  argv: readonly string[],
  environment: Environment,
): SettingsReading<SettingsOf[Name]> {
  const contract = workerNamed(worker);
  const given = readArguments(contract, argv);
  if (given.wantsHelp) return { text: helpText(contract) };
  if (given.wantsVersion) return { text: `${worker} ${about.version}\n` };
  return { settings: settingsFrom(worker, given.texts, environment, given.problems) };
}

/** The same from parsed arguments, by flag: for a caller without a command line, such as AWS Lambda. */
export function settingsFrom<Name extends WorkerName>(
  worker: Name,
  texts: ReadonlyMap<string, string>,
  environment: Environment,
  earlier: readonly SettingProblem[] = [],
): SettingsOf[Name] {
  const checked = checkSettings(workerNamed(worker), texts, environment);
  const problems = [...earlier, ...withoutRepeats(checked.problems, earlier), ...relationProblems(checked.values)];
  if (problems.length > 0) throw new SettingsFault(worker, problems);
  const typed: { readonly [name in WorkerName]: (values: CheckedSettings["values"]) => SettingsOf[name] } = {
    batch_validator: toValidatorSettings,
    batch_processor: toProcessorSettings,
  };
  return typed[worker](checked.values);
}

/** A flag without a value is not also reported as missing. */
function withoutRepeats(problems: readonly SettingProblem[], earlier: readonly SettingProblem[]): SettingProblem[] {
  const flags = new Set(earlier.map(({ text }) => text.split(" ")[0]));
  return problems.filter(({ text }) => !(flags.has(text.split(" ")[0]) && text.includes(" is missing")));
}
