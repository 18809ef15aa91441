import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { faultOf, verdictOf } from "../../../../workers/sinks/kafka/errors.ts";

const require = createRequire(import.meta.url);
const errors = require("kafkajs/src/errors.js") as Readonly<Record<string, new (...args: unknown[]) => Error>>;

function kafkajsError(name: string, ...args: unknown[]): Error {
  const Constructor = errors[name];
  if (Constructor === undefined) throw new Error(`kafkajs has no ${name}`);
  return new Constructor(...args);
}

/** As kafkajs hands an error out when it has tried often enough. */
function wrapped(error: Error): Error {
  return kafkajsError("KafkaJSNumberOfRetriesExceeded", error, { retryCount: 0, retryTime: 0 });
}

const connectionError = (code: string) => kafkajsError("KafkaJSConnectionError", `Connection error: ${code}`, { code });
const loginError = (text: string) => kafkajsError("KafkaJSSASLAuthenticationError", text);

test.each([
  [connectionError("ECONNREFUSED"), undefined],
  [connectionError("ENOTFOUND"), undefined],
  [connectionError("ERR_TLS_CERT_ALTNAME_INVALID"), "configuration"],
  [connectionError("SELF_SIGNED_CERT_IN_CHAIN"), "configuration"],
  [kafkajsError("KafkaJSRequestTimeoutError", "Request timed out"), undefined],
  [loginError("SASL OAUTHBEARER authentication failed: Access denied"), "not-allowed"],
  // What MSK says to those above its limit of new IAM connections a second.
  [loginError("SASL OAUTHBEARER authentication failed: [1b2c]: Too many connects"), undefined],
  [new TypeError("x is not a function"), "bug"],
])("%s means %s, also when kafkajs has wrapped it", (error, outcome) => {
  expect(faultOf(error, "records")?.outcome).toBe(outcome);
  expect(faultOf(wrapped(wrapped(error)), "records")?.outcome).toBe(outcome);
});

test.each([
  [0, "stored"],
  [10, "too-large"],
  [18, "too-large"],
  [87, "invalid"],
  [-1, "try-again"],
  [3, "try-again"],
  [6, "try-again"],
  [7, "try-again"],
  [19, "try-again"],
  [89, "try-again"],
  [17, "fault"],
  [29, "fault"],
  [76, "fault"],
  [9_999, "fault"],
])("the error code %d means %s", (code, kind) => {
  expect(verdictOf(code, "records").kind).toBe(kind);
});

test("kafkajs is pinned to the version whose insides are relied upon", () => {
  const workers = JSON.parse(readFileSync("workers/package.json", "utf8")) as { dependencies: Record<string, string> };
  const { version } = require("kafkajs/package.json") as { version: string };
  expect([workers.dependencies.kafkajs, version]).toEqual(["2.2.4", "2.2.4"]);
});
