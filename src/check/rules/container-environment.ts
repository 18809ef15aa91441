import type { EnvironmentVariable, JobDefinition } from "../../derived/types.ts";
import type { TemplateDocument } from "../../model/document.ts";
import { defineRule, type Finding } from "../../model/rule.ts";
import { isSample } from "../rules-support/samples.ts";

const variable = (name: string, value: string) => ({
  documents: { "batch-processing-job.json": { container_properties: { environment: [{ name, value }] } } },
});

export const containerEnvironment = defineRule({
  id: "container-environment",
  severity: "error",
  summary: "Environment variables have unique names, none of which starts with AWS_BATCH, and contain no secrets.",
  why:
    "Of two variables with the same name the program sees one, and it is not documented which. AWS Batch " +
    "rejects names that start with AWS_BATCH. A secret in the environment can be read by anyone who may " +
    "describe jobs, and it is in the Terraform state.",
  source: "https://docs.aws.amazon.com/batch/latest/APIReference/API_ContainerProperties.html",
  examples: {
    good: [
      { shows: "a setting", ...variable("RECORD_KEY", "order_id") },
      {
        shows: "the name of a secret, not its value",
        ...variable("KAFKA_PASSWORD_SECRET_ARN", "arn:aws:secretsmanager:us-east-1:123456789012:secret:kafka-AbCdEf"),
      },
      { shows: "a number of tokens", ...variable("MAX_TOKENS", "4096") },
    ],
    bad: [
      {
        shows: "the same name twice",
        documents: {
          "batch-processing-job.json": {
            container_properties: {
              environment: [
                { name: "KAFKA_TOPIC", value: "orders" },
                { name: "KAFKA_TOPIC", value: "returns" },
              ],
            },
          },
        },
      },
      { shows: "a name that AWS Batch sets itself", ...variable("AWS_BATCH_JOB_ATTEMPT", "1") },
      { shows: "a password", ...variable("KAFKA_PASSWORD", "correct-horse") },
      { shows: "an access key under a harmless name", ...variable("UPLOAD_USER", "AKIAIOSFODNN7EXAMPLE") },
    ],
  },
  *check({ jobDefinitions }) {
    for (const document of jobDefinitions) yield* variableFindings(document);
  },
});

function* variableFindings(document: TemplateDocument<JobDefinition>): Iterable<Finding> {
  const { environment = [] } = document.value.container_properties;
  const seen = new Set<string>();
  for (const [index, variable] of environment.entries()) {
    const pointer = `/container_properties/environment/${index}`;
    const { name } = variable;
    if (seen.has(name) && !isSample(document, `${pointer}/name`)) {
      const hint = "remove one of the two";
      yield { document, pointer: `${pointer}/name`, found: name, expected: "a name that no other variable has", hint };
    }
    seen.add(name);
    if (name.startsWith("AWS_BATCH")) {
      const expected = "a name that does not start with AWS_BATCH, which AWS Batch reserves for itself";
      yield { document, pointer: `${pointer}/name`, found: name, expected, hint: "give it another name" };
    }
    if (looksSecret(variable)) {
      yield {
        document,
        pointer: `${pointer}/value`,
        found: "(not shown)",
        expected: `no secret in plain text for ${name}`,
        hint:
          "move it to secrets, with value_from naming a secret of Secrets Manager or a parameter, and set " +
          "execution_role_arn",
      };
    }
  }
}

/** How the name of a secret variable ends; one that continues (…_SECRET_ARN, …_TOKEN_URL) only refers to a secret. */
const secretName =
  /(?:^|_)(?:PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|CREDENTIALS?|(?:API|PRIVATE|ACCESS|SECRET)_?KEY(?:_ID)?)$/i;
const secretValue =
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----|:\/\/[^\s/:@]{1,100}:[^\s/:@]{1,100}@/;
const reference = /^(?:arn:|s3:\/\/|file:\/\/|\/|true$|false$|[0-9]+$)/;

/** A placeholder is treated like a value: what Terraform binds to it ends up in plain text just the same. */
function looksSecret({ name, value }: EnvironmentVariable): boolean {
  if (secretValue.test(value)) return true;
  return secretName.test(name) && value !== "" && !reference.test(value);
}
