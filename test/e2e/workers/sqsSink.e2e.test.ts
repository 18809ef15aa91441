import { DeleteMessageBatchCommand, type Message, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { DeliveryContext } from "../../../workers/model/recordSink.ts";
import { createSqsSink } from "../../../workers/sinks/sqs/sqsSink.ts";
import { batchOf, type TestMessage } from "../../workers/sinks/batchOf.ts";
import { RecordingDelivery } from "../../workers/sinks/recordingDelivery.ts";
import { recordingLog } from "../../workers/sinks/recordingLog.ts";
import { type Elasticmq, elasticmqSource, startElasticmq } from "../parts/elasticmq.ts";
import { present, reasonsToSkip } from "../parts/part.ts";

const source = await elasticmqSource();
const skipped = reasonsToSkip({ ElasticMQ: source });

const context: DeliveryContext = { etag: "9b2cf535f27731c9", source: "s3://bucket/in.csv", chunkId: "chunk-00003" };
const region = "eu-west-1";

describe.skipIf(skipped.length > 0)(`the SQS sink with a real queue server ${skipped.join("; ")}`, () => {
  let server: Elasticmq;

  beforeAll(async () => {
    server = await startElasticmq(present(source));
  });

  afterAll(async () => {
    await server?.stop();
  });

  function sinkTo(queueUrl: string) {
    return createSqsSink({ queueUrl, region }, context, recordingLog(), server.createClient());
  }

  /** Sends in batches of `size`, two at a time as the worker does. */
  async function sendAll(queueUrl: string, messages: readonly TestMessage[], size: number): Promise<RecordingDelivery> {
    const sink = sinkTo(queueUrl);
    await sink.connect();
    const delivery = new RecordingDelivery();
    const starts = Array.from({ length: Math.ceil(messages.length / size) }, (_, i) => i * size).values();
    const lane = async () => {
      for (const start of starts) {
        const batch = batchOf(messages.slice(start, start + size));
        await sink.send(batch, delivery.of(batch));
      }
    };
    await Promise.all([lane(), lane()]);
    await sink.close();
    return delivery;
  }

  /** Takes everything out of a queue, in the order in which it is handed out. */
  async function receiveAll(queueUrl: string, lanes: number): Promise<Message[]> {
    const received: Message[] = [];
    const lane = async () => {
      for (;;) {
        const { Messages = [] } = await server.client.send(
          new ReceiveMessageCommand({
            QueueUrl: queueUrl,
            MaxNumberOfMessages: 10,
            MessageAttributeNames: ["All"],
            MessageSystemAttributeNames: ["MessageGroupId"],
          }),
        );
        if (Messages.length === 0) return;
        received.push(...Messages);
        const Entries = Messages.map(({ ReceiptHandle }, i) => ({ Id: String(i), ReceiptHandle }));
        await server.client.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
      }
    };
    await Promise.all(Array.from({ length: lanes }, lane));
    return received;
  }

  test("20,000 records arrive once each, with their attributes", async () => {
    const queueUrl = await server.createQueue("records");
    const messages = Array.from({ length: 20_000 }, (_, index) => ({
      index,
      value: `{"id":${index},"name":"é \\u0001"}`,
    }));
    const delivery = await sendAll(queueUrl, messages, 2_000);
    expect(delivery.acknowledged.size).toBe(20_000);

    const received = await receiveAll(queueUrl, 8);
    expect(received.map(idOf).sort((a, b) => a - b)).toEqual(messages.map(({ index }) => index));
    expect(received.every((message) => message.Body === messages[idOf(message)]?.value)).toBe(true);
    expect(received[0]?.MessageAttributes).toMatchObject({
      source: { StringValue: "s3://bucket/in.csv" },
      "chunk-id": { StringValue: "chunk-00003" },
    });
  });

  test("what XML cannot hold arrives all the same", async () => {
    const queueUrl = await server.createQueue("unusual");
    const text = "\u0000\u0008\ufffe\uffff\u{10ffff}\u2028</Body>&amp;";
    await sendAll(queueUrl, [{ index: 0, value: JSON.stringify({ text }) }], 10);
    const [message] = await receiveAll(queueUrl, 1);
    expect(JSON.parse(message?.Body ?? "")).toEqual({ text });
  });

  test("a record that is larger than any queue takes is refused, and all others arrive", async () => {
    const queueUrl = await server.createQueue("large");
    const messages = Array.from({ length: 100 }, (_, index) => ({
      index,
      value: `"${"x".repeat(index === 41 ? 1_100_000 : 1_000)}"`,
    }));
    const delivery = await sendAll(queueUrl, messages, 100);
    expect([...delivery.refused.keys()]).toEqual([41]);
    expect((await receiveAll(queueUrl, 1)).map(idOf).sort((a, b) => a - b)).toEqual(
      messages.map(({ index }) => index).filter((index) => index !== 41),
    );
  });

  test("a FIFO queue hands out each key in order, and drops what is sent twice", async () => {
    const queueUrl = await server.createQueue("ordered.fifo");
    const messages = Array.from({ length: 500 }, (_, index) => ({ index, key: `customer ${index % 7}`, value: "{}" }));
    await sendAll(queueUrl, messages, 200);
    await sendAll(queueUrl, messages.slice(100, 300), 200);
    const received = await receiveAll(queueUrl, 1);
    expect(received.length).toBe(500);
    const last = new Map<string, number>();
    for (const message of received) {
      const group = message.Attributes?.MessageGroupId ?? "";
      expect(idOf(message)).toBeGreaterThan(last.get(group) ?? -1);
      last.set(group, idOf(message));
    }
    expect(last.size).toBe(7);
  });

  test("a queue that does not exist is a wrong configuration", async () => {
    const existing = await server.createQueue("existing");
    const sink = sinkTo(existing.replace("existing", "nobody-made-this-queue"));
    await expect(sink.connect()).rejects.toMatchObject({
      outcome: "configuration",
      hint: expect.stringContaining("SQS_CORE_QUEUE"),
    });
    await sink.close();
  });
});

function idOf(message: Message): number {
  const [etag, index] = (message.MessageAttributes?.["record-id"]?.StringValue ?? "").split(":");
  if (etag !== context.etag) throw new Error(`a record-id of another file: ${etag}`);
  return Number(index);
}
