import { expect, test } from "vitest";
import { readDefinitions } from "../../src/run/definitions.ts";
import { Stop } from "../../src/run/jobs/stop.ts";
import { createSurroundings } from "../../src/run/surroundings.ts";

const environment = [
  { name: "AWS_REGION", value: "eu-west-1" },
  { name: "LOG_LEVEL", value: "info" },
];
const documents = {
  validationJob: { name: "v" },
  processingJob: { name: "p", container_properties: { environment } },
  stateMachine: {},
};

test("the function has the variables and the time of its own definition, and the region that Lambda sets", () => {
  const lambdaFunction = { timeout: 60, environment: { LOG_LEVEL: "debug" } };
  expect(readDefinitions({ ...documents, lambdaFunction }).lambda).toEqual({
    environment: { AWS_REGION: "eu-west-1", LOG_LEVEL: "debug" },
    timeoutSeconds: 60,
  });
});

test("a module without a function lends it the variables of the job", () => {
  expect(readDefinitions({ ...documents, lambdaFunction: undefined }).lambda).toEqual({
    environment: { AWS_REGION: "eu-west-1", LOG_LEVEL: "info" },
    timeoutSeconds: 900,
  });
});

test.each([
  ["ENOENT", "S3.NoSuchKeyException"],
  ["EACCES", "S3.S3Exception"],
])("a file that cannot be read (%s) is %s", async (code, error) => {
  const overrides = { validation: {}, processing: {} };
  const settings = { input: "/in", output: "/out", schema: undefined, maxInvalid: undefined, revalidate: false };
  const surroundings = createSurroundings({
    plan: {
      definitions: readDefinitions({ ...documents, lambdaFunction: undefined }),
      settings: { ...settings, destination: "file", overrides },
      recordsOf: (id) => id,
    },
    runJob: async () => ({}),
    onItems: () => {},
    readText: () => Promise.reject(Object.assign(new Error("no"), { code })),
    concurrency: () => 1,
    stop: new Stop(),
  });
  const parameters = { Bucket: "b", Key: "run-output/report.json" };
  await expect(surroundings.doTask("arn:aws:states:::aws-sdk:s3:getObject", parameters)).rejects.toMatchObject({
    error,
  });
});
