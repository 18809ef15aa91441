import type { KafkaSettings } from "../../model/destination.ts";
import { WorkerFault } from "../../model/fault.ts";
import type { Log } from "../../model/log.ts";
import type { DeliveryContext } from "../../model/recordSink.ts";
import { parseBrokers } from "./brokers.ts";
import { compressionOf } from "./compression.ts";
import type { KafkaCluster } from "./kafkaCluster.ts";
import { KafkajsCluster } from "./kafkajsCluster.ts";
import { KafkaSink } from "./kafkaSink.ts";
import { saslOf } from "./security.ts";

/** The connections to a cluster, which several sinks can use after one another: a function that is called again keeps them. */
export function createKafkaCluster(
  { brokers, topic, security, tls }: Omit<KafkaSettings, "compression">,
  log: Log,
): KafkaCluster {
  return new KafkajsCluster({
    brokers: parseBrokers(brokers),
    topic,
    tls,
    sasl: saslOf(security),
    clientId: "batch_processor",
    log,
  });
}

/** A sink for a Kafka topic; `close` ends the connections of the cluster. */
export function createKafkaSink(
  settings: KafkaSettings,
  context: DeliveryContext,
  log: Log,
  cluster: KafkaCluster = createKafkaCluster(settings, log),
): KafkaSink {
  const compression = compressionOf(settings.compression);
  if (compression === undefined) {
    throw new WorkerFault("configuration", `KAFKA_COMPRESSION: this Node has no ${settings.compression}`, {
      hint: "Use Node 22.15 or newer, or gzip.",
    });
  }
  return new KafkaSink({ cluster, topic: settings.topic, context, compression, log });
}
