import { defineRule, type Finding } from "../../model/rule.ts";
import { nearest } from "../../shared/nearest.ts";
import { hasNvidiaProcessors, instanceChoice } from "../facts/instances.ts";
import { hasOwnImage } from "../rules-support/images.ts";
import { type PlacedResources, resourcesOf } from "../rules-support/resources.ts";
import { isSample } from "../rules-support/samples.ts";

const types = ["ECS_AL2023", "ECS_AL2023_NVIDIA"];

function withFallback(changes: Readonly<Record<string, unknown>>) {
  return { "compute-environment.json": { fallback: { compute_resources: changes } } };
}

export const imageType = defineRule({
  id: "image-type",
  severity: "error",
  summary: "Instances start from Amazon Linux 2023, with the NVIDIA image for GPUs.",
  why:
    "Since 2026-06-30 AWS refuses to create environments on its Amazon Linux 2 images. Without an " +
    "ec2_configuration AWS chooses, but when the block is removed later, the Terraform provider falls back to " +
    "ECS_AL2; adding it later replaces the environment. A1 instances cannot start from Amazon Linux 2023, P3 " +
    "and G3 instances cannot start from its NVIDIA image, and on an image without the NVIDIA driver a " +
    "container sees no GPU.",
  source: "https://docs.aws.amazon.com/batch/latest/APIReference/API_Ec2Configuration.html",
  examples: {
    good: [
      {
        shows: "GPUs with their image",
        documents: withFallback({
          instance_types: ["g5.4xlarge"],
          ec2_configuration: [{ image_type: "ECS_AL2023" }, { image_type: "ECS_AL2023_NVIDIA" }],
        }),
      },
      {
        shows: "a custom machine image",
        documents: withFallback({
          ec2_configuration: [{ image_type: "ECS_AL2023", image_id_override: "ami-0123456789abcdef0" }],
        }),
      },
    ],
    bad: [
      {
        shows: "Amazon Linux 2",
        documents: withFallback({ ec2_configuration: [{ image_type: "ECS_AL2" }] }),
      },
      {
        shows: "an image type that does not exist",
        documents: withFallback({ ec2_configuration: [{ image_type: "ECS_AL23" }] }),
      },
      {
        shows: "GPUs without their driver",
        documents: withFallback({ instance_types: ["g5.4xlarge"] }),
      },
      { shows: "no image type", documents: withFallback({ ec2_configuration: null }) },
    ],
  },
  *check(subject) {
    for (const placed of resourcesOf(subject)) {
      if (placed.environment.type !== "MANAGED" || !placed.settled("ec2_configuration")) continue;
      const ownImage = hasOwnImage(placed, subject);
      if (placed.resources.ec2_configuration === undefined) {
        if (!ownImage) yield withoutConfiguration(placed);
        continue;
      }
      yield* eachImageType(placed, ownImage);
      if (!ownImage) yield* unsuitedInstances(placed);
    }
  },
});

function withoutConfiguration({ document, at }: PlacedResources): Finding {
  return {
    document,
    pointer: at("ec2_configuration"),
    expected: 'one entry with image_type "ECS_AL2023", so that the choice is explicit',
    hint: 'add "ec2_configuration": [{ "image_type": "ECS_AL2023" }]; adding it later replaces the environment',
    severity: "warning",
  };
}

function* eachImageType({ document, resources, at }: PlacedResources, ownImage: boolean): Iterable<Finding> {
  for (const [index, configuration] of (resources.ec2_configuration ?? []).entries()) {
    const pointer = `${at("ec2_configuration")}/${index}/image_type`;
    const found = configuration.image_type;
    if (types.includes(found) || isSample(document, pointer)) continue;
    yield { document, pointer, found, ...wrongType(found, ownImage) };
  }
}

function wrongType(found: string, ownImage: boolean): Pick<Finding, "expected" | "hint" | "severity"> {
  const suited = found.endsWith("_NVIDIA") ? "ECS_AL2023_NVIDIA" : "ECS_AL2023";
  if (found === "ECS_AL1" || found === "ECS_AL2" || found === "ECS_AL2_NVIDIA") {
    const expected = `"${suited}", because AWS creates no environments on Amazon Linux 2 since 2026-06-30`;
    const hint = `change it to ${suited}; scripts in user data then run on Amazon Linux 2023 (dnf, no cron)`;
    // A custom image is not rejected, but it gets no more security updates.
    return { expected, hint, ...(ownImage && { severity: "warning" }) };
  }
  const expected = `one of ${types.map((type) => `"${type}"`).join(", ")}`;
  if (found.startsWith("EKS_")) return { expected, hint: "the EKS images are for environments on Kubernetes" };
  const close = nearest(found, types);
  return { expected, hint: close ? `did you mean ${close}?` : "AWS accepts any text, and then finds no image" };
}

function* unsuitedInstances({ document, resources, at, settled }: PlacedResources): Iterable<Finding> {
  if (!settled("instance_types")) return;
  const images = (resources.ec2_configuration ?? []).map(({ image_type }) => image_type);
  for (const [index, entry] of (resources.instance_types ?? []).entries()) {
    const { kind, families } = instanceChoice(entry);
    const [family = entry] = families;
    const expected = kind === "category" ? undefined : suitableInstance(family, images);
    if (expected === undefined) continue;
    const hint =
      images.length < 2 && hasNvidiaProcessors(family) && !outdated.test(family)
        ? 'add { "image_type": "ECS_AL2023_NVIDIA" } to ec2_configuration'
        : `remove ${entry}, or name a custom machine image in image_id_override`;
    yield { document, pointer: `${at("instance_types")}/${index}`, found: entry, expected, hint };
  }
}

const outdated = /^(p2|p3|p3dn|g2|g3|g3s)$/;

function suitableInstance(family: string, images: readonly string[]): string | undefined {
  if (family === "a1" && images.includes("ECS_AL2023"))
    return "instances that Amazon Linux 2023 runs on; A1 is not among them";
  if (!hasNvidiaProcessors(family) || !images.some((image) => types.includes(image))) return undefined;
  if (outdated.test(family)) return "GPUs that the NVIDIA image supports; P3 and G3 are too old";
  if (images.includes("ECS_AL2023_NVIDIA")) return undefined;
  return 'instances without GPUs, because "ECS_AL2023" has no driver for them';
}
