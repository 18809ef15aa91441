import { defineRule, type Finding, type Subject } from "../../model/rule.ts";
import { type Architecture, architectureOf } from "../facts/instances.ts";
import { environmentGroups } from "../rules-support/queues.ts";
import { type PlacedResources, resourcesOf } from "../rules-support/resources.ts";
import { isSample } from "../rules-support/samples.ts";

export const oneArchitecture = defineRule({
  id: "one-architecture",
  severity: "error",
  summary:
    "All instance types of an environment, all environments of a queue and the jobs have the same processor " +
    "architecture.",
  why:
    "AWS Batch rejects an environment that mixes x86 and Arm instances, and a queue whose environments " +
    'differ. A job whose image is built for the other architecture ends at once with "exec format error". ' +
    "Graviton families have a g after their number: c7g is Arm, c7i is x86.",
  source: "https://docs.aws.amazon.com/batch/latest/APIReference/API_CreateComputeEnvironment.html",
  examples: {
    good: [
      {
        shows: "Graviton everywhere",
        documents: {
          "compute-environment.json": {
            compute_resources: { instance_types: ["c7g", "c6g", "m6g"] },
            fallback: { compute_resources: { instance_types: ["c7g", "c6g"] } },
          },
        },
      },
    ],
    bad: [
      {
        shows: "x86 and Arm in one environment",
        documents: {
          "compute-environment.json": {
            compute_resources: { instance_types: ["c5.4xlarge", "c6i.4xlarge", "c7g.4xlarge"] },
          },
        },
      },
      {
        shows: "a fallback of the other architecture",
        documents: {
          "compute-environment.json": { fallback: { compute_resources: { instance_types: ["default_arm64"] } } },
        },
      },
      {
        shows: "a job that is declared for the other architecture",
        documents: {
          "batch-processing-job.json": {
            container_properties: { runtime_platform: { cpu_architecture: "ARM64" } },
          },
        },
      },
    ],
  },
  *check(subject) {
    const known = resourcesOf(subject).filter(({ settled }) => settled("instance_types"));
    for (const placed of known) yield* mixedTypes(placed);
    const groups = environmentGroups(subject, known);
    for (const group of groups) yield* mixedGroup(group);
    yield* mismatchedJobs(subject, groups);
  },
});

function* mixedTypes({ document, resources, at }: PlacedResources): Iterable<Finding> {
  const [first, ...others] = resources.instance_types ?? [];
  if (first === undefined) return;
  const architecture = architectureOf(first);
  const different = others.find((entry) => architectureOf(entry) !== architecture);
  if (different === undefined) return;
  yield {
    document,
    pointer: `${at("instance_types")}/${resources.instance_types?.indexOf(different)}`,
    found: different,
    expected: `an ${architecture} instance type like ${first}, the first of the list`,
    hint: `${different} is ${architectureOf(different)}: give each architecture its own environment and queue`,
  };
}

function* mixedGroup(group: readonly PlacedResources[]): Iterable<Finding> {
  const [first, ...others] = group;
  const architecture = first && architectureOfResources(first);
  if (architecture === undefined) return;
  for (const placed of others) {
    const own = architectureOfResources(placed);
    if (own === undefined || own === architecture) continue;
    yield {
      document: placed.document,
      pointer: placed.at("instance_types"),
      found: placed.resources.instance_types,
      expected: `${architecture} instance types, like those of ${first?.environment.name} in the same queue`,
      hint: `these are ${own}: all environments of a queue share one architecture`,
    };
  }
}

function* mismatchedJobs(
  { jobDefinitions }: Subject,
  groups: readonly (readonly PlacedResources[])[],
): Iterable<Finding> {
  const offered = new Set(groups.flat().map(architectureOfResources));
  if (offered.size === 0 || offered.has(undefined)) return;
  for (const document of jobDefinitions) {
    const found = document.value.container_properties.runtime_platform?.cpu_architecture;
    const pointer = "/container_properties/runtime_platform/cpu_architecture";
    if (found === undefined || isSample(document, pointer)) continue;
    if (offered.has(found === "ARM64" ? "arm64" : "x86_64")) continue;
    const expected = found === "ARM64" ? '"X86_64"' : '"ARM64"';
    yield {
      document,
      pointer,
      found,
      expected: `${expected}, because that is the architecture of the instance types`,
      hint: "change cpu_architecture together with the image, or the instance types",
    };
  }
}

/** Undefined when the list is empty or mixed: the list itself is then the mistake. */
function architectureOfResources({ resources }: PlacedResources): Architecture | undefined {
  const architectures = new Set((resources.instance_types ?? []).map(architectureOf));
  const [only] = architectures;
  return architectures.size === 1 ? only : undefined;
}
