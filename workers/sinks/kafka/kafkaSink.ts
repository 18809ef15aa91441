import { delayMs } from "../../../src/shared/retry.ts";
import { WorkerFault } from "../../model/fault.ts";
import type { Log } from "../../model/log.ts";
import type { Delivery, DeliveryContext, MessageBatch, RecordSink, SinkLimits } from "../../model/recordSink.ts";
import { connectPatiently, patient, type RetryPolicy } from "../retryPolicy.ts";
import { parseBrokers } from "./brokers.ts";
import type { Compression } from "./compression.ts";
import { compressionOf } from "./compression.ts";
import { awayFor, errorOfCode, faultOf, noPartitions, verdictOf, wantsKey } from "./errors.ts";
import type { KafkaCluster } from "./kafkaCluster.ts";
import { KafkajsCluster } from "./kafkajsCluster.ts";
import { partitionBatch } from "./partitionBatch.ts";
import { type EncodedRecords, RecordBatchEncoder, recordBatch } from "./recordBatch.ts";
import { type KafkaSecurity, saslOf } from "./security.ts";

export interface KafkaSettings {
  /** Comma-separated or a JSON array, as specified. */
  readonly brokers: string;
  readonly topic: string;
  readonly security: KafkaSecurity;
  readonly tls: boolean;
  readonly compression: "auto" | "zstd" | "gzip" | "none";
}

export interface KafkaSinkOptions {
  readonly cluster: KafkaCluster;
  readonly topic: string;
  readonly context: DeliveryContext;
  readonly compression: Compression;
  readonly log: Log;
  readonly retry?: RetryPolicy;
  /** Milliseconds since 1970, for the messages' timestamps. */
  readonly clock?: () => number;
}

export const kafkaSinkLimits: SinkLimits = {
  maxBatchesInFlight: 4,
  maxBatchMessages: 20_000,
  maxBatchBytes: 2 * 1024 * 1024,
};

/** The connections to a cluster, which consecutive sinks can share: a function keeps them between calls. */
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
    throw new WorkerFault(
      "configuration",
      `KAFKA_COMPRESSION: this version of Node does not support ${settings.compression}`,
      {
        hint: "Use Node 22.15 or newer, or set it to gzip.",
      },
    );
  }
  return new KafkaSink({ cluster, topic: settings.topic, context, compression, log });
}

/**
 * Delivers messages to a Kafka topic, at least once: after a lost response they are sent again, and the header
 * `record-id` (`etag:index`) lets consumers detect that. Messages with the same key stay in order, also when sent
 * again: every partition has a queue, and only its head is in flight. Each leader of partitions has one request in
 * flight, while the next batches are encoded and compressed.
 */
export class KafkaSink implements RecordSink {
  readonly #cluster: KafkaCluster;
  readonly #topic: string;
  readonly #compression: Compression;
  readonly #encoder: RecordBatchEncoder;
  readonly #log: Log;
  readonly #retry: RetryPolicy;
  readonly #clock: () => number;
  /** Record batches by partition. Each of them has an entry in #sendings. */
  readonly #queues = new Map<number, Piece[]>();
  readonly #sendings = new Set<Sending>();
  readonly #busyLeaders = new Set<number>();
  #recovering = false;
  #retries = 0;
  #nextPartition = 0;
  #maxRecordBatchBytes = maxRecordBatchBytes;
  /** Once set, nothing more is sent: later messages must not overtake failed ones. */
  #fault: unknown;

  constructor({ cluster, topic, context, compression, log, retry = patient, clock = Date.now }: KafkaSinkOptions) {
    this.#cluster = cluster;
    this.#topic = topic;
    this.#compression = compression;
    this.#encoder = new RecordBatchEncoder(context);
    this.#log = log;
    this.#retry = retry;
    this.#clock = clock;
  }

  /** Requests that were completely or partly sent again so far. */
  get retries(): number {
    return this.#retries;
  }

  async connect(): Promise<void> {
    await connectPatiently(() => this.#cluster.connect(), {
      policy: this.#retry,
      log: this.#log,
      event: "kafka-connect-again",
      faultOf: (error) => faultOf(error, this.#topic),
      awayFor,
      messageOf,
    });
    if (this.#cluster.leaders.length === 0) throw noPartitions(this.#topic);
  }

  async send(batch: MessageBatch, delivery: Delivery): Promise<void> {
    if (this.#fault !== undefined) throw this.#fault;
    if (batch.length === 0) return;
    if (this.#cluster.leaders.length === 0) throw new Error("send before connect");
    await new Promise<void>((settle, fail) => {
      const results = new Uint8Array(batch.length);
      const sending: Sending = { batch, delivery, results, waiting: batch.length, settle, fail };
      this.#sendings.add(sending);
      for (const { partition, positions } of partitionBatch(batch, this.#cluster.leaders.length)) {
        for (let from = 0; from < positions.length; ) {
          const records = this.#encoder.encode(batch, positions, from, positions.length, this.#maxRecordBatchBytes);
          const piece = this.#pieceOf(sending, partition ?? this.#anyPartition(), positions, records);
          this.#queueOf(piece.partition).push(piece);
          from = records.to;
        }
      }
      this.#start();
    });
  }

  /** Starts no more requests: after giving up, records would be sent unnoticed, and again by the next attempt. */
  stop(): void {
    this.#giveUp(new WorkerFault("try-again", "sending to Kafka was stopped"));
  }

  close(): Promise<void> {
    this.stop();
    return this.#cluster.close();
  }

  #pieceOf(sending: Sending, partition: number, positions: Uint32Array, records: EncodedRecords): Piece {
    const bytes = recordBatch(records, this.#compression, this.#clock());
    // Awaited when the piece is at the head of its queue; until then a failure must not count as unhandled.
    bytes.catch(() => {});
    return { sending, partition, positions, records, bytes, failures: 0, failingSince: undefined };
  }

  /**
   * The next partition in turn that has a leader. Messages without a key are sent there, one whole record batch at a
   * time.
   */
  #anyPartition(): number {
    const { leaders } = this.#cluster;
    for (let tried = 0; tried < leaders.length; tried++) {
      this.#nextPartition = (this.#nextPartition + 1) % leaders.length;
      if (leaders[this.#nextPartition] !== undefined) break;
    }
    return this.#nextPartition;
  }

  #queueOf(partition: number): Piece[] {
    const queue = this.#queues.get(partition);
    if (queue !== undefined) return queue;
    const made: Piece[] = [];
    this.#queues.set(partition, made);
    return made;
  }

  /** Starts a request for every idle leader that has something to send. */
  #start(): void {
    const leaderless: Piece[] = [];
    for (const [partition, [head]] of this.#queues) {
      if (head === undefined) continue;
      const leader = this.#cluster.leaders[partition];
      if (leader === undefined) leaderless.push(head);
      else if (!this.#busyLeaders.has(leader)) void this.#work(leader);
    }
    if (leaderless.length > 0 && !this.#recovering) this.#failed(leaderless, errorOfCode(leaderNotAvailable));
  }

  async #work(leader: number): Promise<void> {
    this.#busyLeaders.add(leader);
    try {
      for (let pieces = this.#headsOf(leader); pieces.length > 0; pieces = this.#headsOf(leader)) {
        await this.#produce(leader, pieces);
      }
    } catch (error) {
      this.#giveUp(error);
    } finally {
      this.#busyLeaders.delete(leader);
    }
  }

  /** The next request: the head of every queue of the leader, except those that wait for a recovery. */
  #headsOf(leader: number): Piece[] {
    const pieces: Piece[] = [];
    let bytes = 0;
    for (const [partition, [head]] of this.#queues) {
      if (head === undefined || this.#cluster.leaders[partition] !== leader) continue;
      if (this.#recovering && head.failingSince !== undefined) continue;
      pieces.push(head);
      bytes += head.records.block.length;
      if (bytes >= maxRequestBytes) break;
    }
    return pieces;
  }

  async #produce(leader: number, pieces: readonly Piece[]): Promise<void> {
    const parts = await Promise.all(pieces.map(async ({ partition, bytes }) => ({ partition, records: await bytes })));
    let codes: ReadonlyMap<number, number>;
    try {
      codes = await this.#cluster.produce(leader, parts);
    } catch (error) {
      this.#failed(pieces, error);
      return;
    }
    if (this.#fault !== undefined) return;
    const again: Piece[] = [];
    let reason: Error | undefined;
    let fault: WorkerFault | undefined;
    for (const piece of pieces) {
      const code = codes.get(piece.partition) ?? unknownServerError;
      const verdict = verdictOf(code, this.#topic);
      if (verdict.kind === "stored") this.#stored(piece);
      else if (verdict.kind === "too-large") this.#split(piece, tooLarge);
      else if (verdict.kind === "invalid") this.#split(piece, invalid);
      else if (verdict.kind === "fault") fault = verdict.fault;
      else {
        again.push(piece);
        reason = errorOfCode(code);
      }
    }
    if (fault !== undefined) throw fault;
    if (reason !== undefined) this.#failed(again, reason);
  }

  #stored(piece: Piece): void {
    this.#queues.get(piece.partition)?.shift();
    const { sending, positions, records } = piece;
    for (let i = records.from; i < records.to; i++) sending.results[positions[i] as number] = stored;
    this.#settle(sending, records.to - records.from);
  }

  /** Some message in it is rejected: sends each half separately, down to the single message, which is then refused. */
  #split(piece: Piece, reasonOf: (piece: Piece, topic: string) => string): void {
    const { sending, partition, positions, records } = piece;
    const { batch } = sending;
    const queue = this.#queueOf(partition);
    if (records.to - records.from === 1) {
      queue.shift();
      const position = positions[records.from] as number;
      if (reasonOf === invalid && batch.keyStarts[position] === batch.valueStarts[position])
        throw wantsKey(this.#topic);
      sending.results[position] = refused;
      sending.delivery.refuse(position, reasonOf(piece, this.#topic));
      this.#settle(sending, 1);
      return;
    }
    // Not one large message among small ones: the topic accepts less than Kafka's default, also for later batches.
    if (reasonOf === tooLarge && records.largest * 4 < records.block.length) {
      this.#maxRecordBatchBytes = Math.max(minRecordBatchBytes, records.block.length >> 1);
    }
    const middle = (records.from + records.to) >> 1;
    const halves = [
      this.#encoder.encode(batch, positions, records.from, middle, Number.POSITIVE_INFINITY),
      this.#encoder.encode(batch, positions, middle, records.to, Number.POSITIVE_INFINITY),
    ];
    queue.splice(0, 1, ...halves.map((half) => this.#pieceOf(sending, partition, positions, half)));
  }

  #settle(sending: Sending, messages: number): void {
    sending.waiting -= messages;
    if (sending.waiting > 0) return;
    this.#sendings.delete(sending);
    acknowledgeStored(sending);
    sending.settle();
  }

  /** Keeps the pieces at the heads of their queues, fetches the present leaders, and sends the pieces again. */
  #failed(pieces: readonly Piece[], error: unknown): void {
    for (const piece of pieces) {
      piece.failures++;
      piece.failingSince ??= this.#retry.now();
    }
    if (!this.#recovering && this.#fault === undefined) void this.#recover(error);
  }

  async #recover(firstError: unknown): Promise<void> {
    this.#recovering = true;
    try {
      let error = firstError;
      for (let attempt = this.#failuresOfHeads(); ; attempt++) {
        const fault = faultOf(error, this.#topic);
        if (fault?.outcome === "not-allowed" || fault?.outcome === "bug") throw fault;
        if (this.#isPatienceOver()) throw fault ?? awayFor(this.#retry.giveUpAfterMs / 1000, error);
        const pause = delayMs(attempt + 1, this.#retry);
        this.#retries++;
        this.#log.warn("kafka-again", { attempt, reason: messageOf(error), pauseMilliseconds: Math.round(pause) });
        await this.#retry.sleep(pause);
        if (this.#fault !== undefined) return;
        try {
          await this.#cluster.refresh();
          break;
        } catch (newError) {
          error = newError;
        }
      }
    } catch (error) {
      this.#giveUp(error);
    } finally {
      this.#recovering = false;
    }
    if (this.#fault === undefined) this.#start();
  }

  #failuresOfHeads(): number {
    let most = 0;
    for (const [head] of this.#queues.values()) if (head !== undefined && head.failures > most) most = head.failures;
    return most - 1;
  }

  #isPatienceOver(): boolean {
    const { now, giveUpAfterMs } = this.#retry;
    for (const [head] of this.#queues.values()) {
      if (head?.failingSince !== undefined && now() - head.failingSince >= giveUpAfterMs) return true;
    }
    return false;
  }

  #giveUp(fault: WorkerFault | unknown): void {
    if (this.#fault !== undefined) return;
    this.#fault = fault;
    this.#queues.clear();
    for (const sending of this.#sendings) {
      acknowledgeStored(sending);
      sending.fail(fault);
    }
    this.#sendings.clear();
  }
}

/** One call of `send`. */
interface Sending {
  readonly batch: MessageBatch;
  readonly delivery: Delivery;
  /** 0, `stored` or `refused` for every message. */
  readonly results: Uint8Array;
  waiting: number;
  readonly settle: () => void;
  readonly fail: (error: unknown) => void;
}

/** A record batch in the queue of a partition. */
interface Piece {
  readonly sending: Sending;
  readonly partition: number;
  readonly positions: Uint32Array;
  readonly records: EncodedRecords;
  readonly bytes: Promise<Uint8Array>;
  failures: number;
  failingSince: number | undefined;
}

const stored = 1;
const refused = 2;

/** In runs, and all at once: in the order of storing, nearly every message with a key would be a separate run. */
function acknowledgeStored({ results, delivery }: Sending): void {
  for (let from = 0; from < results.length; ) {
    let to = from;
    while (to < results.length && results[to] === stored) to++;
    if (to > from) delivery.acknowledge(from, to);
    from = to + 1;
  }
}

/** Below Kafka's default of max.message.bytes (1,048,588) before compression, so nearly always below it. */
const maxRecordBatchBytes = 1_000_000;
const minRecordBatchBytes = 16_384;
/** Of all record batches in a request, before compression. Brokers accept requests of up to 100 MiB by default. */
const maxRequestBytes = 8 * 1024 * 1024;

const leaderNotAvailable = 5;
const unknownServerError = -1;

function tooLarge({ records }: Piece, topic: string): string {
  return `it is ${records.largest} bytes as a Kafka record, more than the topic ${JSON.stringify(topic)} accepts (max.message.bytes)`;
}

function invalid(_piece: Piece, topic: string): string {
  return `the topic ${JSON.stringify(topic)} rejects it as an invalid record`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
