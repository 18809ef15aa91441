import type { Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { WorkerFault } from "../model/fault.ts";
import type { Log } from "../model/log.ts";
import type { DeliveryContext, RecordSink } from "../model/recordSink.ts";
import type { ProcessorSettings } from "../settings/settings.ts";
import type { OpenedSink } from "./parts.ts";

export interface SinkPlaces {
  /** Where records go when the destination is stdout. */
  readonly stdout: Writable;
  /** Connections that outlive a run; without them every run has its own. */
  readonly connections?: Connections;
}

/** Values that are made when they are first asked for, by name. */
export interface Connections {
  get<Connection>(name: string, make: () => Connection, close: (connection: Connection) => unknown): Connection;
}

/** The sink of the destination that the settings name. Loads the client that it needs, and no other. */
export async function openSink(
  settings: ProcessorSettings,
  context: DeliveryContext,
  log: Log,
  places: SinkPlaces,
): Promise<OpenedSink> {
  const { destination } = settings;
  switch (destination.kind) {
    case "kafka": {
      const [{ createKafkaSink, createKafkaCluster }, { kafkaSinkLimits }] = await Promise.all([
        import("../sinks/createKafkaSink.ts"),
        import("../sinks/kafkaSink.ts"),
      ]);
      const wanted = destination.kafka;
      const cluster = places.connections?.get(
        `kafka ${wanted.topic} ${wanted.brokers}`,
        () => createKafkaCluster(wanted, log),
        (kept) => kept.close(),
      );
      const sink = createKafkaSink(wanted, context, log, cluster);
      return { sink: keptOpen(sink, cluster), limits: kafkaSinkLimits, retries: () => sink.retries };
    }
    case "sqs_core": {
      const [{ createSqsSink, createSqsClient }, { sqsSinkLimits }] = await Promise.all([
        import("../sinks/createSqsSink.ts"),
        import("../sinks/sqsSink.ts"),
      ]);
      const wanted = { queueUrl: destination.queueUrl, region: regionOf(settings) };
      const client = places.connections?.get(
        `sqs ${wanted.queueUrl}`,
        () => createSqsClient(wanted),
        (kept) => kept.destroy(),
      );
      const sink = createSqsSink(wanted, context, log, client);
      return { sink: keptOpen(sink, client), limits: sqsSinkLimits, retries: () => sink.retries };
    }
    case "file": {
      const { FileSink, lineSinkLimits } = await import("../sinks/fileSink.ts");
      return { sink: new FileSink(pathOf(destination.uri)), limits: lineSinkLimits };
    }
    case "stdout": {
      const [{ StdoutSink }, { lineSinkLimits }] = await Promise.all([
        import("../sinks/stdoutSink.ts"),
        import("../sinks/fileSink.ts"),
      ]);
      return { sink: new StdoutSink(places.stdout), limits: lineSinkLimits };
    }
  }
}

/** The settings are checked before: this is for a caller that has made them by other means. */
function regionOf({ region }: ProcessorSettings): string {
  if (region !== undefined) return region;
  throw new WorkerFault("configuration", "AWS_REGION is missing; expected the region of the queue");
}

function pathOf(uri: string): string {
  if (uri.startsWith("file://")) return fileURLToPath(uri);
  throw new WorkerFault(
    "configuration",
    `DESTINATION_FILE is ${JSON.stringify(uri)}; expected a file of this machine`,
    {
      hint: "Objects of S3 cannot grow record by record. Write ./records.jsonl, and copy it there afterwards.",
    },
  );
}

/** The sink, whose connections stay open when a run closes it if they are kept for the next one. */
function keptOpen(sink: RecordSink & { stop(): void }, kept: unknown): RecordSink {
  if (kept === undefined) return sink;
  return {
    connect: () => sink.connect(),
    send: (batch, delivery) => sink.send(batch, delivery),
    close: async () => sink.stop(),
  };
}
