import { defineRule, type Finding } from "../../model/rule.ts";
import { type InstanceType, instanceChoice } from "../facts/instances.ts";
import { type Demand, demandOf } from "../rules-support/demands.ts";
import { mayRun, usableMemory } from "../rules-support/packing.ts";
import { environmentGroups } from "../rules-support/queues.ts";
import { type PlacedResources, resourcesOf } from "../rules-support/resources.ts";

export const jobFitsInstances = defineRule({
  id: "job-fits-instances",
  severity: "error",
  summary: "Every job fits at least one instance type of each environment of its queue.",
  why:
    "AWS accepts a job that is too large for every instance type. It stays in RUNNABLE, no instance starts, " +
    "and it blocks every job behind it in the queue. The memory that counts is what an instance really " +
    "offers, which is less than its nominal memory.",
  source: "https://docs.aws.amazon.com/batch/latest/userguide/job_stuck_in_runnable.html",
  examples: {
    good: [
      {
        shows: "a job that uses the whole of the largest instance",
        documents: { "batch-processing-job.json": { container_properties: { vcpus: 16, memory: 30000 } } },
      },
    ],
    bad: [
      {
        shows: "the nominal memory of the largest instance, which no job can have",
        documents: { "batch-processing-job.json": { container_properties: { vcpus: 16, memory: 32768 } } },
      },
      {
        shows: "more vCPUs than the largest instance has",
        documents: { "batch-processing-job.json": { container_properties: { vcpus: 32 } } },
      },
      {
        shows: "a fallback too small for the job",
        documents: {
          "compute-environment.json": { fallback: { compute_resources: { instance_types: ["c5.large"] } } },
        },
      },
    ],
  },
  *check(subject) {
    const groups = environmentGroups(subject, resourcesOf(subject));
    for (const document of subject.jobDefinitions) {
      const demand = demandOf(document);
      // With several queues, a job is assumed to belong to one that it fits.
      const misfits = groups.map((group) => misfitsOf(demand, group));
      const [first] = misfits;
      if (first && misfits.every(({ length }) => length > 0)) yield* toFinding(demand, first);
    }
  },
});

interface Misfit {
  readonly environment: string;
  readonly types: readonly InstanceType[];
}

function misfitsOf(demand: Demand, group: readonly PlacedResources[]): readonly Misfit[] {
  return group.flatMap(({ environment, resources, settled }) => {
    const choices = (resources.instance_types ?? []).map(instanceChoice);
    const types = choices.flatMap((choice) => choice.types ?? []);
    const unknown = choices.length === 0 || choices.some((choice) => choice.types === undefined);
    if (unknown || !settled("instance_types") || types.some((type) => mayRun(type, demand))) return [];
    return [{ environment: environment.name, types }];
  });
}

/** One finding for a job, at what does not fit: vCPUs, or memory among the types with enough vCPUs. */
function* toFinding(demand: Demand, misfits: readonly Misfit[]): Iterable<Finding> {
  const { document, vcpus, memory } = demand;
  const names = misfits.map(({ environment }) => environment).join(" and ");
  const max = Math.min(...misfits.map(({ types }) => Math.max(...types.map((type) => type.vcpus))));
  if (vcpus && vcpus.value > max) {
    const expected = `at most ${max}, the vCPUs of the largest instance type of ${names}`;
    const hint = "request fewer vCPUs, or add a larger instance type";
    yield { document, pointer: vcpus.pointer, found: vcpus.found, expected, hint };
  } else if (memory) {
    const room = Math.min(...misfits.map(({ types }) => maxMemory(types, vcpus?.value ?? 0)));
    const expected = `at most ${room} MiB, which is what the instance types of ${names} can offer a job`;
    const hint = "request less memory, or add a larger instance type or one with more memory per vCPU";
    yield { document, pointer: memory.pointer, found: memory.found, expected, hint };
  }
}

function maxMemory(types: readonly InstanceType[], vcpus: number): number {
  return Math.max(...types.filter((type) => type.vcpus >= vcpus).map((type) => usableMemory(type).possible));
}
