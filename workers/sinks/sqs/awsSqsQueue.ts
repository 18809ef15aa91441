import { GetQueueAttributesCommand, SendMessageBatchCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { isAccessDenied } from "./errors.ts";
import type { SqsAnswer, SqsEntry, SqsQueue } from "./sqsQueue.ts";

/** A queue of AWS, or of something that answers like it: the URL says where. */
export class AwsSqsQueue implements SqsQueue {
  readonly isFifo: boolean;
  readonly #url: string;
  readonly #client: SQSClient;

  constructor(url: string, client: SQSClient) {
    this.#url = url;
    this.#client = client;
    this.isFifo = url.endsWith(".fifo");
  }

  async maximumMessageSize(): Promise<number | undefined> {
    const command = new GetQueueAttributesCommand({ QueueUrl: this.#url, AttributeNames: ["MaximumMessageSize"] });
    try {
      const { Attributes } = await this.#client.send(command);
      const size = Number(Attributes?.MaximumMessageSize);
      return Number.isSafeInteger(size) && size > 0 ? size : undefined;
    } catch (error) {
      // sqs:GetQueueAttributes is a wish of ours; a role without it can send all the same.
      if (isAccessDenied(error)) return undefined;
      throw error;
    }
  }

  async sendBatch(entries: readonly SqsEntry[]): Promise<SqsAnswer> {
    const command = new SendMessageBatchCommand({
      QueueUrl: this.#url,
      Entries: entries.map(({ id, body, attributes, fifo }) => ({
        Id: id,
        MessageBody: body,
        MessageAttributes: Object.fromEntries(
          Object.entries(attributes).map(([name, value]) => [name, { DataType: "String", StringValue: value }]),
        ),
        ...(fifo === undefined ? {} : { MessageGroupId: fifo.group, MessageDeduplicationId: fifo.deduplication }),
      })),
    });
    const { Successful = [], Failed = [] } = await this.#client.send(command);
    return {
      stored: new Set(Successful.flatMap(({ Id }) => (Id === undefined ? [] : [Id]))),
      failed: new Map(
        Failed.flatMap(({ Id, SenderFault = false, Code = "", Message = "" }) =>
          Id === undefined ? [] : [[Id, { isFinal: SenderFault, code: Code, message: Message }] as const],
        ),
      ),
    };
  }

  close(): void {
    this.#client.destroy();
  }
}
