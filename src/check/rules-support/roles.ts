import type { TemplateDocument } from "../../model/document.ts";
import type { Subject } from "../../model/rule.ts";
import { valueAt } from "../../shared/pointer.ts";
import { type PlacedRole, rolesOf } from "./policies.ts";
import { wholePlaceholder } from "./samples.ts";

/**
 * The role whose ARN is at the pointer, when one of the documents describes it: named by the placeholder for its key,
 * as SCM_BATCH_PROCESSOR_LAMBDA_ROLE names scm-batch-processor-lambda-role, or by its name.
 */
export function roleAt(document: TemplateDocument, pointer: string, subject: Subject): PlacedRole | undefined {
  const placeholder = wholePlaceholder(document, pointer);
  const roles = rolesOf(subject);
  if (placeholder !== undefined) return roles.find(({ key }) => key === asKey(placeholder));
  const arn = valueAt(document.value, pointer);
  const name = typeof arn === "string" ? arn.split("/").at(-1) : undefined;
  if (name === undefined) return undefined;
  return (
    roles.find(({ role }) => role.name === name) ??
    roles.find(({ key, role }) => role.name === undefined && name.endsWith(`-${key}`))
  );
}

function asKey(placeholder: string): string {
  return placeholder.toLowerCase().replaceAll("_", "-");
}
