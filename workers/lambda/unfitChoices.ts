import { type WorkerName, workerNamed } from "../../src/shared/contract.ts";
import { quoted } from "../../src/shared/text.ts";
import type { Environment } from "../settings/checkSettings.ts";
import type { SettingProblem } from "../settings/settingsFault.ts";

/**
 * Values that the program may have and the function may not: a file or the standard output of an instance is gone with it,
 * while the checkpoint would say that the records are delivered.
 */
export function unfitChoices(
  worker: WorkerName,
  texts: ReadonlyMap<string, string>,
  environment: Environment,
): SettingProblem[] {
  const { settings, lambda } = workerNamed(worker);
  const narrowed = new Map(Object.entries(lambda?.choices ?? {}));
  return settings.flatMap(({ flag, variable, choices = [] }): SettingProblem[] => {
    const fit = narrowed.get(variable);
    const given = flag === undefined ? undefined : texts.get(flag);
    const text = given ?? environment[variable];
    // A value that the program may not have either is told about where its settings are checked.
    if (fit === undefined || text === undefined || fit.includes(text) || !choices.includes(text)) return [];
    const [kind, name] = given === undefined ? (["configuration", variable] as const) : (["usage", flag] as const);
    return [{ kind, text: `${name} is ${quoted(text)}; expected one of ${fit.join(", ")} in a function` }];
  });
}
