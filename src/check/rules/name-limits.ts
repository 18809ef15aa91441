import type { TemplateDocument } from "../../model/document.ts";
import { placeholders } from "../../model/placeholder.ts";
import { defineRule, type Finding, type Subject } from "../../model/rule.ts";
import { pointerTo } from "../../shared/pointer.ts";
import { environmentsOf } from "../rules-support/environments.ts";
import { isSample } from "../rules-support/samples.ts";

/** The longest prefix that the config allows. */
const longestPrefix = 24;
const shortestPrefix = 2;

export const nameLimits = defineRule({
  id: "name-limits",
  severity: "error",
  summary: "Every name fits the limits of its own service, with the longest prefix as well.",
  why:
    "Each AWS service has limits of its own: 128 characters for AWS Batch and launch templates, 64 for a role, " +
    "255 for a security group, 512 for a log group. The length of a name that Terragrunt completes is known only " +
    "at apply time, after part of the module exists; a prefix may have up to 24 characters.",
  source: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html",
  examples: {
    good: [
      {
        shows: "a late prefix with room for 24 characters",
        documents: { "job-queue.json": { name: "${PREFIX}-batch-queue" } },
      },
      {
        shows: "a role whose key leaves room for the prefix",
        documents: { "iam-roles.json": { "reader-role": { trust: { services: ["ecs-tasks.amazonaws.com"] } } } },
      },
    ],
    bad: [
      {
        shows: "a late prefix before a name that is long already",
        documents: { "job-queue.json": { name: `\${PREFIX}-${"batch-queue-".repeat(9)}1` } },
      },
      {
        shows: "a role whose name becomes too long with its prefix",
        documents: {
          "iam-roles.json": {
            "scm-batch-processor-batch-job-role-for-reading-the-input-bucket": {
              trust: { services: ["ecs-tasks.amazonaws.com"] },
            },
          },
        },
      },
      {
        shows: "an event rule whose late prefix makes its name too long",
        documents: {
          "event-rules.json": {
            example: {
              name: `\${PREFIX}-${"failed-".repeat(6)}jobs`,
              event_pattern: {
                source: ["aws.batch"],
                "detail-type": ["Batch Job State Change"],
                detail: { jobQueue: ["${BATCH_PROCESSING_QUEUE_ARN}"] },
              },
            },
          },
        },
      },
      {
        shows: "a log group in the name space of AWS",
        documents: { "log-groups.json": { other: { name: "aws/batch/other", retention_in_days: 30 } } },
      },
    ],
  },
  *check(subject) {
    for (const name of namesOf(subject)) {
      const { document, pointer, text, limit } = name;
      const longest = longestOf(name);
      if (longest !== undefined && (longest > limit.most || longest < limit.least)) {
        const grown = longest === text.length ? "" : ` with a prefix of ${longestPrefix}`;
        const expected = `${limit.least} to ${limit.most} characters, the limit for ${limit.what}`;
        yield { document, pointer, found: text, expected, hint: `it has ${longest} characters${grown}` };
      }
      if (limit.reserved && text.startsWith(limit.reserved)) {
        const expected = `a name for ${limit.what} that does not begin with ${limit.reserved}`;
        yield { document, pointer, found: text, expected, hint: "AWS keeps that beginning for itself" };
      }
    }
    yield* derivedRoleNames(subject);
  },
});

interface Limit {
  readonly what: string;
  readonly least: number;
  readonly most: number;
  readonly reserved?: string;
}

const limits = {
  computeEnvironment: { what: "a compute environment", least: 1, most: 128 },
  jobQueue: { what: "a job queue", least: 1, most: 128 },
  jobDefinition: { what: "a job definition", least: 1, most: 128 },
  launchTemplate: { what: "a launch template", least: 3, most: 128 },
  logGroup: { what: "a log group", least: 1, most: 512, reserved: "aws/" },
  role: { what: "a role", least: 1, most: 64 },
  securityGroup: { what: "a security group", least: 1, most: 255, reserved: "sg-" },
  lambdaFunction: { what: "a function", least: 1, most: 64 },
  stateMachine: { what: "a state machine", least: 1, most: 80 },
  alarm: { what: "an alarm", least: 1, most: 255 },
  eventRule: { what: "an event rule", least: 1, most: 64 },
} as const satisfies Record<string, Limit>;

interface Name {
  readonly document: TemplateDocument;
  readonly pointer: string;
  readonly text: string;
  readonly limit: Limit;
}

function namesOf(subject: Subject): readonly Name[] {
  const own = (documents: readonly TemplateDocument<{ readonly name: string }>[], limit: Limit): readonly Name[] =>
    documents.map((document) => ({ document, pointer: "/name", text: document.value.name, limit }));
  return [
    ...environmentsOf(subject).map(({ document, pointer, environment }) => ({
      document,
      pointer: `${pointer}/name`,
      text: environment.name,
      limit: limits.computeEnvironment,
    })),
    ...own(subject.jobQueues, limits.jobQueue),
    ...own(subject.jobDefinitions, limits.jobDefinition),
    ...own(subject.launchTemplates, limits.launchTemplate),
    ...entryNames(subject.logGroups, limits.logGroup),
    ...entryNames(subject.iamRoles, limits.role),
    ...entryNames(subject.securityGroups, limits.securityGroup),
    ...own(subject.lambdaFunctions, limits.lambdaFunction),
    ...own(subject.stateMachineSettings, limits.stateMachine),
    ...entryNames(subject.alarms, limits.alarm),
    ...entryNames(subject.eventRules, limits.eventRule),
  ];
}

/** Names in a document that holds one thing per key. */
function entryNames(
  documents: readonly TemplateDocument<{ readonly [key: string]: { readonly name?: string } | string | undefined }>[],
  limit: Limit,
): readonly Name[] {
  return documents.flatMap((document) =>
    Object.entries(document.value).flatMap(([key, entry]) =>
      typeof entry === "object" && entry.name !== undefined
        ? [{ document, pointer: `${pointerTo("", key)}/name`, text: entry.name, limit }]
        : [],
    ),
  );
}

/** Length with the longest prefix; undefined when the name depends on a placeholder whose length is not known. */
function longestOf({ document, pointer, text }: Name): number | undefined {
  const uses = document.placeholders.filter((use) => use.pointer === pointer);
  if (uses.some(({ name }) => name !== "PREFIX")) return undefined;
  const sample = placeholders.find(({ name }) => name === "PREFIX")?.sample;
  return text.length + uses.length * (longestPrefix - String(sample).length);
}

/** A role without a name gets that of its key, behind the prefix and a hyphen. */
function* derivedRoleNames({ iamRoles }: Subject): Iterable<Finding> {
  for (const document of iamRoles) {
    for (const [key, role] of Object.entries(document.value)) {
      const pointer = pointerTo("", key);
      const length = key.length + 1 + longestPrefix;
      const { most } = limits.role;
      if (typeof role !== "object" || role.name !== undefined || isSample(document, pointer) || length <= most)
        continue;
      const certain = key.length + 1 + shortestPrefix > most;
      yield {
        document,
        pointer,
        found: key,
        expected: `at most ${most - 1 - longestPrefix} characters, because a role has at most ${most} with its prefix`,
        hint: "shorten the key, or give the role a name of its own",
        ...(!certain && { severity: "warning" as const }),
      };
    }
  }
}
