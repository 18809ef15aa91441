import type { UnitDeclaration } from "../../model/unitDeclaration.ts";

/** What AWS Batch itself needs: everything else is built around it. */
export const batch = {
  meaning: "compute environments, queue, job definitions, launch template, log groups",
  documents: {
    "compute-environment": { kind: "compute-environment" },
    "job-queue": { kind: "job-queue" },
    "batch-validation-job": { kind: "job-definition" },
    "batch-processing-job": { kind: "job-definition" },
    "launch-template": { kind: "launch-template" },
    "log-groups": { kind: "log-groups" },
  },
  kinds: {
    "compute-environment": { subject: "computeEnvironments", keys: ["compute_resources"] },
    "job-queue": { subject: "jobQueues", keys: ["compute_environment_order"] },
    "job-definition": {
      subject: "jobDefinitions",
      fileName: /^(?:.*-)?job(?:-definition)?\.json$/,
      keys: ["container_properties"],
    },
    "launch-template": { subject: "launchTemplates", keys: ["block_device_mappings", "metadata_options"] },
    "log-groups": { subject: "logGroups" },
  },
} as const satisfies UnitDeclaration;
