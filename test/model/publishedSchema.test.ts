import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { publishedSchema } from "../../src/model/publishedSchema.ts";

const ajv = new Ajv2020({ strict: false });
const isConfig = ajv.compile(publishedSchema("config"));

test.each([
  ["only a prefix", { prefix: "gss-dev" }],
  ["a part of a document", { prefix: "gss-dev", compute_environment: { compute_resources: { max_vcpus: 12 } } }],
  ["null to remove a key", { prefix: "gss-dev", job_queue: { job_state_time_limit_actions: null } }],
  [
    "a placeholder for a list",
    { prefix: "gss-dev", compute_environment: { compute_resources: { subnets: "${SUBNETS}" } } },
  ],
  ["a placeholder in a name", { prefix: "gss-dev", launch_template: { name: "${PREFIX}-lt" } }],
  ["the prefix outside of the documents", { prefix: "gss-dev", alarm_emails: ["${PREFIX}@example.com"] }],
  ["a placeholder in what goes into documents", { prefix: "gss-dev", kms_key_arn: "${KMS_KEY}" }],
])("an editor accepts %s", (_what, config) => {
  expect(isConfig(config), ajv.errorsText(isConfig.errors)).toBe(true);
});

test.each([
  ["an unknown key", { prefix: "gss-dev", compute_environment: { max_vcpus: 12 } }],
  ["a wrong type", { prefix: "gss-dev", compute_environment: { compute_resources: { max_vcpus: "many" } } }],
  ["a placeholder for a document", { prefix: "gss-dev", job_queue: "${TAGS}" }],
  ["a placeholder whose value is needed", { prefix: "gss-dev", aws_region: "${AWS_REGION}" }],
  ["another placeholder than the prefix", { prefix: "gss-dev", s3_bucket: "${AWS_REGION}-data" }],
])("an editor marks %s", (_what, config) => {
  expect(isConfig(config)).toBe(false);
});

test("an editor accepts the config that reproduces the original document", () => {
  const path = "test/cases/generate/the-document/input/gen-batch-config.yaml";
  expect(isConfig(parse(readFileSync(path, "utf8"))), ajv.errorsText(isConfig.errors)).toBe(true);
});

test("the schema is in one piece", () => {
  expect(JSON.stringify(publishedSchema("config"))).not.toContain('"$ref"');
});
