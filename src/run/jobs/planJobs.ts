import { isObject } from "../../model/json.ts";
import { WrongUsage } from "../../model/problem.ts";
import { type Worker, workerOf, workers } from "../../shared/contract.ts";
import { type Definitions, jobNamed } from "../definitions.ts";
import { objectPath } from "../folder/objectPath.ts";
import { type RunSettings, worksInFunction } from "../settings.ts";
import { type JobDefinition, textsOf } from "./jobDefinition.ts";

/** The route by which the state machine sends a chunk. */
export type Route = "batch" | "lambda";

/** A job or function call that a task of the state machine starts. */
export interface Job {
  /** The name of its log: "validate" or the id of a chunk. */
  readonly id: string;
  readonly worker: "batch_validator" | "batch_processor";
  /** Undefined for the validation. */
  readonly route: Route | undefined;
  readonly start:
    | { readonly kind: "program"; readonly args: readonly string[] }
    | { readonly kind: "function"; readonly event: Readonly<Record<string, unknown>>; readonly timeoutSeconds: number };
  /** The environment of the definition, with the user's overrides. */
  readonly environment: Readonly<Record<string, string>>;
  /** The variables of `environment` that differ from the definition. */
  readonly overrides: Readonly<Record<string, string>>;
  /** Undefined for a function, whose retries are those of its state. */
  readonly definition: JobDefinition | undefined;
}

export interface JobPlan {
  readonly definitions: Definitions;
  readonly settings: RunSettings;
  readonly recordsOf: (chunkId: string) => string;
}

/** The job that `batch:submitJob` starts for these parameters. */
export function jobOfSubmit(parameters: unknown, plan: JobPlan): Job {
  const submitted = isObject(parameters) ? parameters : {};
  const definition = jobNamed(submitted.JobDefinition, plan.definitions);
  const given = withPaths(textsOf(submitted.Parameters), plan.settings);
  const command = bindCommand(definition, given);
  const { name: worker } = programOf(definition.name, command);
  const isValidation = worker === workerOf("validation").name;
  const id = isValidation ? "validate" : String(given.chunkId);
  return {
    id,
    worker: isValidation ? "batch_validator" : "batch_processor",
    route: isValidation ? undefined : "batch",
    start: { kind: "program", args: command.slice(1) },
    ...environmentOf(
      definition.environment,
      plan,
      isValidation ? { kind: "validation" } : { kind: "processing", writesFile: id },
    ),
    definition,
  };
}

/** The job that `lambda:invoke` starts for these parameters: the function or, if it does not support the destination, the processor. */
export function jobOfInvoke(parameters: unknown, plan: JobPlan): Job {
  const { definitions, settings } = plan;
  const given = isObject(parameters) && isObject(parameters.Payload) ? parameters.Payload : {};
  const payload = withPaths(given, settings);
  const id = String(payload.chunkId);
  const { lambda, processing } = definitions;
  const common = { id, worker: "batch_processor", route: "lambda", definition: undefined } as const;
  if (worksInFunction(settings.destination)) {
    const start = { kind: "function", event: payload, timeoutSeconds: lambda.timeoutSeconds } as const;
    return { ...common, start, ...environmentOf(lambda.environment, plan, { kind: "processing" }) };
  }
  const args = bindCommand(processing, textsOf(payload)).slice(1);
  return {
    ...common,
    start: { kind: "program", args },
    ...environmentOf(processing.environment, plan, { kind: "processing", writesFile: id }),
  };
}

/** The arguments of a job: `Ref::name` is replaced by the parameter of that name, for which the definition may have a default. */
export function bindCommand(definition: JobDefinition, given: Readonly<Record<string, string>>): readonly string[] {
  const parameters = { ...definition.parameters, ...given };
  return definition.command.map((argument) => {
    const name = /^Ref::(.+)$/s.exec(argument)?.[1];
    if (name === undefined) return argument;
    const value = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    if (value !== undefined) return value;
    throw new WrongUsage(
      `the command of ${definition.name} contains Ref::${name}, for which the state machine passes no value`,
      `add ${name} under Parameters of the state that submits the job, or a default under parameters of the job definition`,
    );
  });
}

/** The worker that a command starts by its path in the image. */
export function programOf(definition: string, command: readonly string[]): Worker {
  const [path] = command;
  const worker = workers.find(({ program }) => program === path);
  if (worker !== undefined) return worker;
  throw new WrongUsage(
    `the command of ${definition} starts ${JSON.stringify(path)}; expected ${workers.map(({ program }) => program).join(" or ")}`,
    "run starts only the workers of this package; it cannot start the program of an image of your own",
  );
}

/** Parameters with the path of the file in place of each object of the run. */
function withPaths<Value>(values: Readonly<Record<string, Value>>, { output }: RunSettings): Record<string, Value> {
  const entries = Object.entries(values).map(([name, value]) => [
    name,
    typeof value === "string" ? objectPath(value, output) : value,
  ]);
  return Object.fromEntries(entries);
}

function environmentOf(
  defined: Readonly<Record<string, string>>,
  { settings, recordsOf }: JobPlan,
  job: { readonly kind: "validation" | "processing"; readonly writesFile?: string | undefined },
): Pick<Job, "environment" | "overrides"> {
  const { writesFile } = job;
  const isFile = settings.destination === "file" && writesFile !== undefined;
  const file = isFile ? { DESTINATION_FILE: recordsOf(writesFile) } : {};
  const wanted = Object.entries({ ...settings.overrides[job.kind], ...file });
  const overrides = Object.fromEntries(wanted.filter(([name, value]) => defined[name] !== value));
  return { environment: { ...defined, ...overrides }, overrides };
}
