import { defineRule, type Finding } from "../../model/rule.ts";
import { type PlacedRole, rolesOf, trustedServices } from "../rules-support/policies.ts";

const role = (key: string, changes: Readonly<Record<string, unknown>>) => ({
  documents: { "iam-roles.json": { [key]: changes } },
});

export const iamTrust = defineRule({
  id: "iam-trust",
  severity: "error",
  summary: "A role can be assumed by the service that its name implies, and not by everyone.",
  why:
    "A role that trusts another service cannot be used: the instance does not join, the container does not " +
    "start, the state machine may not do anything. Terraform creates it all the same. A role that trusts * " +
    "can be assumed from any AWS account.",
  source: "https://docs.aws.amazon.com/batch/latest/userguide/create-an-iam-role.html",
  examples: {
    good: [
      {
        shows: "a role for containers",
        ...role("reports-job-role", { trust: { services: ["ecs-tasks.amazonaws.com"] } }),
      },
      {
        shows: "a role for a state machine, with a trust policy",
        ...role("reports-states-role", {
          assume_role_policy: {
            Version: "2012-10-17",
            Statement: [
              { Effect: "Allow", Principal: { Service: ["states.amazonaws.com"] }, Action: ["sts:AssumeRole"] },
            ],
          },
        }),
      },
      { shows: "a name that implies no service", ...role("reports", { trust: { aws_principals: ["123456789012"] } }) },
    ],
    bad: [
      {
        shows: "a role for containers that trusts EC2",
        ...role("reports-job-role", { trust: { services: ["ec2.amazonaws.com"] } }),
      },
      {
        shows: "a role for instances that trusts ECS tasks",
        ...role("reports-instance-role", { trust: { services: ["ecs-tasks.amazonaws.com"] }, instance_profile: true }),
      },
      { shows: "no trust", ...role("reports-batch-role", { description: "For AWS Batch" }) },
      { shows: "trust in every account", ...role("reports", { trust: { aws_principals: ["*"] } }) },
      {
        shows: "trust in both forms",
        ...role("reports-lambda-role", {
          trust: { services: ["lambda.amazonaws.com"] },
          assume_role_policy: {
            Version: "2012-10-17",
            Statement: [
              { Effect: "Allow", Principal: { Service: ["lambda.amazonaws.com"] }, Action: ["sts:AssumeRole"] },
            ],
          },
        }),
      },
    ],
  },
  *check(subject) {
    for (const placed of rolesOf(subject)) {
      const { document, pointer, role: found } = placed;
      yield* serviceFindings(placed);
      for (const below of openToEveryone(placed)) {
        const expected = "accounts, roles or services by name, because * is every AWS account";
        yield {
          document,
          pointer: below,
          found: "*",
          expected,
          hint: "name who may assume the role, or add a condition",
        };
      }
      if (found.trust === undefined || found.assume_role_policy === undefined) continue;
      const hint = "remove one of the two: the role has one trust policy";
      yield {
        document,
        pointer: `${pointer}/trust`,
        found: found.trust,
        expected: "only one of trust and assume_role_policy",
        hint,
      };
    }
  },
});

/** The service that a role is for, by the end of its key; the first match counts. */
const services: readonly (readonly [ending: string, service: string])[] = [
  ["-instance-role", "ec2"],
  ["-spot-fleet-role", "spotfleet"],
  ["-lambda-role", "lambda"],
  ["-lambda-execution-role", "lambda"],
  ["-step-function-role", "states"],
  ["-step-functions-role", "states"],
  ["-state-machine-role", "states"],
  ["-states-role", "states"],
  ["-events-role", "events"],
  ["-eventbridge-role", "events"],
  ["-job-role", "ecs-tasks"],
  ["-task-role", "ecs-tasks"],
  ["-execution-role", "ecs-tasks"],
  ["-batch-role", "batch"],
  ["-batch-service-role", "batch"],
];

function* serviceFindings({ document, pointer, key, role }: PlacedRole): Iterable<Finding> {
  const service = services.find(([ending]) => key.endsWith(ending))?.[1];
  const trusted = trustedServices(role);
  if (service === undefined || trusted.some((name) => name.split(".")[0] === service)) return;
  const policyPointer = role.assume_role_policy ? "/assume_role_policy" : "/trust/services";
  yield {
    document,
    pointer: `${pointer}${policyPointer}`,
    ...(trusted.length > 0 && { found: trusted }),
    expected: `${service}.amazonaws.com, which assumes a role with this name`,
    hint: `trust ${service}.amazonaws.com, or give the role a name that fits its service`,
  };
}

/** Where a role may be assumed from any account. A condition may narrow that down: a statement with one is skipped. */
function openToEveryone({ pointer, role: { trust, assume_role_policy } }: PlacedRole): readonly string[] {
  const inShort = trust?.conditions ? -1 : (trust?.aws_principals ?? []).indexOf("*");
  const statements = (assume_role_policy?.Statement ?? []).flatMap(({ Effect, Principal, Condition }, index) => {
    const at = Effect === "Allow" && Condition === undefined ? (Principal?.AWS ?? []).indexOf("*") : -1;
    return at === -1 ? [] : [`${pointer}/assume_role_policy/Statement/${index}/Principal/AWS/${at}`];
  });
  return [...(inShort === -1 ? [] : [`${pointer}/trust/aws_principals/${inShort}`]), ...statements];
}
