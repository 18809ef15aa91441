import { defineRule, type Finding, type Subject } from "../../model/rule.ts";
import { type Amount, demandOf } from "../rules-support/demands.ts";
import { environmentGroups } from "../rules-support/queues.ts";
import { type PlacedResources, resourcesOf } from "../rules-support/resources.ts";

export const vcpuRange = defineRule({
  id: "vcpu-range",
  severity: "error",
  summary: "max_vcpus is at least min_vcpus and at least what the largest job needs, and min_vcpus is 0.",
  why:
    "AWS Batch rejects an environment whose minimum is above its maximum, after a plan that looked fine. A " +
    "job that needs more vCPUs than max_vcpus stays in RUNNABLE indefinitely and blocks those behind it. " +
    "Anything above 0 in min_vcpus costs money around the clock, even while there are no jobs.",
  source: "https://docs.aws.amazon.com/batch/latest/APIReference/API_ComputeResource.html",
  examples: {
    good: [
      {
        shows: "room for one job at a time",
        documents: {
          "compute-environment.json": {
            compute_resources: { max_vcpus: 4 },
            fallback: { compute_resources: { max_vcpus: 4 } },
          },
        },
      },
    ],
    bad: [
      {
        shows: "a minimum above the maximum",
        documents: { "compute-environment.json": { compute_resources: { min_vcpus: 16, max_vcpus: 12 } } },
      },
      {
        shows: "a maximum that no job fits in",
        documents: { "compute-environment.json": { fallback: { compute_resources: { max_vcpus: 2 } } } },
      },
      {
        shows: "instances that run without work",
        documents: { "compute-environment.json": { compute_resources: { min_vcpus: 4 } } },
      },
    ],
  },
  *check(subject) {
    const resources = resourcesOf(subject);
    for (const placed of resources) yield* rangeOf(placed);
    for (const placed of queued(subject, resources)) yield* tooLargeJob(subject, placed);
  },
});

function* rangeOf({ document, resources, at, settled }: PlacedResources): Iterable<Finding> {
  const { min_vcpus: min = 0, max_vcpus: max } = resources;
  if (!settled("min_vcpus")) return;
  if (min > max && settled("max_vcpus")) {
    yield {
      document,
      pointer: at("min_vcpus"),
      found: min,
      expected: `at most max_vcpus (${max})`,
      hint: "raise max_vcpus or lower min_vcpus",
    };
  } else if (min > 0) {
    yield {
      document,
      pointer: at("min_vcpus"),
      found: min,
      expected: "0, because more costs money around the clock",
      hint: "set min_vcpus to 0: instances start within minutes when a job arrives",
      severity: "warning",
    };
  }
}

function queued(subject: Subject, resources: readonly PlacedResources[]): ReadonlySet<PlacedResources> {
  return new Set(environmentGroups(subject, resources).flat());
}

function* tooLargeJob(subject: Subject, { document, resources, at, settled }: PlacedResources): Iterable<Finding> {
  const largest = largestVcpus(subject);
  if (largest === undefined || resources.max_vcpus >= largest.value || !settled("max_vcpus")) return;
  yield {
    document,
    pointer: at("max_vcpus"),
    found: resources.max_vcpus,
    expected: `at least ${largest.value}, the vCPUs of the job ${largest.job}`,
    hint: "raise max_vcpus, or request fewer vCPUs in the job",
  };
}

/** Of the module's jobs. With several queues a job may belong to another one, so only the smallest has to fit. */
function largestVcpus(subject: Subject): (Amount & { job: string }) | undefined {
  const amounts = subject.jobDefinitions.flatMap((document) => {
    const { vcpus } = demandOf(document);
    return vcpus ? [{ ...vcpus, job: document.value.name }] : [];
  });
  const bySize = amounts.sort((one, other) => one.value - other.value);
  return subject.jobQueues.length > 1 ? bySize.at(0) : bySize.at(-1);
}
