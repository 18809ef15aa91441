import { expect, test } from "vitest";
import { checkExample, generatedFiles } from "../../src/derive/checkExample.ts";
import type { IamRole, PolicyStatement } from "../../src/derived/types.ts";

const text = generatedFiles.find(({ path }) => path.endsWith("iam-roles.json"))?.text as string;
const roles = JSON.parse(text) as Readonly<Record<string, IamRole>>;

/** Every action that a role allows, with the role's policies as they are without it. */
function withoutEach(key: string): readonly { readonly action: string; readonly policies: object }[] {
  const policies = Object.entries(roles[key]?.inline_policies ?? {});
  const allowed = policies.flatMap(([, { Statement }]) =>
    Statement.flatMap(({ Effect, Action = [] }) => (Effect === "Allow" ? Action : [])),
  );
  return [...new Set(allowed)].map((action) => ({
    action,
    policies: Object.fromEntries(
      policies.map(([name, policy]) => [
        name,
        { ...policy, Statement: policy.Statement.flatMap((statement) => without(action, statement)) },
      ]),
    ),
  }));
}

function without(action: string, statement: PolicyStatement): readonly PolicyStatement[] {
  if (statement.Effect === "Deny") return [statement];
  const Action = (statement.Action ?? []).filter((each) => each !== action);
  return Action.length === 0 ? [] : [{ ...statement, Action }];
}

/**
 * No rule requires what the services do with a role in addition to the calls of the workers and the states: logs, traces and network
 * interfaces, and the end, the redrive and the tidying up of a Map.
 */
const ofTheServices =
  /^(?:logs|ec2|xray):|^states:(?:Describe|Stop|Redrive)Execution$|^s3:(?:Abort|List)Multipart|^s3:AbortMultipartUpload$/;

test.each([
  ["scm-batch-processor-batch-job-role", 6],
  ["scm-batch-processor-lambda-role", 5],
  ["scm-batch-processor-state-machine-role", 10],
] as const)("each action that %s no longer allows is required by a rule", (key, atLeast) => {
  const required = withoutEach(key).filter(({ action }) => !(ofTheServices.test(action) && !key.includes("job-role")));
  expect(required.length).toBeGreaterThanOrEqual(atLeast);
  const unnoticed = required.filter(({ policies }) => {
    const problems = checkExample({
      shows: "",
      documents: { "iam-roles.json": { [key]: { inline_policies: policies } } },
    });
    return !problems.some(({ rule }) => rule.startsWith("iam-"));
  });
  expect(unnoticed.map(({ action }) => action)).toEqual([]);
});
