import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { settingNamed, workerNamed } from "../../../src/shared/contract.ts";
import { FileSink } from "../../../workers/sinks/fileSink.ts";
import { type Destination, sinkOf, sinks } from "../../../workers/sinks/index.ts";
import { StdoutSink } from "../../../workers/sinks/stdoutSink.ts";

const log = { info: () => {}, warn: () => {}, error: () => {} };

function open(destination: Destination) {
  const context = { etag: "1", source: "s3://bucket/in/orders.csv", chunkId: "chunk-000000" };
  return sinkOf(destination).open({ context, log, stdout: new PassThrough() });
}

test("the destinations are those of the contract, and a function has those that work in one", () => {
  const { choices } = settingNamed("RECORD_DESTINATION");
  expect(Object.keys(sinks).sort()).toEqual([...(choices ?? [])].sort());
  const inFunction = Object.entries(sinks).filter(([, { worksInFunction }]) => worksInFunction);
  const allowed = workerNamed("batch_processor").lambda?.choices.RECORD_DESTINATION ?? [];
  expect(inFunction.map(([kind]) => kind).sort()).toEqual([...allowed].sort());
});

test("the destination of the settings is opened", async () => {
  expect((await open({ kind: "file", uri: "file:///tmp/records%20one.jsonl" })).sink).toBeInstanceOf(FileSink);
  expect((await open({ kind: "stdout" })).sink).toBeInstanceOf(StdoutSink);
});

test("records cannot grow in an object of S3", async () => {
  await expect(open({ kind: "file", uri: "s3://bucket/records.jsonl" })).rejects.toMatchObject({
    outcome: "configuration",
    message: 'DESTINATION_FILE is "s3://bucket/records.jsonl"; expected a local file',
  });
});

test("a queue has a region", async () => {
  const queue = { kind: "sqs_core", queueUrl: "https://example.com/queue", region: undefined } as const;
  await expect(open(queue)).rejects.toMatchObject({
    outcome: "configuration",
    message: expect.stringContaining("AWS_REGION is missing"),
  });
});

const nameOf = (destination: Destination) => sinkOf(destination).name;

test("the same cluster has the same name, however its brokers are written down", () => {
  const rest = { topic: "orders", security: { kind: "none" }, tls: false, compression: "none" } as const;
  const names = ["b:9098,a:9098", '["a:9098", "b:9098"]', " a:9098, b:9098 "].map((brokers) =>
    nameOf({ kind: "kafka", brokers, ...rest }),
  );
  expect(new Set(names)).toEqual(new Set(["kafka:orders@a:9098,b:9098"]));
});

test("every kind of destination has a name of its own", () => {
  expect(nameOf({ kind: "sqs_core", queueUrl: "https://q", region: "us-east-1" })).toBe("sqs:https://q");
  expect(nameOf({ kind: "file", uri: "file:///x" })).toBe("file:///x");
  expect(nameOf({ kind: "stdout" })).toBe("stdout");
});
