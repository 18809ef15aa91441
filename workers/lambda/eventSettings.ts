import { workerNamed } from "../../src/shared/contract.ts";
import { quoted } from "../../src/shared/text.ts";
import { WorkerFault } from "../model/fault.ts";
import type { Environment } from "../settings/checkSettings.ts";
import { settingsFrom } from "../settings/readSettings.ts";
import type { ProcessorSettings } from "../settings/settings.ts";
import type { SettingProblem } from "../settings/settingsFault.ts";

const processor = workerNamed("batch_processor");

/**
 * The settings of a call: the event contains the arguments of the program as chunkId, startIndex, endIndex, manifest,
 * ...; all else comes from the environment. Keys that are not arguments are ignored, so that an entry of chunks.json is
 * accepted.
 */
export function eventSettings(event: unknown, environment: Environment): ProcessorSettings {
  if (typeof event !== "object" || event === null || Array.isArray(event)) {
    throw new WorkerFault("usage", `the event is ${describe(event)}; expected an object`, {
      hint: 'Send {"chunkId": "chunk-000000", "startIndex": 0, "endIndex": 1000, "manifest": "s3://..."}.',
    });
  }
  const texts = new Map<string, string>();
  for (const { flag } of processor.settings) {
    if (flag === undefined) continue;
    const key = camelCase(flag);
    const value: unknown = Object.hasOwn(event, key) ? (event as Record<string, unknown>)[key] : undefined;
    if (value === undefined || value === null) continue;
    if (typeof value !== "string" && typeof value !== "number") {
      throw new WorkerFault("usage", `${key} of the event is ${describe(value)}; expected a text or a number`);
    }
    texts.set(flag, String(value));
  }
  return settingsFrom("batch_processor", texts, environment, unfitChoices(texts, environment));
}

function camelCase(flag: string): string {
  return flag.replace(/^--/, "").replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function describe(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "a list" : `of type ${typeof value}`;
}

/**
 * Values that the program accepts and the function does not: a file or the standard output of an instance is lost with
 * it, while the checkpoint would say that the records are delivered.
 */
function unfitChoices(texts: ReadonlyMap<string, string>, environment: Environment): SettingProblem[] {
  const { settings, lambda } = processor;
  const narrowed = new Map(Object.entries(lambda?.choices ?? {}));
  return settings.flatMap(({ flag, variable, choices = [] }): SettingProblem[] => {
    const fit = narrowed.get(variable);
    const given = flag === undefined ? undefined : texts.get(flag);
    const text = given ?? environment[variable];
    // A value that the program does not accept either is reported where its settings are checked.
    if (fit === undefined || text === undefined || fit.includes(text) || !choices.includes(text)) return [];
    const [kind, name] = given === undefined ? (["configuration", variable] as const) : (["usage", flag] as const);
    return [{ kind, text: `${name} is ${quoted(text)}; expected one of ${fit.join(", ")} in a function` }];
  });
}
