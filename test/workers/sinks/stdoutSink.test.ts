import { PassThrough, Writable } from "node:stream";
import { expect, test } from "vitest";
import { StdoutSink } from "../../../workers/sinks/stdoutSink.ts";
import { batchOf } from "./batchOf.ts";
import { RecordingDelivery } from "./recordingDelivery.ts";

const batch = batchOf([
  { index: 4, key: "a", value: '{"id":4}' },
  { index: 6, value: '{"id":6}' },
]);

test("every message is a line", async () => {
  const stream = new PassThrough();
  const sink = new StdoutSink(stream);
  await sink.connect();
  const delivery = new RecordingDelivery();
  await sink.send(batch, delivery.of(batch));
  await sink.close();
  expect(String(stream.read())).toBe('{"id":4}\n{"id":6}\n');
  expect([...delivery.acknowledged]).toEqual([4, 6]);
});

test("nothing is acknowledged before the reader has taken it", async () => {
  let take = () => {};
  const stream = new Writable({
    highWaterMark: 1,
    write: (_chunk, _encoding, done) => {
      take = () => done();
    },
  });
  const sink = new StdoutSink(stream);
  await sink.connect();
  const delivery = new RecordingDelivery();
  const sending = sink.send(batch, delivery.of(batch));
  await new Promise((settle) => setImmediate(settle));
  expect(delivery.acknowledged.size).toBe(0);
  take();
  await sending;
  expect(delivery.acknowledged.size).toBe(2);
});

test("a reader that goes away ends the work with try-again, then and for every batch that follows", async () => {
  const stream = new Writable({
    write: (_chunk, _encoding, done) => done(Object.assign(new Error("write EPIPE"), { code: "EPIPE" })),
  });
  const sink = new StdoutSink(stream);
  await sink.connect();
  const delivery = new RecordingDelivery();
  for (let i = 0; i < 2; i++) {
    await expect(sink.send(batch, delivery.of(batch))).rejects.toMatchObject({
      outcome: "try-again",
      message: expect.stringContaining("EPIPE"),
    });
  }
  expect(delivery.acknowledged.size).toBe(0);
});
