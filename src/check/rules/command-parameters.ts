import type { JobDefinition } from "../../derived/types.ts";
import type { TemplateDocument } from "../../model/document.ts";
import { isObject } from "../../model/json.ts";
import { defineRule, type Finding } from "../../model/rule.ts";
import { workerParameters as supplied } from "../../shared/contract.ts";
import { nearest } from "../../shared/nearest.ts";
import { pointerTo } from "../../shared/pointer.ts";
import { isSample } from "../rules-support/samples.ts";
import { definitionOf, type SubmitTask, submitTasksOf } from "../rules-support/submitTasks.ts";

const machine = (parameters: unknown) => ({
  documents: {
    "example.asl.json": {
      StartAt: "Validate",
      States: {
        Validate: {
          Type: "Task",
          Resource: "arn:aws:states:::batch:submitJob.sync",
          Parameters: {
            JobName: "validate",
            JobQueue: "gss-dev-batch-queue",
            JobDefinition: "gss-dev-batch-validation-job",
            Parameters: parameters,
          },
          Retry: [{ ErrorEquals: ["Batch.AWSBatchException", "Batch.ServerException"] }],
          Catch: [{ ErrorEquals: ["States.ALL"], Next: "Failed" }],
          End: true,
        },
        Failed: { Type: "Fail" },
      },
    },
  },
});
const command = (...words: string[]) => ({
  documents: { "batch-processing-job.json": { container_properties: { command: words } } },
});

export const commandParameters = defineRule({
  id: "command-parameters",
  severity: "error",
  summary: "Every Ref:: in a command has a value: a default in parameters, or one that the job is submitted with.",
  why:
    "AWS Batch replaces Ref::name with the parameter of that name. AWS does not document what happens when " +
    "there is none; the program may well receive the text Ref::name. A parameter that no Ref:: uses has no " +
    "effect, so a misspelt one goes unnoticed. And AWS Batch rejects a command with an empty argument.",
  source: "https://docs.aws.amazon.com/batch/latest/userguide/example-use-parameters.html",
  examples: {
    good: [
      {
        shows: "a parameter of your own, with a default",
        documents: {
          "batch-processing-job.json": {
            parameters: { logLevel: "info" },
            container_properties: {
              command: [
                ...["/app", "--chunk", "Ref::chunkId", "--from", "Ref::startIndex", "--to", "Ref::endIndex"],
                ...["--manifest", "Ref::manifest", "--log", "Ref::logLevel"],
              ],
            },
          },
        },
      },
      {
        shows: "a state machine that supplies what has no default",
        ...machine({ "input.$": "$.input", "output.$": "$.output" }),
      },
    ],
    bad: [
      { shows: "a name that nothing supplies", ...command("/app", "--start", "Ref::startIdx") },
      { shows: "Ref:: without a name", ...command("/app", "Ref::") },
      { shows: "Ref:: inside an argument", ...command("/app", "--chunk=Ref::chunkId") },
      { shows: "an empty argument", ...command("/app", "") },
      {
        shows: "a default that the command does not use",
        documents: { "batch-processing-job.json": { parameters: { retries: "3" } } },
      },
      { shows: "a state machine that leaves out the output", ...machine({ "input.$": "$.input" }) },
      {
        shows: "a state machine with a misspelt name",
        ...machine({ "input.$": "$.input", "output.$": "$.output", "maxinvalid.$": "$.maxInvalid" }),
      },
    ],
  },
  *check(subject) {
    const tasks = submitTasksOf(subject);
    for (const document of subject.jobDefinitions) {
      const submitting = tasks.filter((task) => definitionOf(task, subject) === document);
      yield* commandFindings(document, submitting.length > 0);
      yield* unusedDefaults(document);
      for (const task of submitting) yield* taskFindings(task, document);
    }
  },
});

const commandPointer = "/container_properties/command";
const mark = "Ref::";

function* commandFindings(document: TemplateDocument<JobDefinition>, hasTask: boolean): Iterable<Finding> {
  const { container_properties, parameters = {} } = document.value;
  for (const [index, found] of (container_properties.command ?? []).entries()) {
    const remark = argumentRemark(found, Object.keys(parameters), hasTask);
    const pointer = `${commandPointer}/${index}`;
    if (remark && !isSample(document, pointer)) yield { document, pointer, found, ...remark };
  }
}

type Remark = Pick<Finding, "expected" | "hint" | "severity">;

function argumentRemark(argument: string, defaults: readonly string[], hasTask: boolean): Remark | undefined {
  if (argument === "") return { expected: "an argument that is not empty", hint: "leave the flag and its value out" };
  if (!argument.includes(mark)) return undefined;
  if (!argument.startsWith(mark)) {
    const expected = "Ref:: at the start of an argument: AWS documents no other position";
    return { expected, hint: "make it a separate argument, after its flag", severity: "warning" };
  }
  const name = argument.slice(mark.length);
  if (!/^[A-Za-z0-9_.-]+$/.test(name)) {
    return {
      expected: "a name of letters, digits, _ . and - after Ref::",
      hint: "name the parameter, as in Ref::chunkId",
    };
  }
  // A task that submits this job says more; taskFindings looks at it.
  if (defaults.includes(name) || hasTask || supplied.includes(name)) return undefined;
  const close = nearest(name, [...defaults, ...supplied]);
  const hint = `${close ? `did you mean Ref::${close}? If not, ` : ""}give ${name} a default in parameters`;
  return {
    expected: `a parameter with a default, or one that the state machine supplies (${supplied.join(", ")})`,
    hint,
  };
}

function* unusedDefaults(document: TemplateDocument<JobDefinition>): Iterable<Finding> {
  const { container_properties, parameters = {} } = document.value;
  const command = container_properties.command ?? [];
  for (const [name, found] of Object.entries(parameters)) {
    if (command.some((argument) => argument.includes(`${mark}${name}`))) continue;
    yield {
      document,
      pointer: pointerTo("/parameters", name),
      found,
      expected: `Ref::${name} in the command`,
      hint: "use it in the command or remove it",
      severity: "warning",
    };
  }
}

function* taskFindings(task: SubmitTask, definition: TemplateDocument<JobDefinition>): Iterable<Finding> {
  const given = givenBy(task);
  if (given === undefined) return;
  const { container_properties, parameters = {} } = definition.value;
  const references = new Set(
    (container_properties.command ?? []).filter((word) => word.startsWith(mark)).map((word) => word.slice(mark.length)),
  );
  const pointer = `${task.pointer}/${task.requestKey}/Parameters`;
  const names = new Set(given.map(withoutSuffix));
  for (const name of references) {
    if (names.has(name) || Object.hasOwn(parameters, name) || name === "") continue;
    yield {
      document: task.machine,
      pointer: pointerTo(pointer, name),
      expected: `a value for Ref::${name} in the command of ${definition.value.name}`,
      hint: `add "${name}.$" here, or a default for it in the parameters of the job definition`,
    };
  }
  for (const key of given) {
    const name = withoutSuffix(key);
    if (references.has(name)) continue;
    const close = nearest(name, references);
    yield {
      document: task.machine,
      pointer: pointerTo(pointer, key),
      found: name,
      expected: `a parameter that the command of ${definition.value.name} uses`,
      hint: close ? `did you mean ${close}?` : `put Ref::${name} into the command, or leave the parameter out`,
      severity: "warning",
    };
  }
}

/** The keys of the parameters that a task passes; undefined when they are only known at run time. */
function givenBy({ request, language }: SubmitTask): readonly string[] | undefined {
  if (language === "JSONPath" && "Parameters.$" in request) return undefined;
  if (typeof request.Parameters === "string") return undefined;
  return isObject(request.Parameters) ? Object.keys(request.Parameters) : [];
}

function withoutSuffix(key: string): string {
  return key.replace(/\.\$$/, "");
}
