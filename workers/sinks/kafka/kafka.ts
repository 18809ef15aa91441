import { Secret } from "../../model/secret.ts";
import { keptOpen } from "../keptOpen.ts";
import type { SettingReader, SinkKind } from "../sinkKind.ts";
import type { KafkaSettings } from "./kafkaSink.ts";
import type { KafkaSecurity } from "./security.ts";

/** A topic of a Kafka cluster, such as MSK. */
export const kafka: SinkKind<KafkaSettings> = {
  readSettings(get) {
    const security = readSecurity(get);
    const tls = get<string>("KAFKA_TLS");
    return {
      brokers: get("KAFKA_BROKERS"),
      topic: get("KAFKA_TOPIC"),
      security,
      tls: tls === "auto" ? security.kind !== "none" : tls === "true",
      compression: get("KAFKA_COMPRESSION"),
    };
  },
  nameOf: ({ topic, brokers }) => `kafka:${topic}@${sortedBrokers(brokers)}`,
  keepsCheckpoint: true,
  worksInFunction: true,
  async open(settings, { context, log, connections }) {
    const { createKafkaCluster, createKafkaSink, kafkaSinkLimits } = await import("./kafkaSink.ts");
    const cluster = connections?.get(
      `kafka ${settings.topic} ${settings.brokers}`,
      () => createKafkaCluster(settings, log),
      (kept) => kept.close(),
    );
    const sink = createKafkaSink(settings, context, log, cluster);
    return { sink: keptOpen(sink, cluster), limits: kafkaSinkLimits, retries: () => sink.retries };
  },
};

function readSecurity(get: SettingReader): KafkaSecurity {
  const kind = get<KafkaSecurity["kind"]>("KAFKA_SECURITY");
  if (kind === "iam") return { kind, region: get("AWS_REGION") };
  if (kind === "scram") {
    return { kind, username: get("KAFKA_USERNAME"), password: new Secret(get("KAFKA_PASSWORD")) };
  }
  return { kind };
}

/** Comma-separated or a JSON array as text: neither the punctuation nor the order identifies a different cluster. */
function sortedBrokers(brokers: string): string {
  return brokers
    .split(/[\s,"[\]]+/)
    .filter((broker) => broker !== "")
    .sort()
    .join(",");
}
