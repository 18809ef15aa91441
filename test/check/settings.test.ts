import { describe, expect, test } from "vitest";
import { checkFiles } from "../../src/check/checkFiles.ts";
import { resolvePlaceholders } from "../../src/config/placeholders.ts";
import { resolveModel } from "../../src/config/resolveModel.ts";
import { companionNames } from "../../src/model/units.ts";
import { render } from "../../src/render/render.ts";

const variables = (job: string, environment: Readonly<Record<string, string>>) => ({
  [job]: {
    container_properties: { environment: Object.entries(environment).map(([name, value]) => ({ name, value })) },
  },
});

/** What a user may set; the documents follow each other, so none of it makes one contradict another. */
const settings: Readonly<Record<string, object>> = {
  "another prefix": { prefix: "acme-prod" },
  "the shortest prefix": { prefix: "ab" },
  "the longest prefix": { prefix: `a${"b".repeat(22)}c` },
  "a late prefix": { late_prefix: true },
  "another region": { aws_region: "eu-central-1" },
  "a region of China": { aws_region: "cn-north-1" },
  "version 6 of the provider": { aws_provider: 6 },
  "records that go to SQS": { record_destination: "sqs_core" },
  "brokers that require a password": {
    batch_processing_job: {
      container_properties: {
        environment: [
          { name: "KAFKA_SECURITY", value: "scram" },
          { name: "KAFKA_USERNAME", value: "batch" },
        ],
        secrets: [
          {
            name: "KAFKA_PASSWORD",
            value_from: "arn:aws:secretsmanager:us-east-1:123456789012:secret:kafka-AbCdEf",
          },
        ],
        execution_role_arn: "arn:aws:iam::123456789012:role/gss-dev-execution",
      },
    },
  },
  "brokers without authentication": variables("batch_processing_job", { KAFKA_SECURITY: "none" }),
  "brokers without authentication, over TLS": variables("batch_processing_job", {
    KAFKA_SECURITY: "none",
    KAFKA_TLS: "true",
  }),
  "records with a key": variables("batch_processing_job", { RECORD_KEY: "customer_id" }),
  "another threshold": { batch_processing_threshold: 50_000 },
  "another chunk size": { chunk_size: 400_000 },
  "other names": {
    job_queue: { name: "orders-queue" },
    batch_validation_job: { name: "orders-check" },
    batch_processing_job: { name: "orders-send" },
    lambda_function: { name: "orders-small" },
    log_groups: { validation: { name: "/orders/check" }, processing: { name: "/orders/send" } },
  },
  "longer jobs": { batch_processing_job: { timeout: { attempt_duration_seconds: 14_400 } }, ...updatesWait(240) },
  "a shorter function": { lambda_function: { timeout: 300 } },
  "a queue for what readers could not handle": { sqs_dead_letter_queue: "gss-dev-core-dead-letter" },
  "event rules of one's own": { event_rules: { "rejected-files": null } },
  "an account that is known": { aws_account_id: "123456789012" },
  ...Object.fromEntries(
    companionNames.map((unit) => [`without ${unit}`, { companions: { [unit.replaceAll("-", "_")]: false } }]),
  ),
};

function updatesWait(job_execution_timeout_minutes: number) {
  const update_policy = { job_execution_timeout_minutes };
  return { compute_environment: { update_policy, fallback: { update_policy } } };
}

/** What the default output says anyway. */
const usual = ["instance-types", "memory-packing"];

describe("nothing is wrong with the documents of a config with", () => {
  test.each(Object.entries(settings))("%s", (_, config) => {
    expect(problemsOf({ prefix: "gss-dev", ...config })).toEqual([]);
  });
});

test("the rules would report a companion that does not follow", () => {
  const wrong = { lambda_function: { environment: { KAFKA_TOPIC: "elsewhere" } } };
  expect(problemsOf({ prefix: "gss-dev", ...wrong })).toEqual([
    "one-destination lambda-json/lambda-function.json /environment/KAFKA_TOPIC",
  ]);
});

test("a job that goes by the placeholder of its ARN is known, whatever the prefix", () => {
  const Parameters = { JobDefinition: "${BATCH_VALIDATION_JOB_ARN}", Parameters: { "output.$": null } };
  const config = { prefix: "acme-prod", step_function_definition: { States: { Validate: { Parameters } } } };
  expect(problemsOf(config)).toEqual([
    "command-parameters step-function-json/step-function-definition.json /States/Validate/Parameters/Parameters/output",
  ]);
});

function problemsOf(value: Readonly<Record<string, unknown>>): readonly string[] {
  const start = { file: "config", position: { line: 1, column: 1 } };
  const source = { value, locate: () => start, locateKey: () => start, wrote: () => false };
  const model = resolveModel(source);
  const files = render(model).filter(({ path }) => /^[a-z-]+-json\/|^[a-z-]+\.hcl$|\.sh$/.test(path));
  const { all: placeholders } = resolvePlaceholders(source);
  const checked = files.filter(({ path }) => !/^(?:modules|root|version)\.hcl$/.test(path));
  return checkFiles(checked, { awsProvider: model.awsProvider, placeholders, ignoredRules: new Set() })
    .filter(({ rule }) => !usual.includes(rule))
    .map(({ rule, file, pointer }) => `${rule} ${file} ${pointer}`);
}
