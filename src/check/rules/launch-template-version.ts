import { defineRule, type Finding, type Subject } from "../../model/rule.ts";
import { type PlacedResources, resourcesOf } from "../rules-support/resources.ts";
import { isSample } from "../rules-support/samples.ts";

function fallbackTemplate(launch_template: Readonly<Record<string, unknown>>) {
  return { "compute-environment.json": { fallback: { compute_resources: { launch_template } } } };
}

export const launchTemplateVersion = defineRule({
  id: "launch-template-version",
  severity: "error",
  summary: "A launch template is identified once, and its version is a number or left to the module.",
  why:
    "$Latest and $Default are read when the environment is created or replaced, not when the template " +
    "changes: a new disk size or user data never reaches the instances, and Terraform shows no change. For " +
    "the template of this module the version is left out, and the module fills in the number of the newest " +
    "version, so that each change to the template is an update of the environment. AWS itself uses $Default " +
    "when it is left out, so an external template needs its number.",
  source: "https://github.com/hashicorp/terraform-provider-aws/issues/37440",
  examples: {
    good: [
      {
        shows: "an external template with its version",
        documents: fallbackTemplate({ launch_template_name: "company-wide", version: "7" }),
      },
    ],
    bad: [
      { shows: "the newest version, frozen", documents: fallbackTemplate({ version: "$Latest" }) },
      { shows: "a fixed version of the module's own template", documents: fallbackTemplate({ version: "1" }) },
      {
        shows: "an external template without a version",
        documents: fallbackTemplate({ launch_template_name: null, launch_template_id: "lt-0123456789abcdef0" }),
      },
      {
        shows: "name and id together",
        documents: fallbackTemplate({ launch_template_id: "lt-0123456789abcdef0" }),
      },
    ],
  },
  *check(subject) {
    for (const placed of resourcesOf(subject)) {
      if (placed.resources.launch_template === undefined || !placed.settled("launch_template")) continue;
      const ambiguous = nameOrId(placed);
      yield* ambiguous ? [ambiguous] : versionOf(placed, subject);
    }
  },
});

function nameOrId({ document, resources, at }: PlacedResources): Finding | undefined {
  const { launch_template_name: name, launch_template_id: id } = resources.launch_template ?? {};
  const expected = "either launch_template_name or launch_template_id";
  if (name === undefined && id === undefined) {
    const hint = "name the template of launch-template.json, or remove launch_template";
    return { document, pointer: at("launch_template"), found: resources.launch_template, expected, hint };
  }
  if (name === undefined || id === undefined) return undefined;
  const pointer = `${at("launch_template")}/launch_template_id`;
  return { document, pointer, found: id, expected: `no id next to the name ${name}`, hint: `keep one: ${expected}` };
}

function* versionOf({ document, resources, at }: PlacedResources, { launchTemplates }: Subject): Iterable<Finding> {
  const { launch_template_name: name, version } = resources.launch_template ?? {};
  const pointer = `${at("launch_template")}/version`;
  if (isSample(document, pointer)) return;
  const own = name !== undefined && launchTemplates.some(({ value }) => value.name === name);
  if (own) {
    if (version === undefined) return;
    const expected = "no version, because the module fills in the newest one of its own template";
    yield { document, pointer, found: version, expected, hint: "remove version, so that changes reach the instances" };
    return;
  }
  // Without any launch template among the documents, this may be the module's own.
  const mayBeOwn = version === undefined && name !== undefined && launchTemplates.length === 0;
  if (mayBeOwn || (version !== undefined && /^[0-9]+$/.test(version))) return;
  yield {
    document,
    pointer,
    found: version,
    expected: 'the number of a version as text, such as "3"',
    hint: "AWS reads $Latest and $Default once: later versions of the template would not reach the instances",
  };
}
