import type { Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import type { Destination } from "../model/destination.ts";
import { WorkerFault } from "../model/fault.ts";
import type { Log } from "../model/log.ts";
import type { DeliveryContext, OpenedSink, RecordSink } from "../model/recordSink.ts";

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

/** What of a run's settings the sinks read. */
export interface SinkSettings {
  readonly destination: Destination;
  readonly region: string | undefined;
}

/** The sink of the destination that the settings name. Loads the client that it needs, and no other. */
export async function openSink(
  settings: SinkSettings,
  context: DeliveryContext,
  log: Log,
  places: SinkPlaces,
): Promise<OpenedSink> {
  const { destination } = settings;
  switch (destination.kind) {
    case "kafka": {
      const [{ createKafkaSink, createKafkaCluster }, { kafkaSinkLimits }] = await Promise.all([
        import("./kafka/createKafkaSink.ts"),
        import("./kafka/kafkaSink.ts"),
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
        import("./sqs/createSqsSink.ts"),
        import("./sqs/sqsSink.ts"),
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
      const { FileSink, lineSinkLimits } = await import("./fileSink.ts");
      return { sink: new FileSink(pathOf(destination.uri)), limits: lineSinkLimits };
    }
    case "stdout": {
      const [{ StdoutSink }, { lineSinkLimits }] = await Promise.all([
        import("./stdoutSink.ts"),
        import("./fileSink.ts"),
      ]);
      return { sink: new StdoutSink(places.stdout), limits: lineSinkLimits };
    }
  }
}

/** The settings are checked before: this is for a caller that has made them by other means. */
function regionOf({ region }: SinkSettings): string {
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
