import type { MetadataOptions } from "../../derived/types.ts";
import { defineRule, type Finding } from "../../model/rule.ts";
import { isSample } from "../rules-support/samples.ts";

export const instanceMetadata = defineRule({
  id: "instance-metadata",
  severity: "error",
  summary: "The metadata service of an instance requires a token, with a hop limit of 1.",
  why:
    "Without a required token, a request that a job is tricked into making can read the credentials of the " +
    "instance. One hop keeps the token on the instance: jobs with a job role get their credentials elsewhere " +
    "and do not need it. With the service switched off altogether the ECS agent cannot register the instance, " +
    "and jobs wait in RUNNABLE.",
  source: "https://docs.aws.amazon.com/batch/latest/userguide/imds-compute-environments.html",
  examples: {
    good: [
      {
        shows: "tags of the instance readable as well",
        documents: { "launch-template.json": { metadata_options: { instance_metadata_tags: "enabled" } } },
      },
    ],
    bad: [
      {
        shows: "answers without a token",
        documents: { "launch-template.json": { metadata_options: { http_tokens: "optional" } } },
      },
      {
        shows: "a token that reaches containers",
        documents: { "launch-template.json": { metadata_options: { http_put_response_hop_limit: 2 } } },
      },
      {
        shows: "no metadata service",
        documents: { "launch-template.json": { metadata_options: { http_endpoint: "disabled" } } },
      },
      { shows: "left to the machine image", documents: { "launch-template.json": { metadata_options: null } } },
    ],
  },
  *check({ launchTemplates }) {
    for (const document of launchTemplates) {
      const options = document.value.metadata_options ?? {};
      for (const { key, ...mistake } of mistakesIn(options)) {
        const pointer = `/metadata_options/${key}`;
        if (!isSample(document, pointer)) yield { document, pointer, found: options[key], ...mistake };
      }
    }
  },
});

interface Mistake extends Pick<Finding, "expected" | "hint" | "severity"> {
  readonly key: keyof MetadataOptions;
}

function* mistakesIn({
  http_endpoint,
  http_tokens,
  http_put_response_hop_limit: hops,
}: MetadataOptions): Iterable<Mistake> {
  if (http_endpoint === "disabled") {
    const hint = "set http_endpoint to enabled; required tokens keep it safe";
    yield { key: "http_endpoint", expected: '"enabled", because the ECS agent needs the service', hint };
    return;
  }
  if (http_tokens !== "required") {
    yield { key: "http_tokens", expected: '"required"', hint: "set http_tokens to required (IMDSv2)" };
  }
  if (hops !== 1) {
    const expected = "1, so that containers cannot read the credentials of the instance";
    const hint = "if a job must reach the service from a bridge network, set 2 and name this rule under ignore_rules";
    yield { key: "http_put_response_hop_limit", expected, hint, severity: "warning" };
  }
}
