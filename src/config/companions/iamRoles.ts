import type { Config } from "../../derived/types.ts";
import type { BatchDocuments } from "./companionDefaults.ts";

/** Roles. */
export function defaultIamRoles(_config: Config, _batch: BatchDocuments): Readonly<Record<string, unknown>> {
  return {
    "scm-batch-processor-batch-job-role": {
      description: "What the containers of both jobs may do",
      trust: { services: ["ecs-tasks.amazonaws.com"] },
    },
  };
}
