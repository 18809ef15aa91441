import type { JobDefinition, Volume } from "../../derived/types.ts";
import type { TemplateDocument } from "../../model/document.ts";
import { defineRule, type Finding } from "../../model/rule.ts";
import { nearest } from "../../shared/nearest.ts";
import { isSample } from "../rules-support/samples.ts";

const container = (changes: Readonly<Record<string, unknown>>) => ({
  documents: { "batch-processing-job.json": { container_properties: changes } },
});
const scratch = { name: "scratch", host: { source_path: "/scratch" } };
const mount = { source_volume: "scratch", container_path: "/scratch" };
const efs = (changes: Readonly<Record<string, unknown>>) =>
  container({
    volumes: [{ name: "data", efs_volume_configuration: { file_system_id: "fs-0123456789abcdef0", ...changes } }],
    mount_points: [{ source_volume: "data", container_path: "/data" }],
  });

export const containerVolumes = defineRule({
  id: "container-volumes",
  severity: "error",
  summary:
    "Every mount point names a volume, every volume is mounted, and EFS volumes are encrypted where EFS requires it.",
  why:
    "A mount of a volume that does not exist passes Terraform's plan, and AWS rejects it afterwards. EFS " +
    "rejects a mount with IAM or through an access point that is not encrypted in transit, so the job fails " +
    "before its program starts.",
  source: "https://docs.aws.amazon.com/batch/latest/APIReference/API_EFSAuthorizationConfig.html",
  examples: {
    good: [
      { shows: "a folder of the instance", ...container({ volumes: [scratch], mount_points: [mount] }) },
      {
        shows: "EFS through an access point, with the job role",
        ...efs({
          transit_encryption: "ENABLED",
          authorization_config: { access_point_id: "fsap-0123456789abcdef0", iam: "ENABLED" },
        }),
      },
    ],
    bad: [
      { shows: "a mount of a volume that does not exist", ...container({ mount_points: [mount] }) },
      { shows: "a volume that nothing mounts", ...container({ volumes: [scratch] }) },
      { shows: "two volumes with the same name", ...container({ volumes: [scratch, scratch], mount_points: [mount] }) },
      {
        shows: "two mounts at the same path",
        ...container({
          volumes: [scratch, { name: "other" }],
          mount_points: [mount, { ...mount, source_volume: "other" }],
        }),
      },
      {
        shows: "a volume that is both a folder and EFS",
        ...container({
          volumes: [{ ...scratch, efs_volume_configuration: { file_system_id: "fs-0123456789abcdef0" } }],
          mount_points: [mount],
        }),
      },
      { shows: "IAM without encryption in transit", ...efs({ authorization_config: { iam: "ENABLED" } }) },
      {
        shows: "an access point and a root directory",
        ...efs({
          root_directory: "/orders",
          transit_encryption: "ENABLED",
          authorization_config: { access_point_id: "fsap-0123456789abcdef0" },
        }),
      },
      {
        shows: "IAM without a job role",
        also: ["iam-worker-calls"],
        documents: {
          "batch-processing-job.json": {
            container_properties: {
              ...efs({ transit_encryption: "ENABLED", authorization_config: { iam: "ENABLED" } }).documents[
                "batch-processing-job.json"
              ].container_properties,
              job_role_arn: null,
            },
          },
        },
      },
    ],
  },
  *check({ jobDefinitions }) {
    for (const document of jobDefinitions) {
      yield* mountFindings(document);
      yield* volumeFindings(document);
    }
  },
});

const pointer = "/container_properties";

function* mountFindings(document: TemplateDocument<JobDefinition>): Iterable<Finding> {
  const { mount_points = [], volumes = [] } = document.value.container_properties;
  const names = volumes.map(({ name }) => name);
  const paths = mount_points.map(({ container_path }) => container_path);
  for (const [index, { source_volume, container_path }] of mount_points.entries()) {
    const namePointer = `${pointer}/mount_points/${index}/source_volume`;
    if (!names.includes(source_volume) && !isSample(document, namePointer)) {
      const close = nearest(source_volume, names);
      yield {
        document,
        pointer: namePointer,
        found: source_volume,
        expected: names.length === 0 ? "a volume in volumes" : `one of the volumes: ${names.join(", ")}`,
        hint: close ? `did you mean ${close}?` : `add a volume of that name, such as { "name": "${source_volume}" }`,
      };
    }
    if (paths.indexOf(container_path) !== index) {
      yield {
        document,
        pointer: `${pointer}/mount_points/${index}/container_path`,
        found: container_path,
        expected: "a path in the container that no other volume uses",
        hint: "give one of the two another path, or remove it",
      };
    }
  }
}

function* volumeFindings(document: TemplateDocument<JobDefinition>): Iterable<Finding> {
  const { mount_points = [], volumes = [], job_role_arn } = document.value.container_properties;
  const names = volumes.map(({ name }) => name);
  for (const [index, volume] of volumes.entries()) {
    const at = `${pointer}/volumes/${index}`;
    if (names.indexOf(volume.name) !== index) {
      const hint = "rename one of the two, and the mount points that refer to it";
      yield { document, pointer: `${at}/name`, found: volume.name, expected: "a name that no other volume has", hint };
    }
    if (!mount_points.some(({ source_volume }) => source_volume === volume.name)) {
      const hint = `add a mount point with "source_volume": "${volume.name}", or remove the volume`;
      const expected = "a mount point that uses it";
      yield { document, pointer: `${at}/name`, found: volume.name, expected, hint, severity: "warning" };
    }
    for (const { below, ...facts } of efsMistakes(volume, job_role_arn !== undefined)) {
      yield { document, pointer: `${at}${below}`, ...facts };
    }
  }
}

interface EfsMistake {
  /** Pointer below the volume. */
  readonly below: string;
  readonly found?: unknown;
  readonly expected: string;
  readonly hint: string;
}

function efsMistakes({ host, efs_volume_configuration: efs }: Volume, hasJobRole: boolean): EfsMistake[] {
  if (efs === undefined) return [];
  const mistakes: EfsMistake[] = [];
  const at = "/efs_volume_configuration";
  const { access_point_id, iam } = efs.authorization_config ?? {};
  if (host !== undefined) {
    mistakes.push({
      below: "/host",
      found: host,
      expected: "only one of host and efs_volume_configuration",
      hint: "remove one of them",
    });
  }
  if ((access_point_id !== undefined || iam === "ENABLED") && efs.transit_encryption !== "ENABLED") {
    mistakes.push({
      below: `${at}/transit_encryption`,
      ...(efs.transit_encryption !== undefined && { found: efs.transit_encryption }),
      expected: "ENABLED, which EFS requires with IAM and with an access point",
      hint: 'set "transit_encryption": "ENABLED"',
    });
  }
  if (access_point_id !== undefined && (efs.root_directory ?? "/") !== "/") {
    mistakes.push({
      below: `${at}/root_directory`,
      found: efs.root_directory,
      expected: "no root directory, or /, because the access point decides",
      hint: "remove root_directory, or set that path on the access point",
    });
  }
  if (iam === "ENABLED" && !hasJobRole) {
    mistakes.push({
      below: `${at}/authorization_config/iam`,
      found: iam,
      expected: "a job role to authorize with",
      hint: "set job_role_arn of the container",
    });
  }
  return mistakes;
}
