import { isObject } from "../../model/json.ts";
import { defineRule, type Finding } from "../../model/rule.ts";
import { nearest } from "../../shared/nearest.ts";
import { pointerTo } from "../../shared/pointer.ts";
import { isSample } from "../rules-support/samples.ts";
import { type SubmitTask, submitTasksOf } from "../rules-support/submitTasks.ts";

const machine = (parameters: Readonly<Record<string, unknown>>, base: unknown = whole) => ({
  documents: {
    "example.asl.json": {
      StartAt: "Submit",
      States: {
        Submit: {
          Type: "Task",
          Resource: "arn:aws:states:::batch:submitJob",
          Parameters: { ...(isObject(base) ? base : {}), ...parameters },
          End: true,
        },
      },
    },
  },
});
const whole = { JobName: "orders", JobQueue: "orders-queue", JobDefinition: "orders-job" };

export const stateTaskParameters = defineRule({
  id: "state-task-parameters",
  severity: "error",
  summary: "A task that submits a job spells its fields as Step Functions does, and passes texts.",
  why:
    "The API of AWS Batch has jobQueue, Step Functions has JobQueue, and it rejects the other spelling. " +
    "Values of Parameters are texts: a number is rejected when the job is submitted, in the middle of a run. " +
    "And a path under a key that does not end in .$ is passed literally: the job gets the text $.input.",
  source: "https://docs.aws.amazon.com/step-functions/latest/dg/connect-batch.html",
  examples: {
    good: [
      {
        shows: "texts, and a number converted to text",
        ...machine({
          Parameters: {
            "input.$": "$.input",
            "startIndex.$": "States.Format('{}', $.startIndex)",
            "endIndex.$": "States.JsonToString($.endIndex)",
            maxInvalid: "0",
          },
        }),
      },
      {
        shows: "JSONata",
        documents: {
          "example.asl.json": {
            QueryLanguage: "JSONata",
            StartAt: "Submit",
            States: {
              Submit: {
                Type: "Task",
                Resource: "arn:aws:states:::batch:submitJob",
                Arguments: { ...whole, Parameters: { startIndex: "{% $string($states.input.startIndex) %}" } },
                End: true,
              },
            },
          },
        },
      },
    ],
    bad: [
      {
        shows: "the spelling of the API",
        ...machine({ jobName: "orders", jobQueue: "orders-queue", jobDefinition: "orders-job" }, {}),
      },
      {
        shows: "a job definition that the module does not have",
        ...machine({ JobDefinition: "gss-dev-batch-procesing-job" }),
      },
      {
        shows: "a job definition with a revision, unlike any in the module",
        ...machine({ JobDefinition: "gss-dev-batch-orders:3" }),
      },
      { shows: "no queue", ...machine({ JobName: "orders", JobDefinition: "orders-job" }, {}) },
      { shows: "a field that does not exist", ...machine({ Priority: 1 }) },
      {
        shows: "the spelling of the API in a nested field",
        ...machine({ ContainerOverrides: { Environment: [{ name: "RECORD_KEY", value: "id" }] } }),
      },
      { shows: "a number", ...machine({ Parameters: { startIndex: 0 } }) },
      { shows: "a path to a number", ...machine({ Parameters: { "startIndex.$": "$.startIndex" } }) },
      { shows: "a path that is passed as text", ...machine({ Parameters: { input: "$.input" } }) },
      { shows: "a text where a path should be", ...machine({ Parameters: { "input.$": "orders.csv" } }) },
    ],
  },
  *check(subject) {
    const names = subject.jobDefinitions.map(({ value }) => value.name);
    for (const task of submitTasksOf(subject)) {
      yield* definitionFindings(task, names);
      const request = task.state[task.requestKey];
      if (typeof request === "string") continue; // JSONata computes all of it at run time
      const pointer = `${task.pointer}/${task.requestKey}`;
      for (const finding of [...fieldFindings(task, pointer), ...valueFindings(task, `${pointer}/Parameters`)]) {
        if (!isSample(task.machine, finding.pointer)) yield { document: task.machine, ...finding };
      }
    }
  },
});

/** A definition whose name starts like those of the module, but is not one of them. Others may well exist elsewhere. */
function* definitionFindings({ machine, pointer, request, requestKey }: SubmitTask, names: readonly string[]) {
  const reference = request.JobDefinition;
  const at = `${pointer}/${requestKey}/JobDefinition`;
  // A single document, as when one file is checked, says nothing about the names of the others.
  if (names.length < 2 || typeof reference !== "string" || /^arn:|^\{%/.test(reference)) return;
  // A late prefix is on both sides; the values of other placeholders are not known.
  if (machine.placeholders.some((use) => use.pointer === at && use.name !== "PREFIX")) return;
  const found = reference.split(":")[0] ?? reference;
  const start = commonStart(names);
  if (names.includes(found) || start === "" || !found.startsWith(start)) return;
  const close = nearest(found, names);
  const expected = `a job definition of this module: ${names.join(", ")}`;
  const hint = close ? `did you mean ${close}?` : "name one of them, or the ARN of an external one";
  const finding: Finding = { document: machine, pointer: at, found, expected, hint };
  yield finding;
}

/** What all of the names start with, in whole words: gss-dev-batch- of gss-dev-batch-a and gss-dev-batch-b; else "". */
function commonStart([first = "", ...others]: readonly string[]): string {
  let length = first.length;
  while (!others.every((name) => name.startsWith(first.slice(0, length)))) length -= 1;
  return first.slice(0, first.slice(0, length).lastIndexOf("-") + 1);
}

type Remark = Omit<Finding, "document">;

const required = ["JobName", "JobQueue", "JobDefinition"];
const fields = [
  ...required,
  "ArrayProperties",
  "ConsumableResourcePropertiesOverride",
  "ContainerOverrides",
  "DependsOn",
  "EcsPropertiesOverride",
  "EksPropertiesOverride",
  "NodeOverrides",
  "Parameters",
  "PropagateTags",
  "RetryStrategy",
  "SchedulingPriorityOverride",
  "ShareIdentifier",
  "Tags",
  "Timeout",
];
/** The keys below these are the user's own, whatever their case. */
const free = ["Parameters", "Tags"];

function* fieldFindings({ request }: SubmitTask, pointer: string): Iterable<Remark> {
  const names = Object.keys(request).map(withoutSuffix);
  for (const [key, value] of Object.entries(request)) {
    const name = withoutSuffix(key);
    if (!fields.includes(name)) {
      const close = nearest(name, fields);
      const hint = close ? `did you mean ${close}?` : `SubmitJob accepts ${fields.join(", ")}`;
      yield {
        pointer: pointerTo(pointer, key),
        found: name,
        expected: "a field of SubmitJob as Step Functions spells it",
        hint,
      };
    } else if (!free.includes(name)) {
      yield* lowerCase(value, pointerTo(pointer, key));
    }
  }
  for (const name of required) {
    if (names.includes(name) || names.some((given) => given.toLowerCase() === name.toLowerCase())) continue;
    yield {
      pointer: `${pointer}/${name}`,
      expected: `${name}, without which no job can be submitted`,
      hint: `add "${name}"`,
    };
  }
}

function* lowerCase(value: unknown, pointer: string): Iterable<Remark> {
  if (typeof value !== "object" || value === null) return;
  for (const [key, item] of Object.entries(value)) {
    const below = pointerTo(pointer, key);
    if (!Array.isArray(value) && /^[a-z]/.test(key)) {
      const expected = "a field that starts with a capital letter, as Step Functions spells it";
      yield { pointer: below, found: key, expected, hint: `write ${key.charAt(0).toUpperCase()}${key.slice(1)}` };
    }
    yield* lowerCase(item, below);
  }
}

/** Fields of chunks.json, and of the context of Step Functions, that are numbers. */
const numbers = ["startIndex", "endIndex", "chunkSize", "startByte", "endByte", "RetryCount", "Index"];

function* valueFindings({ request, language }: SubmitTask, pointer: string): Iterable<Remark> {
  if (!isObject(request.Parameters)) return;
  for (const [key, found] of Object.entries(request.Parameters)) {
    const remark = language === "JSONPath" ? pathRemark(key, found) : textRemark(found);
    if (remark) yield { pointer: pointerTo(pointer, key), found, ...remark };
  }
}

type Judgement = Pick<Finding, "expected" | "hint">;

function textRemark(value: unknown): Judgement | undefined {
  if (typeof value === "string") return undefined;
  return { expected: "a text, because AWS Batch accepts nothing else", hint: `write "${String(value)}"` };
}

function pathRemark(key: string, value: unknown): Judgement | undefined {
  if (typeof value !== "string") return textRemark(value);
  const isPath = value.startsWith("$") || value.startsWith("States.");
  if (!key.endsWith(".$")) {
    if (!value.startsWith("$.") && !value.startsWith("$$.") && !/^States\.[A-Z][A-Za-z]+\(/.test(value))
      return undefined;
    return {
      expected: "a key that ends in .$ for a path",
      hint: `write "${key}.$", otherwise the job gets the path as text`,
    };
  }
  if (!isPath) {
    return {
      expected: "a path or a States. function for a key that ends in .$",
      hint: `write "${withoutSuffix(key)}" for a fixed text`,
    };
  }
  const last = value.startsWith("$") ? value.split(".").at(-1) : undefined;
  if (last === undefined || !numbers.includes(last)) return undefined;
  return { expected: "a text, and this is a number", hint: `write States.Format('{}', ${value})` };
}

function withoutSuffix(key: string): string {
  return key.replace(/\.\$$/, "");
}
