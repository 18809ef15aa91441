import { DeleteMessageBatchCommand, type Message, ReceiveMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";

/** Takes everything out of a queue. */
export async function receiveAll(client: SQSClient, queueUrl: string): Promise<Message[]> {
  const received: Message[] = [];
  const lane = async () => {
    for (;;) {
      const { Messages = [] } = await client.send(
        new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ["All"] }),
      );
      if (Messages.length === 0) return;
      received.push(...Messages);
      const Entries = Messages.map(({ ReceiptHandle }, i) => ({ Id: String(i), ReceiptHandle }));
      await client.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
    }
  };
  await Promise.all(Array.from({ length: 8 }, lane));
  return received;
}

/** Index of the record in the file, by the attribute that says so. */
export function indexOfMessage({ MessageAttributes }: Message): number {
  return Number((MessageAttributes?.["record-id"]?.StringValue ?? "").split(":")[1]);
}
