import type { UnitDeclaration } from "../../model/unitDeclaration.ts";

/**
 * The roles that everything uses. Their ARNs are outputs that the other units read, so they are applied first, although
 * they are made nearly last: what a role may do follows from the documents of everything that uses it.
 */
export const iamRoles = {
  meaning: "the roles, and what each may do",
  documents: {
    "iam-roles": { kind: "iam-roles" },
  },
  kinds: {
    "iam-roles": { subject: "iamRoles" },
  },
} as const satisfies UnitDeclaration;
