import type { ContainerProperties, JobDefinition } from "../../derived/types.ts";
import type { TemplateDocument } from "../../model/document.ts";
import { defineRule, type Finding, type Subject } from "../../model/rule.ts";
import { environmentsOf } from "../rules-support/environments.ts";
import { isFargate } from "../rules-support/platform.ts";

const container = (changes: Readonly<Record<string, unknown>>) => ({
  documents: { "batch-processing-job.json": { container_properties: changes } },
});

export const containerPlatform = defineRule({
  id: "container-platform",
  severity: "error",
  summary: "A job requests only what its platform offers, and no rights beyond those of a container.",
  why:
    "AWS Batch rejects Fargate settings on an EC2 job, and does not run a Fargate job in a queue of EC2 " +
    "environments. A privileged container is root on the instance, with access to every other job on it and " +
    "to the instance's role.",
  source: "https://docs.aws.amazon.com/batch/latest/APIReference/API_ContainerProperties.html",
  examples: {
    good: [
      {
        shows: "more shared memory, a file system in memory, and limits, on EC2",
        ...container({
          linux_parameters: {
            init_process_enabled: true,
            shared_memory_size: 256,
            tmpfs: [{ container_path: "/tmp", size: 256 }],
          },
          ulimits: [{ name: "nofile", soft_limit: 65_536, hard_limit: 65_536 }],
        }),
      },
    ],
    bad: [
      {
        shows: "a public address, which only Fargate assigns",
        ...container({ network_configuration: { assign_public_ip: "ENABLED" } }),
      },
      {
        shows: "a Fargate platform version",
        ...container({ fargate_platform_configuration: { platform_version: "1.4.0" } }),
      },
      { shows: "the disk of a Fargate task", ...container({ ephemeral_storage: { size_in_gib: 100 } }) },
      { shows: "a privileged container", ...container({ privileged: true }) },
      {
        shows: "a Fargate job in a queue of EC2 environments",
        documents: {
          "batch-processing-job.json": {
            platform_capabilities: ["FARGATE"],
            container_properties: { execution_role_arn: "arn:aws:iam::123456789012:role/gss-dev-batch-execution-role" },
          },
        },
      },
      {
        shows: "a Fargate job without an execution role, with a file system in memory and a folder of the instance",
        documents: {
          "batch-processing-job.json": {
            platform_capabilities: ["FARGATE"],
            container_properties: {
              linux_parameters: { tmpfs: [{ container_path: "/tmp", size: 256 }] },
              volumes: [{ name: "scratch", host: { source_path: "/scratch" } }],
              mount_points: [{ source_volume: "scratch", container_path: "/scratch" }],
            },
          },
        },
      },
    ],
  },
  *check(subject) {
    for (const document of subject.jobDefinitions) {
      yield* privilegedFindings(document);
      yield* isFargate(document.value) ? fargateFindings(document, subject) : ec2Findings(document);
    }
  },
});

const pointer = "/container_properties";
const fargateOnly = ["network_configuration", "fargate_platform_configuration", "ephemeral_storage"] as const;

function* privilegedFindings(document: TemplateDocument<JobDefinition>): Iterable<Finding> {
  if (document.value.container_properties.privileged !== true) return;
  yield {
    document,
    pointer: `${pointer}/privileged`,
    found: true,
    expected: "false",
    hint: "grant only what is needed: a device, tmpfs or volume; or ignore this rule with the reason",
  };
}

function* ec2Findings(document: TemplateDocument<JobDefinition>): Iterable<Finding> {
  for (const key of fargateOnly) {
    const found = document.value.container_properties[key];
    if (found === undefined) continue;
    const expected = `no ${key} in an EC2 job`;
    const hint = "remove it: network and disk come from the compute environment and its launch template";
    yield { document, pointer: `${pointer}/${key}`, found, expected, hint };
  }
}

function* fargateFindings(document: TemplateDocument<JobDefinition>, subject: Subject): Iterable<Finding> {
  if (environmentsOf(subject).some(({ environment }) => environment.type === "MANAGED")) {
    yield {
      document,
      pointer: "/platform_capabilities",
      found: document.value.platform_capabilities,
      expected: "EC2, the platform of the compute environments",
      hint: 'set "platform_capabilities": ["EC2"]',
    };
  }
  const properties = document.value.container_properties;
  if (properties.execution_role_arn === undefined) {
    const hint = "add execution_role_arn: a role that ecs-tasks.amazonaws.com may assume";
    yield {
      document,
      pointer: `${pointer}/execution_role_arn`,
      expected: "an execution role, which Fargate requires",
      hint,
    };
  }
  for (const [below, found] of missingOnFargate(properties)) {
    yield {
      document,
      pointer: `${pointer}${below}`,
      found,
      expected: "nothing here in a Fargate job",
      hint: "remove it",
    };
  }
}

/** What a container can have on an instance and not on Fargate, with its pointer below the container. */
function missingOnFargate({
  linux_parameters = {},
  volumes = [],
}: ContainerProperties): (readonly [string, unknown])[] {
  const { devices, shared_memory_size, tmpfs, max_swap, swappiness } = linux_parameters;
  const settings = Object.entries({ devices, shared_memory_size, tmpfs, max_swap, swappiness });
  return [
    ...settings.flatMap(([key, value]) => (value === undefined ? [] : [[`/linux_parameters/${key}`, value] as const])),
    ...volumes.flatMap(({ host }, index) =>
      host?.source_path === undefined ? [] : [[`/volumes/${index}/host/source_path`, host.source_path] as const],
    ),
  ];
}
