import type { DocumentKind } from "../model/document.ts";
import { isObject } from "../model/json.ts";

const byFileName: readonly (readonly [RegExp, DocumentKind])[] = [
  [/^compute-environment(?:[.-].*)?\.json$/, "compute-environment"],
  [/^job-queue(?:[.-].*)?\.json$/, "job-queue"],
  [/^launch-template(?:[.-].*)?\.json$/, "launch-template"],
  [/^log-groups(?:[.-].*)?\.json$/, "log-groups"],
  [/^(?:.*-)?job(?:-definition)?\.json$/, "job-definition"],
  [/^iam-roles(?:[.-].*)?\.json$/, "iam-roles"],
  [/^security-groups(?:[.-].*)?\.json$/, "security-groups"],
  [/^state-machine-settings(?:[.-].*)?\.json$/, "state-machine-settings"],
  [/^lambda-function(?:[.-].*)?\.json$/, "lambda-function"],
  [/^alarms(?:[.-].*)?\.json$/, "alarms"],
  [/^dashboard(?:[.-].*)?\.json$/, "dashboard"],
  [/^event-rules(?:[.-].*)?\.json$/, "event-rules"],
  [/^(?:.*[.-])?(?:step-function-definition|state-machine|asl)\.json$/, "state-machine"],
];

const byKey: readonly (readonly [string, DocumentKind])[] = [
  ["compute_resources", "compute-environment"],
  ["compute_environment_order", "job-queue"],
  ["container_properties", "job-definition"],
  ["block_device_mappings", "launch-template"],
  ["metadata_options", "launch-template"],
  ["StartAt", "state-machine"],
  ["States", "state-machine"],
];

/** What a JSON file describes: by its name, else by a key that only one kind of document has. */
export function recognise(path: string, value?: unknown): DocumentKind | undefined {
  const name = path.split(/[\\/]/).at(-1) ?? path;
  const named = byFileName.find(([pattern]) => pattern.test(name));
  if (named) return named[1];
  if (!isObject(value)) return undefined;
  return byKey.find(([key]) => Object.hasOwn(value, key))?.[1];
}
