import { defineRule } from "../../model/rule.ts";
import { pointerTo } from "../../shared/pointer.ts";
import { resourcesOf } from "../rules-support/resources.ts";
import { isSample } from "../rules-support/samples.ts";

function withTags(tags: Readonly<Record<string, string>>) {
  return { "compute-environment.json": { compute_resources: { tags } } };
}

export const volatileTags = defineRule({
  id: "volatile-tags",
  severity: "warning",
  summary: "Tags of the compute resources do not change with every deployment.",
  why:
    "These tags are part of the instances' configuration. Each change to one is an update of the " +
    "infrastructure: AWS Batch starts new instances next to the old ones and terminates those, with the jobs " +
    "on them once the update's timeout is over. With a date, a commit or a build number that happens at every " +
    "deployment.",
  source: "https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/2270",
  examples: {
    good: [
      { shows: "tags that do not change", documents: withTags({ Team: "data", CostCenter: "1234", Version: "1.4" }) },
    ],
    bad: [
      { shows: "the date of the deployment", documents: withTags({ DeployedAt: "2026-11-23T13:45:00Z" }) },
      { shows: "a commit", documents: withTags({ Commit: "9f2c1ab04d3e5f60718293a4b5c6d7e8f9012345" }) },
      {
        shows: "an id that is different for every build",
        documents: withTags({ Build: "0b9d3c6e-58f1-4a7b-9c0e-2d4f6a8b1c3e" }),
      },
    ],
  },
  *check(subject) {
    for (const { document, resources, at } of resourcesOf(subject)) {
      for (const [key, found] of Object.entries(resources.tags ?? {})) {
        const pointer = pointerTo(at("tags"), key);
        const kind = isSample(document, pointer) ? undefined : kinds.find(({ pattern }) => pattern.test(found));
        if (kind === undefined) continue;
        yield {
          document,
          pointer,
          found,
          expected: `a value that stays the same from one deployment to the next, not ${kind.what}`,
          hint: "put it into tags of the environment itself, or drop it: in this place each change replaces instances",
        };
      }
    }
  },
});

const kinds: readonly { readonly what: string; readonly pattern: RegExp }[] = [
  { what: "a date", pattern: /(^|[^0-9])20[0-9]{2}-?(0[1-9]|1[0-2])-?(0[1-9]|[12][0-9]|3[01])($|[^0-9])/ },
  { what: "a time", pattern: /^1[6-9][0-9]{8}([0-9]{3})?$/ },
  { what: "a UUID", pattern: /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i },
  // Short ones need a letter and a digit, so that neither a word nor a number looks like a commit.
  { what: "a commit", pattern: /^(?=.*[a-f])(?=.*[0-9])([0-9a-f]{7,12}|[0-9a-f]{40}|[0-9a-f]{64})$/ },
];
