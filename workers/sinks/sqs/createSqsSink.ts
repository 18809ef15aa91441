import { SQSClient } from "@aws-sdk/client-sqs";
import { WorkerFault } from "../../model/fault.ts";
import type { Log } from "../../model/log.ts";
import type { DeliveryContext } from "../../model/recordSink.ts";
import { AwsSqsQueue } from "./awsSqsQueue.ts";
import { sqsClientOptions } from "./clientOptions.ts";
import { SqsSink } from "./sqsSink.ts";

export interface SqsSettings {
  /** SQS_CORE_QUEUE: the URL of the queue. */
  readonly queueUrl: string;
  readonly region: string;
}

/** A client that several sinks for the queue can use, one after another. */
export function createSqsClient({ queueUrl, region }: SqsSettings): SQSClient {
  if (!URL.canParse(queueUrl) || !/^https?:$/.test(new URL(queueUrl).protocol)) {
    throw new WorkerFault("configuration", `SQS_CORE_QUEUE: ${JSON.stringify(queueUrl)} is not the URL of a queue`, {
      hint: "Write the URL, https://sqs.REGION.amazonaws.com/ACCOUNT/NAME, not the name or the ARN.",
    });
  }
  return new SQSClient(sqsClientOptions(queueUrl, region));
}

/** A sink for an SQS queue; `close` ends the connections of the client. */
export function createSqsSink(
  settings: SqsSettings,
  context: DeliveryContext,
  log: Log,
  client = createSqsClient(settings),
): SqsSink {
  return new SqsSink({ queue: new AwsSqsQueue(settings.queueUrl, client), context, log });
}
