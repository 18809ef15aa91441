import type { JobQueue } from "../../derived/types.ts";
import type { TemplateDocument } from "../../model/document.ts";
import { defineRule, type Finding, type Subject } from "../../model/rule.ts";
import { nearest } from "../../shared/nearest.ts";
import { environmentsOf } from "../rules-support/environments.ts";
import { entriesOf, type QueueEntry } from "../rules-support/queues.ts";

const spot = "gss-dev-batch-compute";
const onDemand = "gss-dev-batch-compute-on-demand";

function withOrder(...entries: readonly (readonly [number, string])[]) {
  const order = entries.map(([order, compute_environment]) => ({ order, compute_environment }));
  return { "job-queue.json": { compute_environment_order: order } };
}

export const queueEnvironments = defineRule({
  id: "queue-environments",
  severity: "error",
  summary:
    "A queue names one to three existing environments in a clear order, Spot before on demand, and every " +
    "environment is used.",
  why:
    "AWS Batch rejects a queue with two environments at the same position or with more than three. A name " +
    "that no environment has fails in the middle of an apply. With on demand first, Spot is used only once " +
    "all on-demand capacity is busy, so everything is paid at full price; and an environment that no queue " +
    "names never gets a job.",
  source: "https://docs.aws.amazon.com/batch/latest/APIReference/API_CreateJobQueue.html",
  examples: {
    good: [
      {
        shows: "a third environment, external to the module",
        documents: withOrder(
          [1, spot],
          [2, onDemand],
          [3, "arn:aws:batch:us-east-1:123456789012:compute-environment/shared"],
        ),
      },
    ],
    bad: [
      { shows: "two environments at the same position", documents: withOrder([1, spot], [1, onDemand]) },
      { shows: "the same environment twice", documents: withOrder([1, spot], [2, onDemand], [3, spot]) },
      {
        shows: "a name that no environment has",
        documents: withOrder([1, spot], [2, onDemand], [3, "gss-dev-compute"]),
      },
      { shows: "on demand before Spot", documents: withOrder([2, spot], [1, onDemand]) },
      { shows: "an environment that gets no jobs", documents: withOrder([1, spot]) },
      {
        shows: "two environments with the same name",
        documents: { "compute-environment.json": { fallback: { name: spot } }, ...withOrder([1, spot]) },
      },
    ],
  },
  *check(subject) {
    for (const queue of subject.jobQueues) {
      const entries = entriesOf(queue, subject);
      yield* count(queue, entries);
      yield* repeated(queue, entries);
      yield* unknownNames(queue, entries, subject);
      yield* lateSpot(queue, entries);
    }
    yield* sameName(subject);
    yield* unused(subject);
  },
});

type Queue = TemplateDocument<JobQueue>;

function* count(document: Queue, entries: readonly QueueEntry[]): Iterable<Finding> {
  if (entries.length >= 1 && entries.length <= 3) return;
  const found = document.value.compute_environment_order;
  const hint = "a second queue can have more environments";
  yield { document, pointer: "/compute_environment_order", found, expected: "one to three environments", hint };
}

function* repeated(document: Queue, entries: readonly QueueEntry[]): Iterable<Finding> {
  for (const [index, { pointer, order, name }] of entries.entries()) {
    const before = entries.slice(0, index);
    if (before.some((other) => other.order === order)) {
      const expected = "a position that no other environment of the queue has";
      yield {
        document,
        pointer: `${pointer}/order`,
        found: order,
        expected,
        hint: "number them 1, 2, 3; the lowest is tried first",
      };
    }
    if (before.some((other) => other.name === name)) {
      const expected = "an environment that the queue does not name yet";
      yield {
        document,
        pointer: `${pointer}/compute_environment`,
        found: name,
        expected,
        hint: "remove the second entry",
      };
    }
  }
}

function* unknownNames(document: Queue, entries: readonly QueueEntry[], subject: Subject): Iterable<Finding> {
  const names = environmentsOf(subject).map(({ environment }) => environment.name);
  if (names.length === 0) return;
  for (const { pointer, name, elsewhere, placed } of entries) {
    if (placed || elsewhere) continue;
    const close = nearest(name, names);
    yield {
      document,
      pointer: `${pointer}/compute_environment`,
      found: name,
      expected: `one of the environments ${names.join(", ")}, or the ARN of another one`,
      hint: close === undefined ? "refer to an environment of another module by its ARN" : `did you mean ${close}?`,
    };
  }
}

function* lateSpot(document: Queue, entries: readonly QueueEntry[]): Iterable<Finding> {
  const types = entries.map(({ placed }) => placed?.environment.compute_resources?.type);
  const firstOnDemand = types.indexOf("EC2");
  const lastSpot = types.lastIndexOf("SPOT");
  const late = entries[lastSpot];
  if (firstOnDemand < 0 || late === undefined || lastSpot < firstOnDemand) return;
  yield {
    document,
    pointer: `${late.pointer}/order`,
    found: late.order,
    expected: `a position before ${entries[firstOnDemand]?.name}, because Spot is cheaper and on demand is for the rest`,
    hint: "give the Spot environment the lowest order",
    severity: "warning",
  };
}

function* sameName(subject: Subject): Iterable<Finding> {
  const environments = environmentsOf(subject);
  for (const [index, { document, pointer, environment }] of environments.entries()) {
    if (!environments.slice(0, index).some((other) => other.environment.name === environment.name)) continue;
    const expected = "a name that no other environment has";
    const hint = "AWS creates one environment per name; append -on-demand, for example";
    yield { document, pointer: `${pointer}/name`, found: environment.name, expected, hint };
  }
}

function* unused(subject: Subject): Iterable<Finding> {
  if (subject.jobQueues.length === 0) return;
  const used = new Set(subject.jobQueues.flatMap((queue) => entriesOf(queue, subject)).map(({ name }) => name));
  for (const { document, pointer, environment } of environmentsOf(subject)) {
    if (used.has(environment.name)) continue;
    yield {
      document,
      pointer: `${pointer}/name`,
      found: environment.name,
      expected: "an environment that a queue names, because only those get jobs",
      hint: "add it to compute_environment_order in the job queue, or remove it",
      severity: "warning",
    };
  }
}
