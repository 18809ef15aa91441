import type { JobDefinition } from "../../derived/types.ts";
import type { TemplateDocument } from "../../model/document.ts";
import { defineRule, type Finding } from "../../model/rule.ts";
import { isSample } from "../rules-support/samples.ts";

const container = (changes: Readonly<Record<string, unknown>>) => ({
  documents: { "batch-processing-job.json": { container_properties: changes } },
});
const execution_role_arn = "arn:aws:iam::123456789012:role/gss-dev-batch-execution-role";
const secret = (name: string) => ({
  name,
  value_from: "arn:aws:secretsmanager:us-east-1:123456789012:secret:kafka-AbCdEf",
});

export const containerSecrets = defineRule({
  id: "container-secrets",
  severity: "error",
  summary: "A container with secrets has an execution role to fetch them with, and each secret has a unique name.",
  why:
    "The ECS agent fetches secrets before the container starts, with the execution role and not with the job " +
    "role; without that role it cannot fetch them. ECS rejects a secret that has the name of an environment " +
    "variable or of another secret.",
  source: "https://docs.aws.amazon.com/batch/latest/userguide/specifying-sensitive-data.html",
  examples: {
    good: [
      {
        shows: "a secret and the role that fetches it",
        ...container({ execution_role_arn, secrets: [secret("KAFKA_PASSWORD")] }),
      },
    ],
    bad: [
      { shows: "a secret without an execution role", ...container({ secrets: [secret("KAFKA_PASSWORD")] }) },
      {
        shows: "a secret of the log driver without an execution role",
        ...container({
          log_configuration: { log_driver: "splunk", options: null, secret_options: [secret("splunk-token")] },
        }),
      },
      {
        shows: "a registry login without an execution role",
        ...container({
          repository_credentials: {
            credentials_parameter: "arn:aws:secretsmanager:us-east-1:123456789012:secret:registry-AbCdEf",
          },
        }),
      },
      {
        shows: "the same name twice",
        ...container({ execution_role_arn, secrets: [secret("TOKEN"), secret("TOKEN")] }),
      },
      {
        shows: "the name of an environment variable",
        ...container({ execution_role_arn, secrets: [secret("KAFKA_TOPIC")] }),
      },
    ],
  },
  *check({ jobDefinitions }) {
    for (const document of jobDefinitions) {
      yield* roleFindings(document);
      yield* nameFindings(document);
    }
  },
});

const pointer = "/container_properties";

function* roleFindings(document: TemplateDocument<JobDefinition>): Iterable<Finding> {
  const {
    secrets,
    log_configuration,
    repository_credentials,
    execution_role_arn: role,
  } = document.value.container_properties;
  if (role !== undefined) return;
  const needs = [
    ...(secrets?.length ? ["secrets"] : []),
    ...(log_configuration?.secret_options?.length ? ["secret_options of the log"] : []),
    ...(repository_credentials ? ["repository_credentials"] : []),
  ];
  if (needs.length === 0) return;
  yield {
    document,
    pointer: `${pointer}/execution_role_arn`,
    expected: `an execution role that may fetch ${needs.join(" and ")}`,
    hint:
      "add execution_role_arn: a role that ecs-tasks.amazonaws.com may assume, with " +
      "secretsmanager:GetSecretValue or ssm:GetParameters",
  };
}

function* nameFindings(document: TemplateDocument<JobDefinition>): Iterable<Finding> {
  const { secrets = [], environment = [] } = document.value.container_properties;
  const variables = environment.map(({ name }) => name);
  const names = secrets.map(({ name }) => name);
  for (const [index, name] of names.entries()) {
    const taken = variables.includes(name)
      ? "environment variable"
      : names.indexOf(name) !== index
        ? "other secret"
        : undefined;
    const namePointer = `${pointer}/secrets/${index}/name`;
    if (taken === undefined || isSample(document, namePointer)) continue;
    yield {
      document,
      pointer: namePointer,
      found: name,
      expected: `a name that no ${taken} has`,
      hint: "remove one of the two, or give it another name",
    };
  }
}
