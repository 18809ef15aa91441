import { defineRule, type Finding, type Subject } from "../../model/rule.ts";
import { type InstanceChoice, type InstanceType, instanceChoice } from "../facts/instances.ts";
import { type Amount, type Demand, demandOf } from "../rules-support/demands.ts";
import { mayRun, type Packing, pack, usableMemory } from "../rules-support/packing.ts";
import { environmentGroups } from "../rules-support/queues.ts";
import { type PlacedResources, resourcesOf } from "../rules-support/resources.ts";

const jobs = ["batch-validation-job.json", "batch-processing-job.json"];

function withMemory(memory: number) {
  return Object.fromEntries(jobs.map((job) => [job, { container_properties: { memory } }]));
}

export const memoryPacking = defineRule({
  id: "memory-packing",
  severity: "warning",
  summary:
    "The memory of a job leaves no vCPU of the instances idle, and every instance type in the list can run a job.",
  why:
    "An instance does not offer its whole nominal memory to jobs: the kernel and the ECS agent keep 3 to 7 %. " +
    "A job that requests an exact share, such as 8192 MiB of 8 GiB, misses it by a little: the instance type " +
    "is never chosen, or one job fewer than planned runs on each instance, and vCPUs that are paid for stay " +
    "idle.",
  source: "https://docs.aws.amazon.com/batch/latest/userguide/memory-management.html",
  examples: {
    good: [
      { shows: "7 GiB for 4 vCPUs, where the instances have 8", documents: withMemory(7168) },
      {
        shows: "8 GiB for 4 vCPUs on instances that have 16",
        documents: {
          "compute-environment.json": {
            compute_resources: { instance_types: ["m5.xlarge", "m5.2xlarge", "m6i.xlarge"] },
            fallback: { compute_resources: { instance_types: ["m5.xlarge", "m5.2xlarge", "m6i.xlarge"] } },
          },
        },
      },
    ],
    bad: [
      {
        shows: "8 GiB for 4 vCPUs: c5.xlarge never runs it, c5.4xlarge runs 3 instead of 4",
        documents: withMemory(8192),
      },
      {
        shows: "the same on a whole family",
        documents: {
          "compute-environment.json": {
            compute_resources: { instance_types: ["c5", "c6i", "c7i"] },
            fallback: { compute_resources: { instance_types: ["c5", "c6i", "c7i"] } },
          },
        },
      },
    ],
  },
  *check(subject) {
    const groups = environmentGroups(subject, resourcesOf(subject));
    for (const document of subject.jobDefinitions) {
      const demand = demandOf(document);
      // With several queues, a job is assumed to belong to the one that suits it best.
      const findings = groups.map((group) => findingOf(subject, demand, group));
      const [finding] = findings;
      if (finding && findings.every((each) => each !== undefined)) yield finding;
    }
  },
});

function findingOf(subject: Subject, demand: Demand, group: readonly PlacedResources[]): Finding | undefined {
  const { document, vcpus, memory } = demand;
  if (!vcpus || !memory) return undefined;
  const types = choicesOf(group);
  // A job that fits nowhere is reported by job-fits-instances.
  if (!types.some((choice) => choice.types?.some((type) => mayRun(type, demand)))) return undefined;
  const losses = types.flatMap((choice) => lossOf(choice, vcpus, memory, othersOf(subject, demand)) ?? []);
  if (losses.length === 0) return undefined;
  const described = listed(losses.map(describe));
  const best = fullPacking(losses, vcpus);
  if (best === undefined) {
    const min = Math.min(...losses.map(({ packing }) => packing.type.vcpus));
    const expected = `at most ${min}, so that every instance type in the list can run it`;
    const hint = `${described}: remove such types from instance_types, or request fewer vCPUs`;
    return { document, pointer: vcpus.pointer, found: vcpus.found, expected, hint };
  }
  const expected = `at most ${best} MiB, so that no vCPU of the instances stays idle`;
  const hint = `${described}; ${rounded(best)} uses every vCPU, or choose types with more memory per vCPU`;
  return { document, pointer: memory.pointer, found: memory.found, expected, hint };
}

function choicesOf(group: readonly PlacedResources[]): readonly InstanceChoice[] {
  const settled = group.filter((placed) => placed.settled("instance_types"));
  const entries = new Set(settled.flatMap(({ resources }) => resources.instance_types ?? []));
  return [...entries].map(instanceChoice);
}

interface Loss {
  readonly entry: string;
  /** Every type that the entry stands for. */
  readonly types: readonly InstanceType[];
  /** On the type among them that suits the job best. */
  readonly packing: Packing;
}

/**
 * What one entry of the list loses. A size is judged individually; in a family AWS picks a size that fits, so a family
 * loses only when each of its sizes does, and its best one is reported.
 */
function lossOf(
  { entry, types = [] }: InstanceChoice,
  vcpus: Amount,
  memory: Amount,
  others: readonly Demand[],
): Loss | undefined {
  const packings = types.map((type) => pack(type, vcpus.value, memory.value));
  const judged = packings.filter(({ type, byVcpus }) => byVcpus > 0 || !runsAnother(type, others));
  if (judged.length === 0 || judged.some(({ byVcpus, byMemory }) => byVcpus > 0 && byMemory >= byVcpus))
    return undefined;
  const [best] = judged.toSorted((one, other) => share(other) - share(one));
  if (best === undefined || (best.never && runsAnother(best.type, others))) return undefined;
  return { entry, types, packing: best };
}

/** A small type in the list is meant for the small job. */
function runsAnother(type: InstanceType, others: readonly Demand[]): boolean {
  return others.some((other) => mayRun(type, other));
}

function othersOf({ jobDefinitions }: Subject, { document }: Demand): readonly Demand[] {
  return jobDefinitions.filter((other) => other !== document).map(demandOf);
}

function share({ byVcpus, byMemory }: Packing): number {
  return byVcpus === 0 ? 0 : byMemory / byVcpus;
}

function describe({ entry, packing }: Loss): string {
  const { type, byVcpus, byMemory, never } = packing;
  const size = entry === type.name ? "" : ` at best, on ${type.name}`;
  if (never) return `${entry} can never run it`;
  if (byMemory === 0) return `${entry} may not have enough memory for it`;
  return `${entry} runs ${byMemory} of ${byVcpus} jobs${size}`;
}

/** A hint is one line, however long the list of instance types. */
function listed(texts: readonly string[]): string {
  const max = 6;
  const rest = texts.length > max ? [`and ${texts.length - max} more`] : [];
  return [...texts.slice(0, max), ...rest].join(", ");
}

/** The memory at which each of these runs as many jobs as its vCPUs allow; undefined when none has enough vCPUs. */
function fullPacking(losses: readonly Loss[], { value: vcpus }: Amount): number | undefined {
  const types = losses.flatMap(({ types }) => types).filter((type) => type.vcpus >= vcpus);
  if (types.length === 0) return undefined;
  return Math.min(...types.map((type) => Math.floor(usableMemory(type).sure / Math.floor(type.vcpus / vcpus))));
}

/** A round number, such as a person would choose. */
function rounded(memory: number): number {
  const step = memory >= 2048 ? 512 : 64;
  return Math.max(Math.floor(memory / step) * step, Math.min(memory, step));
}
