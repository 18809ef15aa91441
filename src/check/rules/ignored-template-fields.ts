import type { LaunchTemplate } from "../../derived/types.ts";
import { defineRule, type Finding, type Subject } from "../../model/rule.ts";
import { resourcesOf } from "../rules-support/resources.ts";

const group = "${SCM_BATCH_PROCESSOR_BATCH_SG}";

export const ignoredTemplateFields = defineRule({
  id: "ignored-template-fields",
  severity: "error",
  summary: "The launch template sets nothing that AWS Batch ignores or takes from the compute environment.",
  why:
    "AWS Batch copies the launch template into one of its own and silently drops instance type, instance " +
    "profile, market options, subnets and termination protection. The template then shows settings that no " +
    "instance has.",
  source: "https://docs.aws.amazon.com/batch/latest/userguide/launch-templates.html",
  examples: {
    good: [
      {
        shows: "settings that AWS Batch keeps",
        documents: {
          "launch-template.json": {
            ebs_optimized: true,
            tag_specifications: [{ resource_type: "volume", tags: { Team: "data" } }],
          },
        },
      },
    ],
    bad: [
      { shows: "an instance type", documents: { "launch-template.json": { instance_type: "c5.4xlarge" } } },
      {
        shows: "Spot through the launch template",
        documents: { "launch-template.json": { instance_market_options: { market_type: "spot" } } },
      },
      {
        shows: "a subnet",
        documents: {
          "launch-template.json": { network_interfaces: [{ device_index: 0, subnet_id: "subnet-0123456789abcdef0" }] },
        },
      },
      {
        shows: "security groups that are replaced by those of the environment",
        documents: { "launch-template.json": { vpc_security_group_ids: [group] } },
      },
      {
        shows: "security groups twice in the template",
        documents: {
          "compute-environment.json": {
            compute_resources: { security_group_ids: null },
            fallback: { compute_resources: { security_group_ids: null } },
          },
          "launch-template.json": {
            vpc_security_group_ids: [group],
            network_interfaces: [{ device_index: 0, security_groups: [group] }],
          },
        },
      },
    ],
  },
  *check(subject) {
    for (const document of subject.launchTemplates) {
      for (const mistake of [...ignored(document.value), ...overridden(document.value, subject)]) {
        yield { document, ...mistake };
      }
    }
  },
});

type Mistake = Omit<Finding, "document">;

const places = {
  instance_type: "compute_resources.instance_types",
  iam_instance_profile: "compute_resources.instance_role",
  instance_market_options: "compute_resources.type and bid_percentage",
} as const satisfies Partial<Record<keyof LaunchTemplate, string>>;

function* ignored(template: LaunchTemplate): Iterable<Mistake> {
  for (const [key, place] of Object.entries(places)) {
    const found = template[key as keyof typeof places];
    if (found === undefined) continue;
    const expected = `no ${key}, because AWS Batch ignores it`;
    yield {
      pointer: `/${key}`,
      found,
      expected,
      hint: `remove it; the compute environment's ${place} applies`,
    };
  }
  if (template.disable_api_termination === true) {
    const expected = "no termination protection, because AWS Batch ignores it and terminates instances itself";
    yield { pointer: "/disable_api_termination", found: true, expected, hint: "remove disable_api_termination" };
  }
  for (const [index, { subnet_id: found }] of (template.network_interfaces ?? []).entries()) {
    if (found === undefined) continue;
    const pointer = `/network_interfaces/${index}/subnet_id`;
    const hint = "remove it; compute_resources.subnets of the compute environment applies";
    yield { pointer, found, expected: "no subnet, because AWS Batch ignores it", hint };
  }
}

/** Groups in the interfaces exclude those of the template; those of an environment take precedence over both. */
function* overridden(template: LaunchTemplate, subject: Subject): Iterable<Mistake> {
  const found = template.vpc_security_group_ids ?? [];
  if (found.length === 0) return;
  const pointer = "/vpc_security_group_ids";
  if (template.network_interfaces?.some(({ security_groups: groups = [] }) => groups.length > 0)) {
    const expected = "security groups in one place only, because EC2 rejects both at once";
    yield { pointer, found, expected, hint: "remove vpc_security_group_ids, or security_groups in network_interfaces" };
  }
  const winner = resourcesOf(subject).find(
    ({ resources: { launch_template, security_group_ids = [] } }) =>
      launch_template?.launch_template_name === template.name && security_group_ids.length > 0,
  );
  if (winner === undefined) return;
  const expected = `no security groups, because those of ${winner.environment.name} replace them`;
  yield {
    pointer,
    found,
    expected,
    hint: "keep only security_group_ids in the compute environment",
    severity: "warning",
  };
}
