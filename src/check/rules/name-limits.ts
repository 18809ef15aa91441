import type { TemplateDocument } from "../../model/document.ts";
import { placeholders } from "../../model/placeholder.ts";
import { defineRule, type Finding, type Subject } from "../../model/rule.ts";
import { pointerTo } from "../../shared/pointer.ts";
import { environmentsOf } from "../rules-support/environments.ts";
import { isSample } from "../rules-support/samples.ts";

/** The length of the longest prefix that the config allows. */
const maxPrefix = 24;
const minPrefix = 2;

export const nameLimits = defineRule({
  id: "name-limits",
  severity: "error",
  summary: "Every name fits the limits of its service, even with the longest possible prefix.",
  why:
    "Each AWS service has its own limits: 128 characters for AWS Batch and launch templates, 64 for a role, " +
    "255 for a security group, 512 for a log group. The length of a name that Terragrunt completes is known " +
    "only at apply time, after part of the module exists; a prefix may have up to 24 characters.",
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
        shows: "a late prefix before a name that is already long",
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
        shows: "a log group in the namespace of AWS",
        documents: { "log-groups.json": { other: { name: "aws/batch/other", retention_in_days: 30 } } },
      },
    ],
  },
  *check(subject) {
    for (const name of namesOf(subject)) {
      const { document, pointer, text, limit } = name;
      const length = maxLength(name);
      if (length !== undefined && (length > limit.max || length < limit.min)) {
        const grown = length === text.length ? "" : ` with a prefix of ${maxPrefix}`;
        const expected = `${limit.min} to ${limit.max} characters, the limit for ${limit.what}`;
        yield { document, pointer, found: text, expected, hint: `it has ${length} characters${grown}` };
      }
      if (limit.reserved && text.startsWith(limit.reserved)) {
        const expected = `a name for ${limit.what} that does not start with ${limit.reserved}`;
        yield { document, pointer, found: text, expected, hint: "AWS reserves that prefix for itself" };
      }
    }
    yield* derivedRoleNames(subject);
  },
});

interface Limit {
  readonly what: string;
  readonly min: number;
  readonly max: number;
  readonly reserved?: string;
}

const limits = {
  computeEnvironment: { what: "a compute environment", min: 1, max: 128 },
  jobQueue: { what: "a job queue", min: 1, max: 128 },
  jobDefinition: { what: "a job definition", min: 1, max: 128 },
  launchTemplate: { what: "a launch template", min: 3, max: 128 },
  logGroup: { what: "a log group", min: 1, max: 512, reserved: "aws/" },
  role: { what: "a role", min: 1, max: 64 },
  securityGroup: { what: "a security group", min: 1, max: 255, reserved: "sg-" },
  lambdaFunction: { what: "a function", min: 1, max: 64 },
  stateMachine: { what: "a state machine", min: 1, max: 80 },
  alarm: { what: "an alarm", min: 1, max: 255 },
  eventRule: { what: "an event rule", min: 1, max: 64 },
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

/** Names in a document that describes one resource per key. */
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
function maxLength({ document, pointer, text }: Name): number | undefined {
  const uses = document.placeholders.filter((use) => use.pointer === pointer);
  if (uses.some(({ name }) => name !== "PREFIX")) return undefined;
  const sample = placeholders.find(({ name }) => name === "PREFIX")?.sample;
  return text.length + uses.length * (maxPrefix - String(sample).length);
}

/** A role without a name is named after its key, behind the prefix and a hyphen. */
function* derivedRoleNames({ iamRoles }: Subject): Iterable<Finding> {
  for (const document of iamRoles) {
    for (const [key, role] of Object.entries(document.value)) {
      const pointer = pointerTo("", key);
      const length = key.length + 1 + maxPrefix;
      const { max } = limits.role;
      if (typeof role !== "object" || role.name !== undefined || isSample(document, pointer) || length <= max) continue;
      const certain = key.length + 1 + minPrefix > max;
      yield {
        document,
        pointer,
        found: key,
        expected: `at most ${max - 1 - maxPrefix} characters, because a role has at most ${max} with its prefix`,
        hint: "shorten the key, or give the role a name",
        ...(!certain && { severity: "warning" as const }),
      };
    }
  }
}
