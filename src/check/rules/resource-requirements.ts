import type { ContainerProperties, JobDefinition, ResourceRequirement } from "../../derived/types.ts";
import type { TemplateDocument } from "../../model/document.ts";
import { defineRule, type Finding } from "../../model/rule.ts";
import { isFargate } from "../rules-support/platform.ts";

const container = (changes: Readonly<Record<string, unknown>>) => ({
  documents: { "batch-processing-job.json": { container_properties: changes } },
});
const requirements = (...pairs: [string, string][]) =>
  container({ vcpus: null, memory: null, resource_requirements: pairs.map(([type, value]) => ({ type, value })) });

export const resourceRequirements = defineRule({
  id: "resource-requirements",
  severity: "error",
  summary: "A job specifies once how many vCPUs and how much memory it needs, in whole numbers.",
  why:
    "AWS Batch requires each of the two, exactly once, and rejects 4.0 vCPUs on EC2; Terraform's plan notices " +
    "none of it. Fargate has a fixed list of sizes.",
  source: "https://docs.aws.amazon.com/batch/latest/APIReference/API_ResourceRequirement.html",
  examples: {
    good: [
      { shows: "the form of the API", ...requirements(["VCPU", "2"], ["MEMORY", "3584"]) },
      {
        shows: "a GPU next to vcpus and memory",
        ...container({ resource_requirements: [{ type: "GPU", value: "1" }] }),
      },
    ],
    bad: [
      { shows: "both forms", ...container({ resource_requirements: [{ type: "VCPU", value: "4" }] }) },
      { shows: "vcpus without memory", ...container({ memory: null }) },
      { shows: "neither form", ...container({ vcpus: null, memory: null }) },
      { shows: "memory without vCPUs, in the form of the API", ...requirements(["MEMORY", "4096"]) },
      { shows: "vCPUs twice", ...requirements(["VCPU", "2"], ["VCPU", "4"], ["MEMORY", "4096"]) },
      { shows: "a number with a decimal point", ...requirements(["VCPU", "4.0"], ["MEMORY", "8192"]) },
      {
        shows: "less memory than Fargate offers with 4 vCPUs",
        documents: {
          "batch-processing-job.json": {
            platform_capabilities: ["FARGATE"],
            container_properties: {
              memory: 4096,
              execution_role_arn: "arn:aws:iam::123456789012:role/gss-dev-batch-execution-role",
            },
          },
        },
        also: ["container-platform"],
      },
      { shows: "less memory than a container can start with", ...requirements(["VCPU", "1"], ["MEMORY", "2"]) },
    ],
  },
  *check({ jobDefinitions }) {
    for (const document of jobDefinitions) {
      yield* formFindings(document);
      for (const [index, requirement] of (document.value.container_properties.resource_requirements ?? []).entries()) {
        const remark = valueRemark(requirement, isFargate(document.value));
        const pointer = `${listPointer}/${index}/value`;
        if (remark) yield { document, pointer, found: requirement.value, ...remark };
      }
      yield* fargateFindings(document);
    }
  },
});

const pointer = "/container_properties";
const listPointer = `${pointer}/resource_requirements`;
const keyOf = { VCPU: "vcpus", MEMORY: "memory" } as const;
const exampleOf = { VCPU: 4, MEMORY: 7168 } as const;

function* formFindings(document: TemplateDocument<JobDefinition>): Iterable<Finding> {
  const properties = document.value.container_properties;
  const list = (properties.resource_requirements ?? []).map(({ type }) => type);
  const usesList = list.includes("VCPU") || list.includes("MEMORY");
  for (const type of ["VCPU", "MEMORY"] as const) {
    const key = keyOf[type];
    if (usesList && properties[key] !== undefined) {
      const expected = `${key} only here or only in resource_requirements`;
      yield {
        document,
        pointer: `${pointer}/${key}`,
        found: properties[key],
        expected,
        hint: "remove one of the two forms",
      };
    }
    if (usesList && !list.includes(type)) {
      const hint = `add { "type": "${type}", "value": "${exampleOf[type]}" }`;
      yield {
        document,
        pointer: listPointer,
        found: properties.resource_requirements,
        expected: `an entry for ${type}`,
        hint,
      };
    }
    if (!usesList && properties[key] === undefined) {
      const expected = `${key}, which AWS Batch needs to place a job`;
      yield { document, pointer: `${pointer}/${key}`, expected, hint: `add "${key}": ${exampleOf[type]}` };
    }
  }
  const repeated = list.findIndex((type, index) => list.indexOf(type) !== index);
  if (repeated === -1) return;
  yield {
    document,
    pointer: `${listPointer}/${repeated}/type`,
    found: list[repeated],
    expected: "each type once",
    hint: `remove one of the entries for ${list[repeated]}`,
  };
}

function valueRemark(
  { type, value }: ResourceRequirement,
  onFargate: boolean,
): Pick<Finding, "expected" | "hint"> | undefined {
  if (type === "VCPU" && onFargate) return undefined; // checked together with the memory
  if (!/^[1-9][0-9]*$/.test(value)) {
    return { expected: "a whole number above 0, as text", hint: `for example "${type === "MEMORY" ? 7168 : 1}"` };
  }
  if (type !== "MEMORY" || Number(value) >= 4) return undefined;
  return { expected: "at least 4 MiB", hint: "memory is counted in MiB: 7168 is 7 GiB" };
}

/** Memory in MiB that Fargate offers, by number of vCPUs: from, to, in steps of. */
const fargateSizes: ReadonlyMap<number, readonly [from: number, to: number, step: number]> = new Map([
  [0.25, [512, 2048, 512]],
  [0.5, [1024, 4096, 1024]],
  [1, [2048, 8192, 1024]],
  [2, [4096, 16_384, 1024]],
  [4, [8192, 30_720, 1024]],
  [8, [16_384, 61_440, 4096]],
  [16, [32_768, 122_880, 8192]],
]);

function* fargateFindings(document: TemplateDocument<JobDefinition>): Iterable<Finding> {
  if (!isFargate(document.value)) return;
  const vcpus = amount(document.value.container_properties, "VCPU");
  const memory = amount(document.value.container_properties, "MEMORY");
  if (vcpus === undefined || memory === undefined) return;
  const size = fargateSizes.get(vcpus);
  const found = { vcpus, memory };
  if (size === undefined) {
    const expected = `one of the vCPU counts that Fargate offers: ${[...fargateSizes.keys()].join(", ")}`;
    yield { document, pointer, found, expected, hint: "use the next larger one" };
    return;
  }
  const [from, to, step] = size;
  // With a quarter vCPU Fargate has 512, 1024 and 2048, but not 1536.
  if (memory >= from && memory <= to && memory % step === 0 && !(vcpus === 0.25 && memory === 1536)) return;
  const expected = `memory from ${from} to ${to} in steps of ${step} MiB, as Fargate offers with ${vcpus} vCPUs`;
  yield { document, pointer, found, expected, hint: "use the next larger size" };
}

function amount(properties: ContainerProperties, type: "VCPU" | "MEMORY"): number | undefined {
  const entry = properties.resource_requirements?.find((requirement) => requirement.type === type);
  return entry === undefined ? properties[keyOf[type]] : Number(entry.value);
}
