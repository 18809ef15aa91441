import type { ComputeResources, LaunchTemplate } from "../../derived/types.ts";
import { defineRule, type Subject } from "../../model/rule.ts";
import { resourcesOf } from "../rules-support/resources.ts";

const groups = ["${SCM_BATCH_PROCESSOR_BATCH_SG}"];

export const subnetsAndGroups = defineRule({
  id: "subnets-and-groups",
  severity: "error",
  summary:
    "An environment specifies where its instances start: subnets, and a security group here or in the launch " +
    "template.",
  why:
    "AWS Batch rejects an environment without subnets. Security groups may be in the environment or in its " +
    "launch template, but when neither has one the environment becomes INVALID, and its jobs wait.",
  source: "https://docs.aws.amazon.com/batch/latest/APIReference/API_ComputeResource.html",
  examples: {
    good: [
      {
        shows: "the security group in the launch template",
        documents: {
          "compute-environment.json": {
            compute_resources: { security_group_ids: null },
            fallback: { compute_resources: { security_group_ids: null } },
          },
          "launch-template.json": { vpc_security_group_ids: groups },
        },
      },
      {
        shows: "an external launch template, which may name one",
        documents: {
          "compute-environment.json": {
            fallback: {
              compute_resources: {
                security_group_ids: null,
                launch_template: { launch_template_name: "company-wide", version: "7" },
              },
            },
          },
        },
      },
    ],
    bad: [
      {
        shows: "no security group anywhere",
        documents: { "compute-environment.json": { compute_resources: { security_group_ids: null } } },
      },
      {
        shows: "an empty list",
        documents: { "compute-environment.json": { fallback: { compute_resources: { security_group_ids: [] } } } },
      },
    ],
  },
  *check(subject) {
    for (const { document, resources, at, settled } of resourcesOf(subject)) {
      if (settled("subnets") && resources.subnets.length === 0) {
        const expected = "at least one subnet";
        yield { document, pointer: at("subnets"), found: [], expected, hint: "write ${SUBNETS}, without quotes" };
      }
      if (!settled("security_group_ids") || hasGroups(resources, subject)) continue;
      yield {
        document,
        pointer: at("security_group_ids"),
        found: resources.security_group_ids,
        expected: "at least one security group, here or in the launch template",
        hint: 'write ["${SCM_BATCH_PROCESSOR_BATCH_SG}"]',
      };
    }
  },
});

/** A launch template that none of the documents describes may name a group, so it gets the benefit of the doubt. */
function hasGroups({ security_group_ids: own = [], launch_template }: ComputeResources, subject: Subject): boolean {
  if (own.length > 0) return true;
  if (launch_template === undefined) return false;
  const template = subject.launchTemplates.find(({ value }) => value.name === launch_template.launch_template_name);
  return template === undefined || namesGroup(template.value);
}

function namesGroup({
  vpc_security_group_ids: own = [],
  network_interfaces: interfaces = [],
}: LaunchTemplate): boolean {
  return own.length > 0 || interfaces.some(({ security_groups = [] }) => security_groups.length > 0);
}
