import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { resolveModel } from "../../../src/config/resolveModel.ts";
import type { LambdaFunction } from "../../../src/derived/types.ts";
import { uploadCommand } from "../../../workers/build/programs.ts";
import { configSource } from "../configSource.ts";

function functionOf(config: Readonly<Record<string, unknown>> = {}): LambdaFunction {
  return resolveModel(configSource(config)).documents["lambda-function"] as unknown as LambdaFunction;
}

function jobEnvironmentOf(config: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, string>> {
  const { container_properties } = resolveModel(configSource(config)).documents["batch-processing-job"] as unknown as {
    container_properties: { environment: readonly { name: string; value: string }[] };
  };
  return Object.fromEntries(container_properties.environment.map(({ name, value }) => [name, value]));
}

describe("the function", () => {
  test("has the environment of the processing job, without what Lambda sets and what has no meaning there", () => {
    const { AWS_REGION, WORKER_THREADS, ...shared } = jobEnvironmentOf();
    expect([AWS_REGION, WORKER_THREADS]).toEqual(["${AWS_REGION}", "4"]);
    expect(functionOf().environment).toEqual(shared);
  });

  test("gets the user's settings of the job, and its own", () => {
    const config = {
      batch_processing_threshold: 5000,
      batch_processing_job: { container_properties: { environment: [{ name: "RECORD_KEY", value: "order_id" }] } },
      lambda_function: { environment: { LOG_LEVEL: "debug" } },
    };
    expect(functionOf(config).environment).toMatchObject({
      BATCH_PROCESSING_THRESHOLD: "5000",
      RECORD_KEY: "order_id",
      LOG_LEVEL: "debug",
      KAFKA_TOPIC: "${MSK_TOPIC}",
    });
  });

  test("is not given a variable whose name Lambda refuses", () => {
    const environment = [
      { name: "X", value: "one letter" },
      { name: "AWS_SESSION_TOKEN", value: "reserved" },
      { name: "AWS_ENDPOINT_URL", value: "http://127.0.0.1:1" },
    ];
    const given = functionOf({ batch_processing_job: { container_properties: { environment } } }).environment ?? {};
    expect(Object.keys(given)).toContain("AWS_ENDPOINT_URL");
    expect(Object.keys(given).filter((name) => name === "X" || name === "AWS_SESSION_TOKEN")).toEqual([]);
  });

  test("is in the subnets of the instances, behind a security group of its own", () => {
    expect(functionOf().vpc_config).toMatchObject({ security_group_ids: ["${SCM_BATCH_PROCESSOR_LAMBDA_SG}"] });
    expect(JSON.stringify(functionOf().role)).toContain("SCM_BATCH_PROCESSOR_LAMBDA_ROLE");
  });

  test("reads its code from where the build says to upload it, under the version of the workers", () => {
    const { version } = JSON.parse(readFileSync("workers/package.json", "utf8")) as { version: string };
    const { s3_bucket, s3_key } = functionOf().package;
    expect(s3_bucket).toBe("${S3_BUCKET}");
    expect(uploadCommand("lambda.zip", version)).toBe(`aws s3 cp lambda.zip s3://BUCKET/${s3_key}`);
  });

  test("can come as an image instead", () => {
    const image_uri = "123456789012.dkr.ecr.us-east-1.amazonaws.com/processor:1";
    const changes = { package: { s3_bucket: null, s3_key: null, image_uri } };
    expect(functionOf({ lambda_function: changes }).package).toEqual({ image_uri });
  });
});
