import { expect, test } from "vitest";
import { hintIn, readWorkerEvent } from "../../src/run/jobs/workerEvent.ts";
import { accessHints } from "../../src/shared/accessHints.ts";
import { WorkerFault } from "../../workers/model/fault.ts";
import { endingOf } from "../../workers/program/endingOf.ts";
import { faultOf as kafkaFaultOf } from "../../workers/sinks/kafka/errors.ts";
import { faultOf as sqsFaultOf } from "../../workers/sinks/sqs/errors.ts";
import { s3Fault } from "../../workers/store/s3/s3Fault.ts";

const named = (name: string, more: object = {}) => Object.assign(new Error("said by the service"), { name, ...more });
const noCredentials = named("CredentialsProviderError");
const forbidden = { $metadata: { httpStatusCode: 403 } };
const request = { uri: "s3://b/k", action: "s3:GetObject", region: "us-east-1", hasCredentialsService: false };

/** What a local run shows for a fault of a worker: all that crosses over is a line of its log. */
function hintOfLocalRun(fault: WorkerFault | undefined): string | undefined {
  const ending = endingOf(fault, new AbortController().signal);
  return hintIn(readWorkerEvent(JSON.stringify({ event: "failed", ...ending })));
}

test.each([
  ["S3 without credentials", s3Fault(noCredentials, request), "no-credentials"],
  ["SQS without credentials", sqsFaultOf(noCredentials), "no-credentials"],
  ["Kafka without credentials", kafkaFaultOf(noCredentials, "t"), "no-credentials"],
  ["a queue that is not allowed", sqsFaultOf(named("AccessDenied", forbidden)), "queue-not-allowed"],
  [
    "a key that is not allowed",
    sqsFaultOf(named("KmsAccessDenied", { $metadata: { httpStatusCode: 400 } })),
    "queue-key-not-allowed",
  ],
  [
    "a topic that is not allowed",
    kafkaFaultOf(named("KafkaJSProtocolError", { type: "TOPIC_AUTHORIZATION_FAILED", code: 29 }), "t"),
    "topic-not-allowed",
  ],
  ["a broker that refuses the login", kafkaFaultOf(named("KafkaJSSASLAuthenticationError"), "t"), "broker-not-allowed"],
] as const)("%s: AWS is told of the job role, a local run of the credentials here", (_, fault, id) => {
  expect(fault?.hint).toBe(accessHints[id].job);
  expect(hintOfLocalRun(fault)).toBe(accessHints[id].local);
  expect(hintOfLocalRun(fault)).not.toMatch(/job role/);
});

test("any other hint is shown as the worker wrote it, even with the words of a known one", () => {
  const other = new WorkerFault("not-allowed", "m", { hint: accessHints["queue-not-allowed"].job });
  expect(hintOfLocalRun(other)).toBe(accessHints["queue-not-allowed"].job);
  expect(hintOfLocalRun(new WorkerFault("usage", "m"))).toBeUndefined();
});
