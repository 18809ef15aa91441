import { isObject } from "../../model/json.ts";
import { type WorkerSetting, workerOf } from "../../shared/contract.ts";
import type { Data } from "../making.ts";

export type Job = "batch-validation-job" | "batch-processing-job";

/** What the default definition of a job passes to its worker: command, defaults of parameters, and environment. */
export function contractParts(job: Job, config: Data): Data {
  const { program, settings } = worker(job);
  const inCommand = settings.filter(({ job_definition }) => job_definition?.parameter !== undefined);
  const defaults = inCommand.filter((setting) => setting.default !== undefined);
  const environment = settings.flatMap((setting) => {
    const value = configuredValue(setting, config);
    return value === undefined ? [] : [{ name: setting.variable, value }];
  });
  return {
    ...(defaults.length > 0 && {
      parameters: Object.fromEntries(
        defaults.map((setting) => [setting.job_definition?.parameter, String(setting.default)]),
      ),
    }),
    container_properties: {
      command: [
        program,
        ...inCommand.flatMap(({ flag, job_definition }) => [String(flag), `Ref::${job_definition?.parameter}`]),
      ],
      environment: environment.sort(byName),
    },
  };
}

function configuredValue({ job_definition, default: byDefault }: WorkerSetting, config: Data): string | undefined {
  if (job_definition?.config === undefined) return job_definition?.value;
  return String(config[job_definition.config] ?? byDefault);
}

/** A variable that repeats a property of the container, such as its vCPUs, follows it, unless the user sets the variable. */
export function followVcpus(document: Data, said: Data, job: Job): Data {
  const { container_properties } = document;
  if (!isObject(container_properties) || !Array.isArray(container_properties.environment)) return document;
  const own = new Set(entriesOf(said).map(({ name }) => name));
  const copies = worker(job).settings.flatMap(({ variable, job_definition }) => {
    const value = job_definition?.copy === "vcpus" ? vcpusOf(container_properties) : undefined;
    return value === undefined || own.has(variable) ? [] : [{ name: variable, value }];
  });
  const environment = [...container_properties.environment, ...copies];
  return { ...document, container_properties: { ...container_properties, environment } };
}

function worker(job: Job) {
  return workerOf(job === "batch-validation-job" ? "validation" : "processing");
}

function vcpusOf({ vcpus, resource_requirements }: Data): string | undefined {
  if (typeof vcpus === "number") return String(vcpus);
  const requirements = Array.isArray(resource_requirements) ? resource_requirements.filter(isObject) : [];
  const value = requirements.find(({ type }) => type === "VCPU")?.value;
  // A fraction of a vCPU, which Fargate has, is not a number of threads; a placeholder is not known yet.
  return typeof value === "string" && /^[1-9][0-9]*$/.test(value) ? value : undefined;
}

function entriesOf({ container_properties }: Data): readonly Data[] {
  const environment = isObject(container_properties) ? container_properties.environment : undefined;
  return Array.isArray(environment) ? environment.filter(isObject) : [];
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1;
}
