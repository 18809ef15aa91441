import { expect, test } from "vitest";
import { destinationName } from "../../../workers/batch_processor/destinationName.ts";
import type { KafkaSettings } from "../../../workers/model/destination.ts";

const kafka = (brokers: string): KafkaSettings => ({
  brokers,
  topic: "orders",
  security: { kind: "none" },
  tls: false,
  compression: "none",
});

test("the same cluster has the same name, however its brokers are written down", () => {
  const names = ["b:9098,a:9098", '["a:9098", "b:9098"]', " a:9098, b:9098 "].map((brokers) =>
    destinationName({ kind: "kafka", kafka: kafka(brokers) }),
  );
  expect(new Set(names)).toEqual(new Set(["kafka:orders@a:9098,b:9098"]));
});

test("every kind of destination has a name of its own", () => {
  expect(destinationName({ kind: "sqs_core", queueUrl: "https://q" })).toBe("sqs:https://q");
  expect(destinationName({ kind: "file", uri: "file:///x" })).toBe("file:///x");
  expect(destinationName({ kind: "stdout" })).toBe("stdout");
});
