import type { JobDefinition } from "../../derived/types.ts";

/** Whether a job is meant for Fargate; without platform_capabilities it is meant for EC2. */
export function isFargate({ platform_capabilities = ["EC2"] }: JobDefinition): boolean {
  return platform_capabilities.includes("FARGATE");
}
