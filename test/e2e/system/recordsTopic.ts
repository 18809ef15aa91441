import { Kafka, logLevel } from "kafkajs";
import type { KafkaBroker } from "../parts/kafka.ts";
import { run } from "../parts/run.ts";

export interface Delivered {
  /** Index of the record in its file, by the header that says so. */
  readonly index: number;
  readonly source: string;
  readonly chunkId: string;
  readonly value: string;
}

/** The topic that is deployed, read by a consumer that shares no code with what is tested. */
export class RecordsTopic {
  readonly #broker: KafkaBroker;
  readonly #kcat: string;
  readonly #name: string;
  /** Offset of what is to be taken next, by partition. */
  readonly #next = new Map<number, string>();

  private constructor(broker: KafkaBroker, kcat: string, name: string) {
    this.#broker = broker;
    this.#kcat = kcat;
    this.#name = name;
  }

  static async create(broker: KafkaBroker, kcat: string, name: string): Promise<RecordsTopic> {
    await broker.createTopic(name, 3);
    const topic = new RecordsTopic(broker, kcat, name);
    // A broker that ran already may have it, with the records of an earlier run.
    for (const { partition, high } of await topic.#ends()) topic.#next.set(partition, high);
    return topic;
  }

  /** All that came since it was last taken. */
  async take(): Promise<Delivered[]> {
    let taken: Delivered[] = [];
    for (const { partition, high } of await this.#ends()) {
      const start = this.#next.get(partition) ?? "0";
      this.#next.set(partition, high);
      if (start !== high) taken = taken.concat(await this.#consume(partition, start, Number(high) - Number(start)));
    }
    return taken;
  }

  #ends() {
    return this.#withAdministrator((administrator) => administrator.fetchTopicOffsets(this.#name));
  }

  async #consume(partition: number, start: string, count: number): Promise<Delivered[]> {
    const from = ["-p", String(partition), "-o", start, "-c", String(count)];
    const consume = ["-b", this.#broker.brokers, "-t", this.#name, "-C", ...from, "-q", "-f", "%h\\t%s\\n"];
    const { stdout } = await run(this.#kcat, consume, { timeLimitSeconds: 120 });
    return stdout
      .split("\n")
      .filter((line) => line !== "")
      .map(deliveredOf);
  }

  /** Watches how many messages there have been while `work` goes on, those that were taken included. */
  async watching<Result>(work: (count: () => Promise<number>) => Promise<Result>): Promise<Result> {
    return this.#withAdministrator((administrator) =>
      work(async () => {
        const partitions = await administrator.fetchTopicOffsets(this.#name);
        return partitions.reduce((sum, { high }) => sum + Number(high), 0);
      }),
    );
  }

  async #withAdministrator<Result>(
    work: (administrator: ReturnType<Kafka["admin"]>) => Promise<Result>,
  ): Promise<Result> {
    const administrator = new Kafka({ brokers: this.#broker.brokers.split(","), logLevel: logLevel.NOTHING }).admin();
    await administrator.connect();
    try {
      return await work(administrator);
    } finally {
      await administrator.disconnect();
    }
  }
}

function deliveredOf(line: string): Delivered {
  const [headers = "", value = ""] = line.split("\t");
  // kcat writes them as name=value,name=value, and none of these values has a comma.
  const named = new Map(headers.split(",").map((header) => header.split("=", 2) as [string, string]));
  const recordId = named.get("record-id") ?? "";
  return {
    index: Number(recordId.slice(recordId.lastIndexOf(":") + 1)),
    source: named.get("source") ?? "",
    chunkId: named.get("chunk-id") ?? "",
    value,
  };
}
