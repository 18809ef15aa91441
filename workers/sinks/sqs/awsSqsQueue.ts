import { GetQueueAttributesCommand, SendMessageBatchCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { isAccessDenied } from "./errors.ts";
import type { SqsAnswer, SqsEntry, SqsQueue } from "./sqsQueue.ts";

/** A queue of AWS or of a compatible service, at the URL. */
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
      // sqs:GetQueueAttributes is optional; a role without it can still send.
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

/**
 * How to reach a queue by its URL alone. By default, the client warns on the console, at every call, about a URL that
 * is not on the host that it expects: that of a VPC endpoint, of a local server, or one of the legacy names of SQS.
 */
export function sqsClientOptions(
  queueUrl: string,
  region: string,
): { readonly endpoint: string; readonly region: string } {
  const { origin, hostname } = new URL(queueUrl);
  // A call is signed for a region, and the queue may be in a different one than the job.
  const [, ofHost] = /(?:^|\.)sqs\.([a-z0-9-]+)\.(?:vpce\.)?amazonaws\.com(?:\.cn)?$/.exec(hostname) ?? [];
  return { endpoint: origin, region: ofHost ?? region };
}
