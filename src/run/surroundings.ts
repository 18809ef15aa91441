import { isObject } from "../model/json.ts";
import { WrongUsage } from "../model/problem.ts";
import { objectPath } from "./folder/objectPath.ts";
import { type Job, type JobPlan, jobOfInvoke, jobOfSubmit } from "./jobs/planJobs.ts";
import type { Stop } from "./jobs/stop.ts";
import type { Surroundings } from "./states/execute.ts";
import type { Again } from "./states/retries.ts";
import { StatesError } from "./states/statesError.ts";

export interface SurroundingParts {
  readonly plan: JobPlan;
  /** Starts a job and waits for it. Throws StatesError when it fails. */
  readonly runJob: (job: Job, parameters: unknown) => Promise<unknown>;
  readonly onItems: (items: readonly unknown[]) => void;
  /** Reads the text of a file; throws as `readFile` does. */
  readonly readText: (path: string) => Promise<string>;
  readonly concurrency: (allowed: number) => number;
  readonly stop: Stop;
  readonly onFailure?: (error: StatesError, again: Again | undefined) => void;
}

/** The services that a state machine calls, on this machine: jobs are processes, and objects of S3 are files. */
export function createSurroundings(parts: SurroundingParts): Surroundings {
  const { plan, runJob, concurrency, stop } = parts;
  return {
    doTask: async (resource, parameters) => {
      const service = /^arn:[^:]+:states:::(.+)$/.exec(resource)?.[1] ?? resource;
      if (/^batch:submitJob(\.sync)?$/.test(service)) return runJob(jobOfSubmit(parameters, plan), parameters);
      if (service === "lambda:invoke" || /^arn:[^:]+:lambda:/.test(resource)) {
        return runJob(
          jobOfInvoke(service === "lambda:invoke" ? parameters : { Payload: parameters }, plan),
          parameters,
        );
      }
      if (/^aws-sdk:s3:getObject$/.test(service)) return getObject(pathOf(parameters, plan), parts);
      throw new WrongUsage(
        `the state machine calls ${JSON.stringify(resource)}, which run does not support`,
        "run supports batch:submitJob, lambda:invoke and s3:getObject",
      );
    },
    readItems: async (resource, parameters) => {
      if (!/:s3:getObject$/.test(resource))
        throw new StatesError("States.Runtime", `run cannot read items by ${resource}`);
      const items = await readItems(pathOf(parameters, plan), parts);
      parts.onItems(items);
      return items;
    },
    concurrency,
    wait: (seconds) => stop.wait(seconds),
    throwIfStopped: () => stop.throwIfStopped(),
    ...(parts.onFailure !== undefined && { onFailure: parts.onFailure }),
  };
}

async function readItems(path: string, { readText }: SurroundingParts): Promise<readonly unknown[]> {
  const text = await readText(path).catch((error: NodeJS.ErrnoException) => {
    throw new StatesError("States.ItemReaderFailed", error.message);
  });
  const items: unknown = JSON.parse(text);
  if (Array.isArray(items)) return items;
  throw new StatesError("States.ItemReaderFailed", `${path} does not contain a list`);
}

async function getObject(path: string, { readText }: SurroundingParts): Promise<unknown> {
  try {
    const Body = await readText(path);
    return { Body, ContentLength: Buffer.byteLength(Body) };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new StatesError(code === "ENOENT" ? "S3.NoSuchKeyException" : "S3.S3Exception", message);
  }
}

/** Keys are made from the input of the execution, which names local files. */
function pathOf(parameters: unknown, { settings }: JobPlan): string {
  const key = isObject(parameters) ? parameters.Key : undefined;
  const path = typeof key === "string" ? objectPath(key, settings.output) : "";
  if (path.startsWith("/")) return path;
  throw new WrongUsage(
    `the state machine reads the object ${JSON.stringify(key)}; run can read only the files of this run`,
    "build its key from the input or the output of the execution",
  );
}
