import type { Config } from "../derived/types.ts";
import type { DocumentName } from "../model/units.ts";
import { defaultIamRoles } from "./iam-roles/iamRoles.ts";
import { defaultLambdaFunction } from "./lambda/lambdaFunction.ts";
import { defaultAlarms } from "./monitoring/alarms.ts";
import { defaultDashboard } from "./monitoring/dashboard.ts";
import { defaultEventRules } from "./monitoring/eventRules.ts";
import { defaultSecurityGroups } from "./security-groups/securityGroups.ts";
import { defaultStateMachineSettings } from "./step-function/settings.ts";
import { defaultStateMachine } from "./step-function/stateMachine.ts";

type Data = Readonly<Record<string, unknown>>;

/** The documents of a config that others follow: those of the batch unit, with the overrides of the user in place. */
export type BatchDocuments = Readonly<Record<DocumentName, Data>>;

/** The documents of the companions before the overrides of the user: they follow the config and the batch documents. */
export function companionDefaults(config: Config, batch: BatchDocuments): Partial<Record<DocumentName, Data>> {
  return {
    "iam-roles": defaultIamRoles(config, batch),
    "security-groups": defaultSecurityGroups(config, batch),
    "lambda-function": defaultLambdaFunction(config, batch),
    "step-function-definition": defaultStateMachine(config, batch),
    "state-machine-settings": defaultStateMachineSettings(),
    alarms: defaultAlarms(config, batch),
    dashboard: defaultDashboard(config, batch),
    "event-rules": defaultEventRules(config, batch),
  };
}
