import { isObject } from "../model/json.ts";
import type { Model } from "../model/model.ts";
import { type WorkerSetting, workers } from "../shared/contract.ts";
import { valueAt } from "../shared/pointer.ts";

/** What the README of the module says of each worker: every argument and variable, and what its job definition gives it. */
export function workersView(model: Model) {
  return workers.map(({ name, job, meaning, settings }) => {
    const document = model.documents[`batch-${job}-job`];
    return {
      name,
      job,
      meaning,
      settings: settings.map((setting) => ({
        flag: setting.flag ?? "",
        variable: setting.variable,
        meaning: setting.meaning,
        given: givenBy(document, setting),
      })),
    };
  });
}

/** The text in the job definition, else the worker's own default, else nothing. */
function givenBy(document: unknown, { flag, variable, default: byDefault = "" }: WorkerSetting): string {
  const command = valueAt(document, "/container_properties/command");
  const words: readonly unknown[] = Array.isArray(command) ? command : [];
  const argument = flag === undefined ? undefined : words[words.indexOf(flag) + 1];
  if (flag !== undefined && words.includes(flag) && typeof argument === "string") return argument;
  const environment = valueAt(document, "/container_properties/environment");
  const entries: readonly unknown[] = Array.isArray(environment) ? environment : [];
  const entry = entries.find((candidate) => isObject(candidate) && candidate.name === variable);
  return isObject(entry) && typeof entry.value === "string" ? entry.value : byDefault;
}
