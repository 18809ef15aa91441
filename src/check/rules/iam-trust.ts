import { defineRule, type Finding } from "../../model/rule.ts";
import { type PlacedRole, rolesOf, trustedServices } from "../rules-support/policies.ts";

const role = (key: string, changes: Readonly<Record<string, unknown>>) => ({
  documents: { "iam-roles.json": { [key]: changes } },
});

export const iamTrust = defineRule({
  id: "iam-trust",
  severity: "error",
  summary: "A role can be taken on by the service that its name says it is for, and not by everybody.",
  why:
    "A role that another service is trusted with cannot be used: the instance does not join, the container does " +
    "not start, the state machine may do nothing. Terraform creates it all the same. A role that trusts * can be " +
    "taken on from any AWS account.",
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
      { shows: "a name that says nothing", ...role("reports", { trust: { aws_principals: ["123456789012"] } }) },
    ],
    bad: [
      {
        shows: "a role for containers that instances are trusted with",
        ...role("reports-job-role", { trust: { services: ["ec2.amazonaws.com"] } }),
      },
      {
        shows: "a role for instances that containers are trusted with",
        ...role("reports-instance-role", { trust: { services: ["ecs-tasks.amazonaws.com"] }, instance_profile: true }),
      },
      { shows: "nobody is trusted", ...role("reports-batch-role", { description: "For AWS Batch" }) },
      { shows: "everybody is trusted", ...role("reports", { trust: { aws_principals: ["*"] } }) },
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
      for (const below of everybody(placed)) {
        const expected = "accounts, roles or services by name, because * is every AWS account";
        yield {
          document,
          pointer: below,
          found: "*",
          expected,
          hint: "name who may take the role on, or add a condition",
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

/** The service that a role is for, by the end of its key; the first that fits counts. */
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
    expected: `${service}.amazonaws.com, which takes on a role of this name`,
    hint: `trust ${service}.amazonaws.com, or give the role a name that says what it is for`,
  };
}

/** Where a role may be taken on from any account. A condition may narrow that down: a statement with one is left alone. */
function everybody({ pointer, role: { trust, assume_role_policy } }: PlacedRole): readonly string[] {
  const inShort = trust?.conditions ? -1 : (trust?.aws_principals ?? []).indexOf("*");
  const statements = (assume_role_policy?.Statement ?? []).flatMap(({ Effect, Principal, Condition }, index) => {
    const at = Effect === "Allow" && Condition === undefined ? (Principal?.AWS ?? []).indexOf("*") : -1;
    return at === -1 ? [] : [`${pointer}/assume_role_policy/Statement/${index}/Principal/AWS/${at}`];
  });
  return [...(inShort === -1 ? [] : [`${pointer}/trust/aws_principals/${inShort}`]), ...statements];
}
