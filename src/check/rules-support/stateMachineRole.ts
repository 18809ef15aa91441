import type { StateMachine } from "../../derived/types.ts";
import type { TemplateDocument } from "../../model/document.ts";
import type { Subject } from "../../model/rule.ts";
import type { PlacedRole } from "./policies.ts";
import { roleAt } from "./roles.ts";

export interface MachineWithRole {
  readonly machine: TemplateDocument<StateMachine>;
  readonly role: PlacedRole;
}

/** The state machine of the settings, with its role; undefined when one of the two is not among the documents. */
export function machineWithRole(subject: Subject): MachineWithRole | undefined {
  const [settings] = subject.stateMachineSettings;
  const machine = subject.stateMachines.find(({ path }) => /(^|[\\/])step-function-definition\.json$/.test(path));
  const role = settings && roleAt(settings, "/role_arn", subject);
  return machine && role && { machine, role };
}
