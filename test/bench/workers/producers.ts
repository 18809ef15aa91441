import type { Command } from "./measure/runTimed.ts";

export type Compression = "none" | "gzip";

export interface ProducerTarget {
  readonly brokers: string;
  readonly topic: string;
  readonly compression: Compression;
}

/** Both clients send the moment they have a message unless told to wait for more, which would be unfair to them. */
const lingerMilliseconds = 20;
const batchBytes = 512 * 1024;

/** The producer benchmark that Kafka brings along. */
export function producerPerformanceCommand(
  { java, classpath }: { readonly java: string; readonly classpath: string },
  { brokers, topic, compression }: ProducerTarget,
  payload: string,
  records: number,
): Command {
  const properties = [
    `bootstrap.servers=${brokers}`,
    "acks=all",
    `compression.type=${compression}`,
    `linger.ms=${lingerMilliseconds}`,
    `batch.size=${batchBytes}`,
    "buffer.memory=67108864",
  ];
  const tool = ["-cp", classpath, "org.apache.kafka.tools.ProducerPerformance", "--topic", topic];
  const load = ["--num-records", String(records), "--throughput", "-1", "--payload-file", payload];
  return { program: java, args: [...tool, ...load, "--payload-delimiter", "\\n", "--producer-props", ...properties] };
}

/** Messages per second as ProducerPerformance prints them at its end, its start left out. */
export function rateOf(stdout: string): number | undefined {
  const rates = [...stdout.matchAll(/records sent, ([\d.]+) records\/sec/g)];
  const last = rates.at(-1)?.[1];
  return last === undefined ? undefined : Number(last);
}

/** The command line of librdkafka, which sends each line of a file. */
export function kcatCommand(path: string, { brokers, topic, compression }: ProducerTarget, payload: string): Command {
  const properties = [
    "acks=all",
    `linger.ms=${lingerMilliseconds}`,
    `batch.size=${batchBytes}`,
    "queue.buffering.max.messages=1000000",
  ].flatMap((property) => ["-X", property]);
  return { program: path, args: ["-P", "-b", brokers, "-t", topic, "-z", compression, ...properties, "-l", payload] };
}
