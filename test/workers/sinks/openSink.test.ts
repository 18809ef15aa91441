import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import type { Destination } from "../../../workers/model/destination.ts";
import { FileSink } from "../../../workers/sinks/fileSink.ts";
import { openSink } from "../../../workers/sinks/index.ts";
import { StdoutSink } from "../../../workers/sinks/stdoutSink.ts";
import { goodLines, World } from "../batch_processor/parts/world.ts";

const log = { info: () => {}, warn: () => {}, error: () => {} };

function open(destination: Destination) {
  const { settings } = new World(goodLines(1));
  const context = { etag: "1", source: "s3://bucket/in/orders.csv", chunkId: "chunk-000000" };
  return openSink({ ...settings, destination }, context, log, { stdout: new PassThrough() });
}

test("the destination of the settings is opened", async () => {
  expect((await open({ kind: "file", uri: "file:///tmp/records%20one.jsonl" })).sink).toBeInstanceOf(FileSink);
  expect((await open({ kind: "stdout" })).sink).toBeInstanceOf(StdoutSink);
});

test("records cannot grow in an object of S3", async () => {
  await expect(open({ kind: "file", uri: "s3://bucket/records.jsonl" })).rejects.toMatchObject({
    outcome: "configuration",
    message: 'DESTINATION_FILE is "s3://bucket/records.jsonl"; expected a file of this machine',
  });
});

test("a queue has a region", async () => {
  await expect(open({ kind: "sqs_core", queueUrl: "https://example.com/queue" })).rejects.toMatchObject({
    outcome: "configuration",
    message: expect.stringContaining("AWS_REGION is missing"),
  });
});
