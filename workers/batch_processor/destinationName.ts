import type { Destination } from "../model/destination.ts";

/** Where messages go, in words that are the same for every attempt and hold nothing secret. */
export function destinationName(destination: Destination): string {
  switch (destination.kind) {
    case "kafka":
      return `kafka:${destination.kafka.topic}@${sortedBrokers(destination.kafka.brokers)}`;
    case "sqs_core":
      return `sqs:${destination.queueUrl}`;
    case "file":
      return destination.uri;
    case "stdout":
      return "stdout";
  }
}

/** Comma-separated or a JSON array in text: the punctuation makes no other cluster, nor does the order. */
function sortedBrokers(brokers: string): string {
  return brokers
    .split(/[\s,"[\]]+/)
    .filter((broker) => broker !== "")
    .sort()
    .join(",");
}
