import type { Config } from "../derived/types.ts";
import { isObject } from "../model/json.ts";
import { type Worker, type WorkerCondition, workerOf } from "../shared/contract.ts";
import type { Data } from "./making.ts";

/** The settings of a worker, from its definition. */
export interface WorkerSettings {
  /** The value of a variable in the definition, with its placeholders; undefined when it is not there, or is a secret. */
  readonly text: (variable: string) => string | undefined;
  /**
   * The value of a variable when the worker runs: that of the definition, else the worker's default.
   * Undefined when it is known only to Terragrunt, to AWS or at the start of the job.
   */
  readonly value: (variable: string) => string | undefined;
}

/** The settings of a job, from its job definition. */
export function jobSettings(job: Worker["job"], { container_properties }: Data, config: Config): WorkerSettings {
  const { environment, secrets } = isObject(container_properties) ? container_properties : ({} as Data);
  const secret = entriesOf(secrets).map(({ name }) => [name, undefined] as const);
  const plain = entriesOf(environment).map(({ name, value }) => [name, value] as const);
  return settingsFrom(new Map<unknown, unknown>([...plain, ...secret]), job, config);
}

/** The settings of the function, whose environment is a map. */
export function functionSettings({ environment }: Data, config: Config): WorkerSettings {
  return settingsFrom(new Map(Object.entries(isObject(environment) ? environment : {})), "processing", config);
}

/** Whether a condition can be met. An unknown value can be anything. */
export function canHold(condition: WorkerCondition | undefined, { value }: WorkerSettings): boolean {
  return Object.entries(condition ?? {}).every(([variable, values]) => {
    const known = value(variable);
    return known === undefined || values.includes(known);
  });
}

function settingsFrom(said: ReadonlyMap<unknown, unknown>, job: Worker["job"], config: Config): WorkerSettings {
  const text = (variable: string) => {
    const value = said.get(variable);
    return typeof value === "string" ? value : undefined;
  };
  const byDefault = (variable: string) => workerOf(job).settings.find((row) => row.variable === variable)?.default;
  return {
    text,
    value: (variable) => (said.has(variable) ? bound(text(variable), config) : byDefault(variable)),
  };
}

function entriesOf(entries: unknown): readonly Data[] {
  return Array.isArray(entries) ? entries.filter(isObject) : [];
}

/** The text with its placeholder's value in place, if that is known before Terragrunt runs. */
function bound(text: string | undefined, config: Config): string | undefined {
  if (text === undefined || !text.includes("${")) return text;
  const name = /^\$\{([A-Z][A-Z0-9_]*)\}$/.exec(text)?.[1];
  if (name === undefined) return undefined;
  const changed = Object.hasOwn(config.placeholders, name) ? config.placeholders[name] : undefined;
  if (typeof changed?.value === "string") return changed.value;
  const isConfigs = changed?.expression === undefined || changed.expression.trim() === "local.record_destination";
  return name === "RECORD_DESTINATION" && isConfigs ? config.record_destination : undefined;
}
