import { Kafka, logLevel } from "kafkajs";
import type { KafkaBroker } from "../parts/kafka.ts";
import { run } from "../parts/run.ts";

/** As kcat prints a message with -J. */
export interface Consumed {
  readonly partition: number;
  readonly offset: number;
  /** Milliseconds since 1970, by the clock of whoever sent it. */
  readonly ts: number;
  readonly key: string | null;
  readonly payload: string;
  /** Names and values in turn. */
  readonly headers: readonly string[];
}

/** A topic, read by a consumer that shares no code with what is tested. */
export class Topic {
  readonly name: string;
  readonly #broker: KafkaBroker;
  readonly #kcat: string;

  private constructor(name: string, broker: KafkaBroker, kcat: string) {
    this.name = name;
    this.#broker = broker;
    this.#kcat = kcat;
  }

  static async create(broker: KafkaBroker, kcat: string): Promise<Topic> {
    const name = `orders-${crypto.randomUUID()}`;
    await broker.createTopic(name, 3);
    return new Topic(name, broker, kcat);
  }

  get environment(): Record<string, string> {
    const { brokers } = this.#broker;
    return {
      RECORD_DESTINATION: "kafka",
      KAFKA_BROKERS: brokers,
      KAFKA_TOPIC: this.name,
      KAFKA_SECURITY: "none",
      RECORD_KEY: "customer",
    };
  }

  async consume(): Promise<Consumed[]> {
    const args = ["-b", this.#broker.brokers, "-t", this.name, "-C", "-e", "-q", "-J"];
    const { stdout } = await run(this.#kcat, args, { timeLimitSeconds: 120 });
    return stdout
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Consumed);
  }

  /** Watches how many messages there are while `work` goes on. */
  async watching<Result>(work: (count: () => Promise<number>) => Promise<Result>): Promise<Result> {
    const brokers = this.#broker.brokers.split(",");
    const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    try {
      return await work(async () => {
        const partitions = await admin.fetchTopicOffsets(this.name);
        return partitions.reduce((sum, { high }) => sum + Number(high), 0);
      });
    } finally {
      await admin.disconnect();
    }
  }
}

/** Index of the record in the file, by the header that says so. */
export function indexOf({ headers }: Consumed): number {
  return Number((headers[headers.indexOf("record-id") + 1] ?? "").split(":")[1]);
}
