import type { ErrorObject } from "ajv";
import * as validators from "../derived/validators.js";
import type { DocumentKind, TemplateDocument } from "../model/document.ts";
import type { Placeholder } from "../model/placeholder.ts";
import type { Problem } from "../model/problem.ts";
import { isAboutForm, schemaFindings } from "../model/schemaProblems.ts";
import { schemaTree } from "../model/schemas.ts";

type Validator = ((value: unknown) => boolean) & { errors?: readonly ErrorObject[] | null };

const validatorOf = {
  "compute-environment": validators.computeEnvironment,
  "job-queue": validators.jobQueue,
  "job-definition": validators.jobDefinition,
  "launch-template": validators.launchTemplate,
  "log-groups": validators.logGroups,
  "iam-roles": validators.iamRoles,
  "security-groups": validators.securityGroups,
  "state-machine": validators.stateMachine,
  "state-machine-settings": validators.stateMachineSettings,
  "lambda-function": validators.lambdaFunction,
  alarms: validators.alarms,
  dashboard: validators.dashboard,
  "event-rules": validators.eventRules,
} as const satisfies Record<DocumentKind, Validator>;

/** Everything that the JSON Schema of its kind refuses in a document, each at its place. */
export function schemaProblems(
  document: TemplateDocument,
  known: ReadonlyMap<string, Placeholder>,
): readonly Problem[] {
  const validate: Validator = validatorOf[document.kind];
  if (validate(document.value)) return [];
  const findings = schemaFindings(validate.errors ?? [], document.value, schemaTree(document.kind));
  const open = new Set(
    document.placeholders.filter(({ name }) => known.get(name)?.pattern === undefined).map(({ pointer }) => pointer),
  );
  return findings
    .filter(({ rule, pointer }) => !(isAboutForm(rule) && open.has(pointer)))
    .map(({ atKey, ...finding }) => ({
      ...finding,
      severity: "error",
      file: document.path,
      position: atKey ? document.locateKey(finding.pointer) : document.locate(finding.pointer),
    }));
}
