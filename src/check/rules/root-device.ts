import type { BlockDeviceMapping, EbsVolume } from "../../derived/types.ts";
import type { TemplateDocument } from "../../model/document.ts";
import { defineRule, type Finding } from "../../model/rule.ts";
import { hasOwnImage } from "../rules-support/images.ts";
import { resourcesOf } from "../rules-support/resources.ts";
import { isSample } from "../rules-support/samples.ts";

const disk = { volume_size: 100, volume_type: "gp3", encrypted: true, delete_on_termination: true };

function withVolume(changes: Readonly<Record<string, unknown>>, device = "/dev/xvda") {
  const mapping = { device_name: device, ebs: { ...disk, ...changes } };
  return { "launch-template.json": { block_device_mappings: [mapping] } };
}

export const rootDevice = defineRule({
  id: "root-device",
  severity: "error",
  summary: "The root volume is /dev/xvda, at least 30 GiB, encrypted, and within the limits of its type.",
  why:
    'Any other device name adds a second, unused disk, and jobs fail with "no space left on device" on the 30 ' +
    "GiB of the machine image. A root volume smaller than its snapshot, or more operations or throughput than " +
    "the volume type offers, makes every launch fail: the environment stays empty and jobs wait in RUNNABLE.",
  source: "https://docs.aws.amazon.com/batch/latest/userguide/launch-templates.html",
  examples: {
    good: [
      { shows: "a faster gp3 volume", documents: withVolume({ volume_size: 500, iops: 6000, throughput: 500 }) },
      {
        shows: "a second disk in addition to the root volume",
        documents: {
          "launch-template.json": {
            block_device_mappings: [
              { device_name: "/dev/xvda", ebs: disk },
              { device_name: "/dev/sdf", ebs: disk },
            ],
          },
        },
      },
    ],
    bad: [
      { shows: "the root device of other images", documents: withVolume({}, "/dev/sda1") },
      { shows: "the data volume of Amazon Linux 1", documents: withVolume({}, "/dev/xvdcz") },
      { shows: "a root volume smaller than the image", documents: withVolume({ volume_size: 20 }) },
      { shows: "a volume that is not encrypted", documents: withVolume({ encrypted: false }) },
      { shows: "more throughput than the operations allow", documents: withVolume({ iops: 3000, throughput: 1000 }) },
      {
        shows: "operations on a volume type that does not support them",
        documents: withVolume({ volume_type: "gp2", iops: 3000 }),
      },
    ],
  },
  *check(subject) {
    const ownImage = resourcesOf(subject).some((placed) => hasOwnImage(placed, subject));
    for (const document of subject.launchTemplates) {
      // Another machine image may have another root device and another size.
      const usualImage = !ownImage && document.value.image_id === undefined;
      const mappings = document.value.block_device_mappings ?? [];
      for (const [index, mapping] of mappings.entries()) {
        const pointer = `/block_device_mappings/${index}`;
        const findings = [
          ...(usualImage ? rootOf(mapping) : []),
          ...volumeOf(mapping.ebs, subject.settings.awsProvider),
        ];
        yield* place(document, pointer, findings);
      }
    }
  },
});

/** What is wrong with a mapping, at a path within it. */
interface Mistake extends Pick<Finding, "found" | "expected" | "hint"> {
  readonly path: string;
}

function* place(document: TemplateDocument, parent: string, mistakes: readonly Mistake[]): Iterable<Finding> {
  for (const { path, ...mistake } of mistakes) {
    const pointer = `${parent}/${path}`;
    if (!isSample(document, pointer)) yield { document, pointer, ...mistake };
  }
}

const mistakenRoots = ["/dev/sda1", "/dev/sda", "/dev/xvdcz", "xvda", "sda1", "/dev/xvda1"];

function* rootOf({ device_name: device, ebs }: BlockDeviceMapping): Iterable<Mistake> {
  if (mistakenRoots.includes(device)) {
    const expected = '"/dev/xvda", the root device of the ECS image of Amazon Linux 2023';
    yield { path: "device_name", found: device, expected, hint: "with any other name this is a second, unused disk" };
  }
  const size = ebs.volume_size;
  if (device === "/dev/xvda" && size !== undefined && size < 30) {
    const expected = "at least 30, the size of the image's snapshot in GiB";
    yield {
      path: "ebs/volume_size",
      found: size,
      expected,
      hint: "EC2 refuses to start an instance on a smaller volume",
    };
  }
}

function* volumeOf(ebs: EbsVolume, awsProvider: 5 | 6): Iterable<Mistake> {
  if (ebs.encrypted !== true) {
    const expected = "true, so that the disk is encrypted whatever the account's default is";
    yield {
      path: "ebs/encrypted",
      found: ebs.encrypted,
      expected,
      hint: "it costs nothing with the AWS managed key for EBS",
    };
  }
  yield* operationsOf(ebs);
  yield* throughputOf(ebs, awsProvider);
}

function* operationsOf({ volume_type: type = "gp2", volume_size: size = 30, iops }: EbsVolume): Iterable<Mistake> {
  const path = "ebs/iops";
  const limit = iopsLimits[type];
  if (limit === undefined) {
    if (iops === undefined) return;
    const expected = `no iops, because ${type} has a fixed performance`;
    yield { path, found: iops, expected, hint: "remove iops, or use gp3" };
  } else if (iops === undefined) {
    if (type === "gp3") return;
    yield { path, expected: `operations per second, because ${type} has no default`, hint: "add iops, or use gp3" };
  } else {
    // Every volume offers the minimum, however small it is.
    const max = Math.min(limit.max, Math.max(limit.perGib * size, limit.min));
    if (iops >= limit.min && iops <= max) return;
    const expected = `${limit.min} to ${max}, which is what ${type} offers at ${size} GiB`;
    yield {
      path,
      found: iops,
      expected,
      hint: `${type} offers ${limit.perGib} operations per GiB, at most ${limit.max}`,
    };
  }
}

/** https://aws.amazon.com/about-aws/whats-new/2025/09/amazon-ebs-size-provisioned-performance-gp3-volumes/ */
const iopsLimits: Readonly<Record<string, { readonly min: number; readonly max: number; readonly perGib: number }>> = {
  gp3: { min: 3000, max: 80_000, perGib: 500 },
  io1: { min: 100, max: 64_000, perGib: 50 },
  io2: { min: 100, max: 256_000, perGib: 1000 },
};

function* throughputOf(
  { volume_type: type = "gp2", iops = 3000, throughput }: EbsVolume,
  awsProvider: 5 | 6,
): Iterable<Mistake> {
  if (throughput === undefined) return;
  const path = "ebs/throughput";
  if (type !== "gp3") {
    yield {
      path,
      found: throughput,
      expected: "no throughput, because only gp3 supports it",
      hint: "remove throughput, or use gp3",
    };
    return;
  }
  // EC2 goes to 2000; https://github.com/hashicorp/terraform-provider-aws/issues/44762
  const max = Math.min(awsProvider === 5 ? 1000 : 2000, iops / 4);
  if (throughput >= 125 && throughput <= max) return;
  const expected = `125 to ${max}, which is what ${iops} operations per second allow`;
  yield { path, found: throughput, expected, hint: "raise iops: each operation allows a quarter of a MiB per second" };
}
