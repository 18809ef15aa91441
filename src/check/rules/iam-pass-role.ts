import { defineRule } from "../../model/rule.ts";
import { coversAction, grantsOf, rolesOf } from "../rules-support/policies.ts";

const policy = (changes: Readonly<Record<string, unknown>>) => ({
  documents: {
    "iam-roles.json": {
      "reports-deployer": {
        trust: { aws_principals: ["123456789012"] },
        inline_policies: {
          pass: { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: ["iam:PassRole"], ...changes }] },
        },
      },
    },
  },
});
const Resource = ["arn:aws:iam::123456789012:role/gss-dev-scm-batch-processor-batch-job-role"];

export const iamPassRole = defineRule({
  id: "iam-pass-role",
  severity: "error",
  summary: "iam:PassRole names the roles that may be passed, and the service that may receive them.",
  why:
    "Anyone who may pass any role to a service can start something with an administrator's role and act " +
    "through it. Without a condition on the service, a role that is meant for one can be passed to every " +
    "other service that it trusts.",
  source: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html",
  examples: {
    good: [
      {
        shows: "one role, to one service",
        ...policy({ Resource, Condition: { StringEquals: { "iam:PassedToService": ["ecs-tasks.amazonaws.com"] } } }),
      },
    ],
    bad: [
      {
        shows: "any role",
        ...policy({
          Resource: ["*"],
          Condition: { StringEquals: { "iam:PassedToService": ["ecs-tasks.amazonaws.com"] } },
        }),
      },
      { shows: "to any service", ...policy({ Resource }) },
    ],
  },
  *check(subject) {
    for (const placed of rolesOf(subject)) {
      for (const { pointer, actions, resources, condition } of grantsOf(placed)) {
        if (!actions.some(passesRoles)) continue;
        const any = resources.find((resource) => resource === "*" || resource.endsWith(":role/*"));
        if (any !== undefined) {
          yield {
            document: placed.document,
            pointer: `${pointer}/Resource/${resources.indexOf(any)}`,
            found: any,
            expected: "the ARNs of the roles that may be passed",
            hint: "name them, or at least their common prefix",
          };
        }
        if (namesService(condition)) continue;
        yield {
          document: placed.document,
          pointer: `${pointer}/Condition`,
          ...(Object.keys(condition).length > 0 && { found: condition }),
          expected: "a condition on iam:PassedToService",
          hint: 'add "Condition": { "StringEquals": { "iam:PassedToService": ["ecs-tasks.amazonaws.com"] } }',
          severity: "warning",
        };
      }
    }
  },
});

/** `*` and `iam:*` are a wider problem, which iam-wildcards reports. */
function passesRoles(action: string): boolean {
  return action !== "*" && !action.endsWith(":*") && coversAction(action, "iam:PassRole");
}

function namesService(condition: Readonly<Record<string, unknown>>): boolean {
  return Object.values(condition).some(
    (keys) =>
      typeof keys === "object" &&
      keys !== null &&
      Object.keys(keys).some((key) => ["iam:passedtoservice", "iam:associatedresourcearn"].includes(key.toLowerCase())),
  );
}
