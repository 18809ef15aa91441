import type { JobDefinition, LambdaFunction } from "../../derived/types.ts";
import type { TemplateDocument } from "../../model/document.ts";
import type { Subject } from "../../model/rule.ts";
import { type Worker, type WorkerCall, type WorkerCondition, workerOf, workers } from "../../shared/contract.ts";
import { pointerTo } from "../../shared/pointer.ts";
import type { PlacedRole } from "./policies.ts";
import { roleAt } from "./roles.ts";
import { isSample } from "./samples.ts";

/** Something that uses a role: a job, or the function. */
export interface Caller {
  readonly role: PlacedRole;
  /** Name of the job definition or function. */
  readonly name: string;
  /** Undefined when it runs a program that is not ours, which nothing is known about. */
  readonly worker: Worker | undefined;
  /** The value of a variable of the worker; undefined when it comes from a placeholder or a secret. */
  readonly value: (variable: string) => string | undefined;
  readonly lambda?: TemplateDocument<LambdaFunction>;
}

/** Everything in the documents that uses a role that is in the documents as well. */
export function callersOf(subject: Subject): readonly Caller[] {
  const jobs = subject.jobDefinitions.flatMap((document) => {
    const role = roleAt(document, "/container_properties/job_role_arn", subject);
    if (role === undefined) return [];
    const worker = workerIn(document.value);
    return [{ role, name: document.value.name, worker, value: (name: string) => jobValue(name, document, worker) }];
  });
  const functions = subject.lambdaFunctions.flatMap((document) => {
    const role = roleAt(document, "/role", subject);
    if (role === undefined) return [];
    const worker = workerOf("processing");
    const value = (name: string) => functionValue(name, document, worker);
    return [{ role, name: document.value.name, worker, value, lambda: document }];
  });
  return [...jobs, ...functions];
}

export type Certainty = "always" | "perhaps" | "never";

/** Whether the worker makes the call under its settings. */
export function makes({ value }: Pick<Caller, "value">, { when }: WorkerCall): Certainty {
  return holds(when, value);
}

/** Whether a condition of the contract is met. An unknown value can be anything. */
export function holds(
  condition: WorkerCondition | undefined,
  value: (variable: string) => string | undefined,
): Certainty {
  const parts = Object.entries(condition ?? {}).map(([variable, values]): Certainty => {
    const known = value(variable);
    if (known === undefined) return "perhaps";
    return values.includes(known) ? "always" : "never";
  });
  if (parts.includes("never")) return "never";
  return parts.includes("perhaps") ? "perhaps" : "always";
}

/** The worker that a job runs, identified by its program. */
export function workerIn({ container_properties: { command, image } }: JobDefinition): Worker | undefined {
  const program = command?.[0];
  const repository = image.split("/").at(-1)?.split(/[:@]/)[0];
  return workers.find((worker) => (program === undefined ? worker.name === repository : worker.program === program));
}

/** The value of a variable in a job: as written, else the worker's default. */
export function jobValue(
  name: string,
  document: TemplateDocument<JobDefinition>,
  worker: Worker | undefined,
): string | undefined {
  const { environment = [], secrets = [] } = document.value.container_properties;
  if (secrets.some((secret) => secret.name === name)) return undefined;
  const index = environment.findIndex((entry) => entry.name === name);
  if (isSample(document, `/container_properties/environment/${index}/value`)) return undefined;
  return environment[index]?.value ?? defaultOf(worker, name);
}

/** The value of a variable in the function: as written, else the worker's default. */
export function functionValue(
  name: string,
  document: TemplateDocument<LambdaFunction>,
  worker: Worker,
): string | undefined {
  if (isSample(document, pointerTo("/environment", name))) return undefined;
  const { environment = {} } = document.value;
  return Object.hasOwn(environment, name) ? environment[name] : defaultOf(worker, name);
}

function defaultOf(worker: Worker | undefined, name: string): string | undefined {
  return worker?.settings.find(({ variable }) => variable === name)?.default;
}
