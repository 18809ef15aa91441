import type {
  JobDefinition,
  LambdaFunction,
  LogConfiguration,
  LogGroups,
  StateMachineSettings,
} from "../../derived/types.ts";
import type { TemplateDocument } from "../../model/document.ts";
import { defineRule, type Finding, type Subject } from "../../model/rule.ts";
import { nearest } from "../../shared/nearest.ts";
import { pointerTo } from "../../shared/pointer.ts";
import { allows, coversAction, grantsOf } from "../rules-support/policies.ts";
import { roleAt } from "../rules-support/roles.ts";
import { isSample } from "../rules-support/samples.ts";

const options = (changes: Record<string, string | null>) => ({
  documents: { "batch-processing-job.json": { container_properties: { log_configuration: { options: changes } } } },
});

export const logGroup = defineRule({
  id: "log-group",
  severity: "error",
  summary: "Every job logs to a log group that the module creates, in its own region, and that has a retention.",
  why:
    "When the log group does not exist, the container does not start. Without a group the log goes to " +
    "/aws/batch/job, which all jobs of the account share and which keeps everything indefinitely; so does a " +
    "group that the log driver creates itself, which also needs one more permission.",
  source: "https://docs.aws.amazon.com/batch/latest/userguide/using_awslogs.html",
  examples: {
    good: [
      {
        shows: "a custom group, which log-groups.json creates",
        documents: {
          ...options({ "awslogs-group": "/orders/processing" }).documents,
          "log-groups.json": { processing: { name: "/orders/processing", retention_in_days: 90 } },
        },
      },
      {
        shows: "another log driver",
        documents: {
          "batch-processing-job.json": {
            container_properties: { log_configuration: { log_driver: "json-file", options: null } },
          },
        },
      },
    ],
    bad: [
      {
        shows: "a group that log-groups.json does not create",
        ...options({ "awslogs-group": "/aws/batch/gss-dev-processing" }),
      },
      { shows: "no group", ...options({ "awslogs-group": null }) },
      {
        shows: "no log configuration",
        documents: { "batch-processing-job.json": { container_properties: { log_configuration: null } } },
      },
      {
        shows: "a literal region next to a container that takes its own from ${AWS_REGION}",
        ...options({ "awslogs-region": "eu-west-1" }),
      },
      { shows: "a group that the log driver creates", ...options({ "awslogs-create-group": "true" }) },
      { shows: "no stream prefix", ...options({ "awslogs-stream-prefix": null }) },
      {
        shows: "a log group without a retention",
        documents: { "log-groups.json": { processing: { retention_in_days: 0 } } },
      },
      {
        shows: "a function whose log has no retention",
        documents: { "lambda-function.json": { log_retention_in_days: 0 } },
      },
      {
        shows: "a function whose role may write into another log group",
        documents: { "lambda-function.json": { name: "gss-dev-orders" } },
      },
      {
        shows: "a log group whose policy grows with every state machine of the account",
        documents: { "state-machine-settings.json": { log_group: "/gss-dev/pipeline" } },
      },
    ],
  },
  *check(subject) {
    for (const document of subject.jobDefinitions) yield* jobFindings(document, subject);
    for (const document of subject.logGroups) yield* retentionFindings(document);
    for (const document of [...subject.lambdaFunctions, ...subject.stateMachineSettings]) {
      yield* retentionFinding(document, "/log_retention_in_days", document.value.log_retention_in_days ?? 30);
    }
    for (const document of subject.lambdaFunctions) yield* functionFindings(document, subject);
    for (const document of subject.stateMachineSettings) yield* stateMachineFindings(document);
  },
});

const pointer = "/container_properties/log_configuration";

function* jobFindings(document: TemplateDocument<JobDefinition>, subject: Subject): Iterable<Finding> {
  const configuration = document.value.container_properties.log_configuration;
  if (configuration !== undefined && configuration.log_driver !== "awslogs") return;
  yield* groupFindings(document, configuration, subject);
  if (configuration === undefined) return;
  yield* regionFindings(document, configuration);
  if (configuration.options?.["awslogs-create-group"] === "true") {
    yield {
      document,
      pointer: `${pointer}/options/awslogs-create-group`,
      found: "true",
      expected: "a log group that log-groups.json creates, with its retention",
      hint: "remove the option: otherwise a misspelt name creates a new group that keeps everything indefinitely",
      severity: "warning",
    };
  }
  if (configuration.options?.["awslogs-stream-prefix"] === undefined) {
    yield {
      document,
      pointer: `${pointer}/options/awslogs-stream-prefix`,
      expected: "a prefix for the names of the log streams",
      hint:
        'add "awslogs-stream-prefix": "batch-processing", so that the streams of a job can be distinguished from ' +
        "others by name",
      severity: "warning",
    };
  }
}

function* groupFindings(
  document: TemplateDocument<JobDefinition>,
  configuration: LogConfiguration | undefined,
  subject: Subject,
): Iterable<Finding> {
  const groupPointer = `${pointer}/options/awslogs-group`;
  const groups = groupsOf(subject);
  const found = configuration?.options?.["awslogs-group"];
  if (found === undefined) {
    const own = groups.find(({ name }) => document.value.name.startsWith(name.split("/").at(-1) ?? name));
    const hint =
      `name ${own?.name ?? "one of the groups in log-groups.json"}; without a group the log goes to ` +
      "/aws/batch/job";
    const missing = configuration === undefined ? pointer : groupPointer;
    yield { document, pointer: missing, expected: "a log group for the job", hint, severity: "warning" };
    return;
  }
  if (groups.length === 0) return;
  const sampled = isSample(document, groupPointer);
  // A name with a placeholder and one without may turn out equal; only two with or two without can be compared.
  if (groups.some((group) => group.name === found || group.sampled !== sampled)) return;
  const names = groups.map(({ name }) => name);
  const close = nearest(found, names);
  yield {
    document,
    pointer: groupPointer,
    found,
    expected: `one of the groups that log-groups.json creates: ${names.join(", ")}`,
    hint: close ? `did you mean ${close}?` : "add the group to log-groups.json, or use one that is there",
  };
}

interface Group {
  readonly name: string;
  readonly sampled: boolean;
}

function groupsOf({ logGroups }: Subject): readonly Group[] {
  return logGroups.flatMap((document) =>
    Object.entries(document.value).flatMap(([key, group]) =>
      typeof group === "object"
        ? [{ name: group.name, sampled: isSample(document, pointerTo(pointerTo("", key), "name")) }]
        : [],
    ),
  );
}

function* regionFindings(document: TemplateDocument<JobDefinition>, { options }: LogConfiguration): Iterable<Finding> {
  const found = options?.["awslogs-region"];
  const { environment = [] } = document.value.container_properties;
  const index = environment.findIndex(({ name }) => name === "AWS_REGION");
  const own = environment[index];
  if (found === undefined || own === undefined) return;
  const regionPointer = `${pointer}/options/awslogs-region`;
  const sampled = isSample(document, regionPointer);
  const ownSampled = isSample(document, `/container_properties/environment/${index}/value`);
  if (sampled === ownSampled && found === own.value) return;
  const region = ownSampled ? "${AWS_REGION}" : own.value;
  yield {
    document,
    pointer: regionPointer,
    found,
    expected: `the region of the job, ${region}: the log group is created there`,
    hint: `write ${region} here, or leave the option out: AWS Batch then uses the region of the job`,
  };
}

function* retentionFindings(document: TemplateDocument<LogGroups>): Iterable<Finding> {
  for (const [key, group] of Object.entries(document.value)) {
    if (typeof group !== "object") continue;
    yield* retentionFinding(document, pointerTo(pointerTo("", key), "retention_in_days"), group.retention_in_days);
  }
}

function* retentionFinding(document: TemplateDocument, at: string, found: number | undefined): Iterable<Finding> {
  if ((found ?? 0) > 0) return;
  yield {
    document,
    pointer: at,
    ...(found !== undefined && { found }),
    expected: "a number of days: without one, events are kept, and paid for, indefinitely",
    hint: "set it to 30, or to the number of days that you have to keep them",
    severity: "warning",
  };
}

/** Lambda names the group after the function, and writes to it with the role of the function. */
function* functionFindings(document: TemplateDocument<LambdaFunction>, subject: Subject): Iterable<Finding> {
  const role = roleAt(document, "/role", subject);
  const writing = role ? grantsOf(role).filter((grant) => allows([grant], "logs:PutLogEvents")) : [];
  const group = `/aws/lambda/${document.value.name}`;
  const stream = `log-group:${group}:log-stream:1`;
  const resources = writing.flatMap((grant) => grant.resources);
  // Whether the role may write at all is checked by iam-worker-calls.
  if (role === undefined || resources.length === 0) return;
  if (resources.some((arn) => coversAction(arn === "*" ? arn : arn.split(":").slice(5).join(":"), stream))) return;
  yield {
    document,
    pointer: "/name",
    found: document.value.name,
    expected: `a role that may write to ${group}, and ${role.key} names ${resources.join(", ")}`,
    hint: "give both the same name; lambda_function.name in the config does",
  };
}

function* stateMachineFindings(document: TemplateDocument<StateMachineSettings>): Iterable<Finding> {
  const { log_group: found } = document.value;
  if (found === undefined || found.startsWith("/aws/vendedlogs/") || isSample(document, "/log_group")) return;
  yield {
    document,
    pointer: "/log_group",
    found,
    expected: "a name that starts with /aws/vendedlogs/",
    hint: "all others are listed in one CloudWatch resource policy, which is limited to 5120 characters for the whole account",
    severity: "warning",
  };
}
