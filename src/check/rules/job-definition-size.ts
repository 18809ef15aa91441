import type { JobDefinition } from "../../derived/types.ts";
import type { TemplateDocument } from "../../model/document.ts";
import { isObject } from "../../model/json.ts";
import { defineRule, type Finding, type Subject } from "../../model/rule.ts";
import { definitionOf, submitTasksOf } from "../rules-support/submitTasks.ts";

const tags = (word: string, count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`${word}${index + 1}`, "x"]));
const machine = (Tags: unknown) => ({
  StartAt: "Process",
  States: {
    Process: {
      Type: "Task",
      Resource: "arn:aws:states:::batch:submitJob",
      Parameters: {
        JobName: "process",
        JobQueue: "gss-dev-batch-queue",
        JobDefinition: "gss-dev-batch-processing-job",
        Parameters: {
          "chunkId.$": "$.chunkId",
          "startIndex.$": "States.Format('{}', $.startIndex)",
          "endIndex.$": "States.Format('{}', $.endIndex)",
          "manifest.$": "$.manifest",
        },
        Tags,
      },
      End: true,
    },
  },
});

export const jobDefinitionSize = defineRule({
  id: "job-definition-size",
  severity: "error",
  summary: "A job definition is at most 24 KiB, and a job has at most 50 tags, including those of its definition.",
  why:
    "AWS Batch rejects a larger definition when Terraform applies it. Tags fail later: with propagate_tags " +
    "the task gets those of the job and those of its definition, and a job with more than 50 together goes " +
    "straight to FAILED.",
  source: "https://docs.aws.amazon.com/batch/latest/userguide/service_limits.html",
  examples: {
    good: [
      {
        shows: "tags of the definition and of the job, few enough together",
        documents: {
          "batch-processing-job.json": { tags: { Team: "data" } },
          "example.asl.json": machine({ Team: "data", Run: "nightly" }),
        },
      },
    ],
    bad: [
      {
        shows: "49 tags of the definition and 2 of the job",
        documents: {
          "batch-processing-job.json": { tags: tags("Tag", 49) },
          "example.asl.json": machine({ Run: "nightly", Source: "orders" }),
        },
      },
      {
        shows: "data in the command, which belongs in a file in S3",
        documents: { "batch-processing-job.json": { container_properties: { command: ["/app", "x".repeat(24_576)] } } },
        also: ["command-parameters"],
      },
    ],
  },
  *check(subject) {
    for (const document of subject.jobDefinitions) yield* sizeFindings(document);
    yield* tagFindings(subject);
  },
});

const maxBytes = 24 * 1024;
const maxTags = 50;

function* sizeFindings(document: TemplateDocument<JobDefinition>): Iterable<Finding> {
  const bytes = new TextEncoder().encode(asSent(document.value)).length;
  if (bytes <= maxBytes) return;
  yield {
    document,
    pointer: "",
    found: `${bytes} bytes long`,
    expected: `at most ${maxBytes} bytes`,
    hint: "keep long settings in a file in S3 or in Parameter Store, and pass its location",
  };
}

/** The definition roughly as AWS receives it: compact JSON with the keys of the API, which have no underscores. */
function asSent({ $schema: _, ...definition }: JobDefinition): string {
  return JSON.stringify(definition, (_key, value: unknown) =>
    isObject(value)
      ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key.replaceAll("_", ""), item]))
      : value,
  );
}

function* tagFindings(subject: Subject): Iterable<Finding> {
  for (const task of submitTasksOf(subject)) {
    const definition = definitionOf(task, subject);
    const own = task.request.Tags;
    const propagates = task.request.PropagateTags ?? definition?.value.propagate_tags;
    if (definition === undefined || propagates !== true || !isObject(own)) continue;
    const names = new Set([...Object.keys(definition.value.tags ?? {}), ...Object.keys(own)]);
    if (names.size <= maxTags) continue;
    yield {
      document: task.machine,
      pointer: `${task.pointer}/${task.requestKey}/Tags`,
      found: own,
      expected: `at most ${maxTags} tags together with those of ${definition.value.name}, not ${names.size}`,
      hint: "remove tags here or in the job definition",
    };
  }
}
