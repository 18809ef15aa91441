import { defineRule, type Finding, type Script, type Subject } from "../../model/rule.ts";
import { nearest } from "../../shared/nearest.ts";

const role = "scm-batch-processor-lambda-role";
const group = "scm-batch-processor-lambda";

export const wiringKeys = defineRule({
  id: "wiring-keys",
  severity: "error",
  summary: "A role or security group that an .hcl file refers to by its key is in the document of roles or groups.",
  why:
    "The units pass their roles and groups in a map with the keys of the document. A key that was renamed " +
    "there and not here makes every plan fail with 'Invalid index', once the mock outputs are no longer used.",
  source: "https://developer.hashicorp.com/terraform/language/expressions/references#indices-and-attributes",
  examples: {
    good: [
      {
        shows: "an additional role and group",
        documents: {
          "iam-roles.json": { "reports-role": { trust: { services: ["ecs-tasks.amazonaws.com"] } } },
        },
      },
    ],
    bad: [
      {
        shows: "a role that was renamed",
        documents: {
          "iam-roles.json": { [role]: null, [`${role}2`]: { trust: { services: ["lambda.amazonaws.com"] } } },
        },
      },
      {
        shows: "a group that was removed",
        documents: { "security-groups.json": { [group]: null } },
      },
    ],
  },
  *check(subject) {
    for (const wiring of subject.wirings) yield* keyFindings(wiring, subject);
  },
});

function* keyFindings(wiring: Script, subject: Subject): Iterable<Finding> {
  const keys = { iam_roles: keysOf(subject.iamRoles), security_groups: keysOf(subject.securityGroups) };
  const own = ownDependencies(wiring);
  for (const [index, line] of wiring.text.split("\n").entries()) {
    for (const [, unit, found = ""] of line.matchAll(reference)) {
      const known = keys[unit as keyof typeof keys];
      if (known.length === 0 || known.includes(found) || !own.has(unit ?? "")) continue;
      const close = nearest(found, known);
      yield {
        document: wiring,
        pointer: String(index + 1),
        found,
        expected: `one of the keys of ${unit?.replace("_", "-")}.json: ${known.join(", ")}`,
        hint: close
          ? `did you mean ${close}? Otherwise restore the key in the document`
          : "restore the key in the document",
      };
    }
  }
}

const reference = /\bdependency\.(iam_roles|security_groups)\.outputs\.\w+\["([^"]*)"\]/g;

function keysOf(documents: readonly { readonly value: object }[]): readonly string[] {
  return documents.flatMap(({ value }) => Object.keys(value)).filter((key) => key !== "$schema");
}

/** Dependencies on the units next to this file. Another folder contains roles or groups that are described elsewhere. */
function ownDependencies({ text }: Script): ReadonlySet<string> {
  const own = new Set<string>();
  let name: string | undefined;
  for (const line of text.split("\n")) {
    name = /^dependency "(\w+)" \{/.exec(line)?.[1] ?? name;
    const folder = /^ +config_path *= *"([^"]*)"/.exec(line)?.[1];
    if (name !== undefined && folder?.endsWith(`/../${name.replace("_", "-")}`)) own.add(name);
  }
  return own;
}
