import type { UnitDeclaration } from "../../model/unitDeclaration.ts";

/** The groups of instances and function: AWS Batch and Lambda read their ids, and no rule opens more than they need. */
export const securityGroups = {
  meaning: "what instances and function may connect to",
  documents: {
    "security-groups": { kind: "security-groups" },
  },
  kinds: {
    "security-groups": { subject: "securityGroups" },
  },
} as const satisfies UnitDeclaration;
