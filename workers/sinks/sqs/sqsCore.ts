import { WorkerFault } from "../../model/fault.ts";
import { keptOpen } from "../keptOpen.ts";
import type { SinkKind } from "../sinkKind.ts";

export interface SqsCoreSettings {
  /** The URL of the queue. */
  readonly queueUrl: string;
  readonly region: string | undefined;
}

/** An SQS queue. */
export const sqsCore: SinkKind<SqsCoreSettings> = {
  readSettings: (get) => ({ queueUrl: get("SQS_CORE_QUEUE"), region: get("AWS_REGION") }),
  nameOf: ({ queueUrl }) => `sqs:${queueUrl}`,
  keepsCheckpoint: true,
  worksInFunction: true,
  async open({ queueUrl, region }, { context, log, connections }) {
    // The settings are already checked: this is for a caller that creates them in another way.
    if (region === undefined) {
      throw new WorkerFault("configuration", "AWS_REGION is missing; expected the region of the queue");
    }
    const { createSqsClient, createSqsSink, sqsSinkLimits } = await import("./sqsSink.ts");
    const client = connections?.get(
      `sqs ${queueUrl}`,
      () => createSqsClient({ queueUrl, region }),
      (kept) => kept.destroy(),
    );
    const sink = createSqsSink({ queueUrl, region }, context, log, client);
    return { sink: keptOpen(sink, client), limits: sqsSinkLimits, retries: () => sink.retries };
  },
};
