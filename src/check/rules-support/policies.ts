import type { IamRole, IamRoles, PolicyDocument } from "../../derived/types.ts";
import type { TemplateDocument } from "../../model/document.ts";
import type { Subject } from "../../model/rule.ts";
import { pointerTo } from "../../shared/pointer.ts";

export interface PlacedRole {
  readonly document: TemplateDocument<IamRoles>;
  readonly pointer: string;
  readonly key: string;
  readonly role: IamRole;
}

/** A statement of a role's inline policy that allows something. */
export interface Grant {
  readonly pointer: string;
  /** A list is empty when the statement does not have that key. */
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly resources: readonly string[];
  readonly condition: Readonly<Record<string, unknown>>;
}

export function rolesOf({ iamRoles }: Subject): readonly PlacedRole[] {
  return iamRoles.flatMap((document) =>
    Object.entries(document.value).flatMap(([key, role]) =>
      typeof role === "object" ? [{ document, pointer: pointerTo("", key), key, role }] : [],
    ),
  );
}

export function grantsOf({ pointer, role }: PlacedRole): readonly Grant[] {
  return Object.entries(role.inline_policies ?? {}).flatMap(([name, policy]) =>
    statementsOf(policy, pointerTo(`${pointer}/inline_policies`, name)),
  );
}

/** The AWS services that may assume a role, in either form of trust. */
export function trustedServices({ trust, assume_role_policy }: IamRole): readonly string[] {
  const allowed = (assume_role_policy?.Statement ?? []).filter(({ Effect }) => Effect === "Allow");
  return [...(trust?.services ?? []), ...allowed.flatMap(({ Principal }) => Principal?.Service ?? [])];
}

function statementsOf(policy: PolicyDocument, pointer: string): Grant[] {
  return policy.Statement.flatMap((statement, index) =>
    statement.Effect === "Deny"
      ? []
      : [
          {
            pointer: `${pointer}/Statement/${index}`,
            actions: statement.Action ?? [],
            notActions: statement.NotAction ?? [],
            resources: statement.Resource ?? [],
            condition: statement.Condition ?? {},
          },
        ],
  );
}

/**
 * Whether a pattern of IAM (`*` for any text, `?` for one character) covers an action. Case does not count.
 * Backtracks to the last star only, so that a hostile pattern costs no more than its length times that of the action.
 */
export function coversAction(pattern: string, action: string): boolean {
  const [wanted, given] = [pattern.toLowerCase(), action.toLowerCase()];
  let at = 0;
  let star = -1;
  let resume = 0;
  for (let index = 0; index < given.length; ) {
    if (wanted[at] === "*") {
      star = at;
      at += 1;
      resume = index;
    } else if (wanted[at] === "?" || wanted[at] === given[index]) {
      at += 1;
      index += 1;
    } else if (star >= 0) {
      at = star + 1;
      resume += 1;
      index = resume;
    } else {
      return false;
    }
  }
  return [...wanted.slice(at)].every((character) => character === "*");
}

/** Whether one of a role's grants covers the action, on any resource. */
export function allows(grants: readonly Grant[], action: string): boolean {
  return grants.some(
    ({ actions, notActions }) =>
      actions.some((pattern) => coversAction(pattern, action)) ||
      (notActions.length > 0 && !notActions.some((pattern) => coversAction(pattern, action))),
  );
}
