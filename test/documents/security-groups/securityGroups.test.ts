import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { resolveModel } from "../../../src/config/resolveModel.ts";
import { checkExample } from "../../../src/derive/checkExample.ts";
import type { SecurityGroup } from "../../../src/derived/types.ts";
import { configSource } from "../configSource.ts";

const groups = ["scm-batch-processor-batch", "scm-batch-processor-lambda"];

function groupsOf(config: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, SecurityGroup>> {
  return resolveModel(configSource(config)).documents["security-groups"] as Record<string, SecurityGroup>;
}

function portsOf(group: string, config?: Readonly<Record<string, unknown>>): readonly number[] {
  return (groupsOf(config)[group]?.egress ?? []).map(({ from_port }) => from_port);
}

const withVariables = (variables: Readonly<Record<string, string>>) => ({
  batch_processing_job: {
    container_properties: { environment: Object.entries(variables).map(([name, value]) => ({ name, value })) },
  },
});

describe.each(groups)("%s", (group) => {
  test("lets nothing in, and only TCP out", () => {
    const { ingress, egress = [] } = groupsOf()[group] ?? {};
    expect(ingress).toEqual([]);
    expect(egress.map(({ protocol }) => protocol)).toEqual(["tcp", "tcp"]);
  });

  test.each([
    [{}, [443, 9098]],
    [{ KAFKA_SECURITY: "scram" }, [443, 9096]],
    [{ KAFKA_SECURITY: "none" }, [443, 9092]],
    [{ KAFKA_SECURITY: "none", KAFKA_TLS: "true" }, [443, 9094]],
    [{ KAFKA_SECURITY: "none", KAFKA_TLS: "false" }, [443, 9092]],
    [{ RECORD_DESTINATION: "sqs_core" }, [443]],
  ])("opens the port at which the brokers expect a worker with %j", (variables, ports) => {
    expect(portsOf(group, withVariables(variables))).toEqual(ports);
  });

  test("opens none for brokers when records go to SQS", () => {
    expect(portsOf(group, { record_destination: "sqs_core" })).toEqual([443]);
  });

  test("opens the one for brokers when Terragrunt decides where records go", () => {
    const RECORD_DESTINATION = { expression: "dependency.settings.outputs.destination" };
    const config = { record_destination: "sqs_core", placeholders: { RECORD_DESTINATION } };
    expect(portsOf(group, config)).toEqual([443, 9098]);
  });

  test("opens every port that a placeholder may mean", () => {
    const config = {
      ...withVariables({ KAFKA_SECURITY: "${SECURITY}" }),
      placeholders: { SECURITY: { kind: "string", expression: "dependency.settings.outputs.security" } },
    };
    expect(portsOf(group, config)).toEqual([443, 9098, 9096, 9092]);
  });

  test("reaches brokers within the VPC only", () => {
    const rule = groupsOf()[group]?.egress?.find(({ from_port }) => from_port === 9098);
    expect(rule).toMatchObject({ to_port: 9098, cidr_blocks: ["${VPC_CIDR}"] });
  });
});

test("the function's group follows the function's own environment", () => {
  const config = { lambda_function: { environment: { KAFKA_SECURITY: "scram" } } };
  expect(groups.map((group) => portsOf(group, config))).toEqual([
    [443, 9098],
    [443, 9096],
  ]);
});

test("the rules have nothing to say about the default groups", async () => {
  const found = await checkExample({ shows: "the default output" });
  expect(found.filter(({ file }) => file.includes("security-groups"))).toEqual([]);
});

test("the module makes each rule a resource of its own, so that one can change without the others", () => {
  const module = readFileSync("templates/terraform-aws-batch/security-groups/main.tf.hbs", "utf8");
  expect(module.match(/^ *(ingress|egress) \{/gm)).toBeNull();
});
