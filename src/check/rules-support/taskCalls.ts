import type { State, StateMachine } from "../../derived/types.ts";
import type { TemplateDocument } from "../../model/document.ts";
import { isObject } from "../../model/json.ts";
import { isKnownResource } from "./integrations.ts";
import { statesOf } from "./scopes.ts";

/** An action of AWS that Step Functions calls, with the role of the state machine, to run a state. */
export interface TaskCall {
  readonly action: string;
  readonly state: string;
}

/** What the states of a machine call, as far as their integration is known here. */
export function taskCallsOf(machine: TemplateDocument<StateMachine>): readonly TaskCall[] {
  return statesOf(machine).flatMap(({ name, state }) => actionsOf(state).map((action) => ({ action, state: name })));
}

/** Whether a state calls something unknown, which may not exist. */
export function callsUnknown(machine: TemplateDocument<StateMachine>): boolean {
  return statesOf(machine).some(({ state }) => state.Type === "Task" && !isKnownResource(state.Resource ?? ""));
}

function actionsOf(state: State): readonly string[] {
  if (state.Type === "Task") return taskActions(state.Resource ?? "");
  if (state.Type !== "Map" || state.ItemProcessor?.ProcessorConfig?.Mode !== "DISTRIBUTED") return [];
  return ["states:StartExecution", ...resourceActions(state.ItemReader), ...resourceActions(state.ResultWriter)];
}

function resourceActions(part: unknown): readonly string[] {
  return isObject(part) && typeof part.Resource === "string" ? taskActions(part.Resource) : [];
}

/** Of `arn:aws:states:::batch:submitJob.sync` and `arn:aws:states:::aws-sdk:s3:getObject`, the service and the action. */
function taskActions(resource: string): readonly string[] {
  if (/^arn:aws[a-z-]*:lambda:/.test(resource)) return ["lambda:InvokeFunction"];
  if (!isKnownResource(resource)) return [];
  const [, service = "", call = ""] = /:states:::(?:aws-sdk:)?([a-z0-9]+):([A-Za-z0-9]+)/.exec(resource) ?? [];
  if (service === "") return [];
  const known = `${service}:${call}`;
  if (Object.hasOwn(otherwiseNamed, known)) return [otherwiseNamed[known] as string];
  // Services whose permissions have the name of the call in Step Functions.
  return namedAlike.has(service) ? [`${service}:${call.charAt(0).toUpperCase()}${call.slice(1)}`] : [];
}

const otherwiseNamed: Readonly<Record<string, string>> = {
  "lambda:invoke": "lambda:InvokeFunction",
  "s3:headObject": "s3:GetObject",
  "s3:listObjects": "s3:ListBucket",
  "s3:listObjectsV2": "s3:ListBucket",
  "s3:headBucket": "s3:ListBucket",
  "s3:copyObject": "s3:PutObject",
  "sqs:sendMessageBatch": "sqs:SendMessage",
  "sns:publishBatch": "sns:Publish",
};
const namedAlike = new Set(["batch", "dynamodb", "ecs", "events", "glue", "lambda", "s3", "sns", "sqs", "states"]);
