import type { JobDefinition, State, StateMachine } from "../../derived/types.ts";
import type { TemplateDocument } from "../../model/document.ts";
import { isObject } from "../../model/json.ts";
import type { Subject } from "../../model/rule.ts";
import { wholePlaceholder } from "./samples.ts";
import { type QueryLanguage, statesOf } from "./scopes.ts";

/** A state that submits a job to AWS Batch. */
export interface SubmitTask {
  readonly machine: TemplateDocument<StateMachine>;
  readonly name: string;
  /** Pointer to the state. */
  readonly pointer: string;
  readonly state: State;
  readonly language: QueryLanguage;
  /** The state waits until the job has ended. */
  readonly waits: boolean;
  /** What is passed to SubmitJob, and the key of the state that contains it. */
  readonly request: Readonly<Record<string, unknown>>;
  readonly requestKey: "Parameters" | "Arguments";
}

export function submitTasksOf({ stateMachines }: Subject): readonly SubmitTask[] {
  return stateMachines.flatMap((machine) =>
    statesOf(machine)
      .filter(({ state }) => state.Type === "Task" && resources.some((resource) => isResource(state, resource)))
      .map((placed) => toTask(machine, placed)),
  );
}

const resources = ["batch:submitJob", "batch:submitJob.sync", "batch:submitJob.waitForTaskToken"];

/** The partition differs between aws, aws-cn and aws-us-gov; `aws-sdk:` marks the plain SDK integration. */
function isResource({ Resource = "" }: State, action: string): boolean {
  return Resource.endsWith(`:states:::${action}`) || Resource.endsWith(`:states:::aws-sdk:${action}`);
}

function toTask(machine: TemplateDocument<StateMachine>, placed: ReturnType<typeof statesOf>[number]): SubmitTask {
  const requestKey = placed.language === "JSONata" ? "Arguments" : "Parameters";
  const request = placed.state[requestKey];
  return {
    ...placed,
    machine,
    waits: isResource(placed.state, "batch:submitJob.sync"),
    request: isObject(request) ? request : {},
    requestKey,
  };
}

/** The document of the definition that a task submits: by its name, its ARN, or the placeholder of its ARN. */
export function definitionOf(
  task: SubmitTask,
  { jobDefinitions }: Subject,
): TemplateDocument<JobDefinition> | undefined {
  const reference = task.request.JobDefinition;
  if (typeof reference !== "string") return undefined;
  const file = fileOf[wholePlaceholder(task.machine, `${task.pointer}/${task.requestKey}/JobDefinition`) ?? ""];
  if (file !== undefined) return jobDefinitions.find(({ path }) => path.split(/[\\/]/).at(-1) === file);
  const name = reference.split("job-definition/").at(-1)?.split(":").at(0);
  return jobDefinitions.find(({ value }) => value.name === name);
}

/** The ARN is known when Terraform has created the definition, whatever its name; the sample has the default name only. */
const fileOf: Readonly<Record<string, string>> = {
  BATCH_VALIDATION_JOB_ARN: "batch-validation-job.json",
  BATCH_PROCESSING_JOB_ARN: "batch-processing-job.json",
};
