import { isObject } from "../../model/json.ts";
import { defineRule, type Finding, type Subject } from "../../model/rule.ts";
import { workerOf } from "../../shared/contract.ts";
import { nearest } from "../../shared/nearest.ts";
import { pointerTo } from "../../shared/pointer.ts";
import { wholePlaceholder } from "../rules-support/samples.ts";
import { type PlacedState, statesOf } from "../rules-support/scopes.ts";

const invoke = (Payload: Readonly<Record<string, unknown>>, FunctionName = "${RECORD_PROCESSOR_FUNCTION_ARN}") => ({
  documents: {
    "example.asl.json": {
      StartAt: "Invoke",
      States: {
        Invoke: {
          Type: "Task",
          Resource: "arn:aws:states:::lambda:invoke",
          Parameters: { FunctionName, Payload },
          Retry: [{ ErrorEquals: ["States.ALL"], JitterStrategy: "FULL" }],
          End: true,
        },
      },
    },
  },
});
const whole = { "chunkId.$": "$.chunkId", "endIndex.$": "$.endIndex" };
const range = { ...whole, "startIndex.$": "$.startIndex" };

export const lambdaEvent = defineRule({
  id: "lambda-event",
  severity: "error",
  summary: "The event of the function contains what the worker needs to know about a chunk.",
  why:
    "The event gives the function what a job gets through the parameters of its command. A missing field " +
    "makes every call fail with Usage, and so does a misspelt one.",
  source: "schemas/worker-contract.json: the arguments of batch_processor, in the spelling of the parameters",
  examples: {
    good: [
      { shows: "a chunk and its manifest", ...invoke({ ...range, "manifest.$": "$.manifest" }) },
      { shows: "a chunk of a file without manifest", ...invoke({ ...range, "input.$": "$.input" }) },
    ],
    bad: [
      { shows: "no manifest", ...invoke(range) },
      {
        shows: "no manifest for the function by its ARN",
        ...invoke(range, "arn:aws:lambda:us-east-1:123456789012:function:gss-dev-batch-record-processor:live"),
      },
      {
        shows: "a misspelt field",
        ...invoke({ ...whole, "startIndx.$": "$.startIndex", "manifest.$": "$.manifest" }),
      },
    ],
  },
  *check(subject) {
    for (const machine of subject.stateMachines) {
      for (const placed of statesOf(machine)) {
        const payload = payloadOf(placed, machine, subject);
        if (payload === undefined) continue;
        for (const finding of fieldFindings(payload)) {
          yield { document: machine, ...finding, pointer: `${placed.pointer}${finding.pointer}` };
        }
      }
    }
  },
});

type Machine = Subject["stateMachines"][number];

const parameters = "/Parameters";

/** The fields of the event, when the state calls our function and lists them one by one. */
function payloadOf({ state, pointer, language }: PlacedState, machine: Machine, subject: Subject) {
  if (language === "JSONata" || !(state.Resource ?? "").includes(":states:::lambda:invoke")) return undefined;
  if (!isObject(state.Parameters) || !isObject(state.Parameters.Payload)) return undefined;
  const { FunctionName: name, Payload } = state.Parameters;
  const placeholder = wholePlaceholder(machine, `${pointer}${parameters}/FunctionName`);
  const isOurs =
    placeholder?.startsWith("RECORD_PROCESSOR_FUNCTION_") ||
    subject.lambdaFunctions.some(({ value }) => typeof name === "string" && name.split(":")[6] === value.name) ||
    subject.lambdaFunctions.some(({ value }) => name === value.name);
  return isOurs ? Payload : undefined;
}

const settings = workerOf("processing").settings.filter(({ flag }) => flag !== undefined);
const known = settings.map(fieldOf);
const required = settings.filter((setting) => setting.required && setting.job_definition?.parameter).map(fieldOf);
/** Of these the worker needs one. */
const sources = ["manifest", "input"];

function fieldOf({ flag = "" }: { readonly flag?: string }): string {
  return flag.replace(/^--/, "").replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function* fieldFindings(payload: Readonly<Record<string, unknown>>): Iterable<Omit<Finding, "document">> {
  const fields = Object.keys(payload).map((key) => key.replace(/\.\$$/, ""));
  const missing = [
    ...required.filter((name) => !fields.includes(name)),
    ...(sources.some((name) => fields.includes(name)) ? [] : ["manifest"]),
  ];
  for (const name of missing) {
    const close = nearest(
      name,
      fields.filter((field) => !known.includes(field)),
    );
    yield {
      pointer: pointerTo(`${parameters}/Payload`, close === undefined ? name : keyOf(close, payload)),
      ...(close !== undefined && { found: close }),
      expected: `${name}, which the function needs to know about a chunk`,
      hint: close === undefined ? `add "${name}.$"` : `did you mean ${name}?`,
    };
  }
}

function keyOf(field: string, payload: Readonly<Record<string, unknown>>): string {
  return Object.hasOwn(payload, field) ? field : `${field}.$`;
}
