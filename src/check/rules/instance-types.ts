import { defineRule, type Finding } from "../../model/rule.ts";
import { nearest } from "../../shared/nearest.ts";
import { type InstanceType, instanceChoice, isOfOldGeneration, knownFamilies, typesOf } from "../facts/instances.ts";
import { type PlacedResources, resourcesOf } from "../rules-support/resources.ts";
import { isSample } from "../rules-support/samples.ts";

const several = ["c5.4xlarge", "c5.2xlarge", "c6i.4xlarge", "c6i.2xlarge"];

export const instanceTypes = defineRule({
  id: "instance-types",
  severity: "warning",
  summary: "Instance types exist and are not outdated, and a Spot list has at least 3 types of 2 families.",
  why:
    "A mistyped instance type is noticed only by AWS, at apply time. Types of the c4, m4 and r4 generation " +
    "cost more for the same work and are missing from newer regions. Spot capacity comes from one pool per " +
    "instance type and zone: sizes of one family run out together, and the jobs wait.",
  source: "https://docs.aws.amazon.com/batch/latest/userguide/allocation-strategies.html",
  examples: {
    good: [
      {
        shows: "two families for Spot",
        documents: { "compute-environment.json": { compute_resources: { instance_types: several } } },
      },
      {
        shows: "a choice that AWS makes",
        documents: {
          "compute-environment.json": { compute_resources: { instance_types: ["default_x86_64"] } },
        },
      },
      {
        shows: "one type on demand",
        documents: {
          "compute-environment.json": {
            compute_resources: { instance_types: several },
            fallback: { compute_resources: { instance_types: ["c5.4xlarge"] } },
          },
        },
      },
    ],
    bad: [
      {
        shows: "a size that the family does not have",
        documents: {
          "compute-environment.json": { compute_resources: { instance_types: [...several, "c5.8xlarge"] } },
        },
      },
      {
        shows: "types of an old generation",
        documents: {
          "compute-environment.json": { compute_resources: { instance_types: [...several, "c4.4xlarge"] } },
        },
      },
      {
        shows: "one family for Spot",
        documents: {
          "compute-environment.json": { compute_resources: { instance_types: ["c5.4xlarge", "c5.9xlarge"] } },
        },
      },
      {
        shows: "no instance types",
        documents: { "compute-environment.json": { fallback: { compute_resources: { instance_types: null } } } },
      },
    ],
  },
  *check(subject) {
    for (const placed of resourcesOf(subject)) {
      if (!placed.settled("instance_types")) continue;
      if (placed.resources.instance_types === undefined) {
        if (placed.environment.type === "MANAGED") yield missing(placed);
        continue;
      }
      yield* eachEntry(placed);
      yield* variety(placed);
    }
  },
});

function missing({ document, at }: PlacedResources): Finding {
  return {
    document,
    pointer: at("instance_types"),
    expected: "a list of instance types, because AWS Batch starts the instances",
    hint: 'for example ["c6i", "c7i", "m6i"]',
    severity: "error",
  };
}

function* eachEntry({ document, resources, at }: PlacedResources): Iterable<Finding> {
  for (const [index, entry] of (resources.instance_types ?? []).entries()) {
    const pointer = `${at("instance_types")}/${index}`;
    const problem = isSample(document, pointer) ? undefined : problemOf(entry);
    if (problem) yield { document, pointer, found: entry, ...problem };
  }
}

/** The form of a family, with or without a size. */
const plausible = /^[a-z]+\d[a-z0-9-]*(\.(nano|micro|small|medium|x?large|\d+xlarge|metal(-\d+xl)?))?$/;
const categories = ["optimal", "default_x86_64", "default_arm64"];

function problemOf(entry: string): Pick<Finding, "expected" | "hint" | "severity"> | undefined {
  const { kind, families, types } = instanceChoice(entry);
  const [family = entry] = families;
  if (entry === "optimal") {
    const hint = "the two mean the same since November 2025, and the new name states the architecture";
    return { expected: '"default_x86_64"', hint };
  }
  if (kind !== "category" && isOfOldGeneration(family)) {
    const hint = "newer families cost less for the same work, and newer regions have nothing else";
    return { expected: "a family of the fifth generation or newer", hint };
  }
  if (types !== undefined) return undefined;
  if (!plausible.test(entry) || /large|medium|small/.test(family)) {
    const close = nearest(entry, [...knownFamilies.flatMap(typesOf).map(({ name }) => name), ...categories]);
    const hint = close ? `did you mean ${close}?` : "aws ec2 describe-instance-types lists them";
    return { expected: "an instance type such as c5.4xlarge or a family such as c5", hint, severity: "error" };
  }
  const known = typesOf(family);
  if (known.length === 0) {
    const close = nearest(family, knownFamilies);
    const guess = close ? `did you mean ${close}? ` : "";
    const hint = `${guess}A family newer than this tool is fine, but whether jobs fit is not checked`;
    return { expected: "a family known to this tool", hint };
  }
  const sizes = known.map(({ name }) => name.slice(family.length + 1));
  return {
    expected: `one of the sizes of ${family}: ${sizes.join(", ")}`,
    hint: `did you mean ${closestSize(entry, known)}?`,
  };
}

/** By vCPUs, because a neighbouring size is more useful than a similar word. */
function closestSize(entry: string, known: readonly InstanceType[]): string {
  const wanted = 4 * Number(/(\d+)xl/.exec(entry)?.[1] ?? 1);
  const [closest] = known.toSorted((one, other) => Math.abs(one.vcpus - wanted) - Math.abs(other.vcpus - wanted));
  return closest?.name ?? entry;
}

const enough = { types: 3, families: 2 };

function* variety({ document, resources, at, settled }: PlacedResources): Iterable<Finding> {
  if (resources.type !== "SPOT" || !settled("type")) return;
  const choices = (resources.instance_types ?? []).map(instanceChoice);
  const families = new Set(choices.flatMap((choice) => choice.families));
  // A family of unknown sizes counts as enough.
  const types = choices.reduce(
    (sum, { kind, types }) => sum + (kind === "type" ? 1 : (types?.length ?? enough.types)),
    0,
  );
  if (types >= enough.types && families.size >= enough.families) return;
  yield {
    document,
    pointer: at("instance_types"),
    found: resources.instance_types,
    expected: "at least 3 instance types of at least 2 families, because Spot capacity of one family runs out together",
    hint: suggestion([...families]),
  };
}

function suggestion(families: readonly string[]): string {
  const [family = ""] = families;
  const similar = /^[cmr]\d+[a-fh-z]*$/.test(family) ? ["7i", "6i", "7a"].map((kind) => family.charAt(0) + kind) : [];
  const others = similar.filter((name) => !families.includes(name)).slice(0, 2);
  const kinds = others.length === 0 ? "families of a similar kind" : `sizes of ${others.join(" and ")}`;
  return `add ${kinds}, so that AWS can choose among more pools of capacity`;
}
