import { type ChunkResult, deliver } from "../../../../workers/batch_processor/deliver.ts";
import type { ChunkMetrics } from "../../../../workers/batch_processor/runReport.ts";
import type { Log } from "../../../../workers/model/log.ts";
import type { SinkLimits } from "../../../../workers/model/recordSink.ts";
import type { ProcessorSettings } from "../../../../workers/settings/settings.ts";
import { Destination, type SinkNature, sinkTo } from "./destination.ts";
import { Life } from "./life.ts";
import { MemoryBucket, storeOf } from "./memoryStore.ts";
import { type Line, type ValidatedFile, validatedFile } from "./validatedFile.ts";

export const columns = [
  { name: "id", type: "integer" },
  { name: "text", type: "string" },
] as const;

export const folder = "s3://bucket/out/";
export const dataUri = "s3://bucket/in/orders.csv";

export const small: SinkLimits = { maxBatchesInFlight: 3, maxBatchMessages: 4, maxBatchBytes: 1 << 20 };

export interface AttemptOptions {
  readonly name?: string;
  readonly life?: Life;
  readonly signal?: AbortSignal;
  readonly nature?: SinkNature;
  readonly limits?: SinkLimits;
  readonly pieceBytes?: number;
  readonly drainMs?: number;
  readonly recordsPerMark?: number;
  readonly settings?: Partial<ProcessorSettings>;
}

export interface LogLine {
  readonly level: string;
  readonly event: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A validated file in a bucket, a destination, and attempts at delivering its chunks. */
export class World {
  readonly bucket = new MemoryBucket();
  readonly destination = new Destination();
  readonly log: LogLine[] = [];
  readonly metrics: ChunkMetrics[] = [];
  readonly file: ValidatedFile;
  readonly #chunk: number;
  #attempts = 0;
  #time = 0;

  constructor(lines: readonly Line[], { chunkSize = lines.length || 1, chunk = 0 } = {}) {
    this.file = validatedFile(lines, { columns, chunkSize });
    this.#chunk = chunk;
    this.validate();
  }

  /** Writes what the validator writes, as it does when a file is validated again. */
  validate(): void {
    const { data, chunks, manifest, rejected } = this.file;
    const etag = this.bucket.objects.get(dataUri)?.etag ?? this.bucket.set(dataUri, data);
    this.bucket.set(`${folder}rejected.bin`, rejected);
    this.bucket.set(`${folder}chunks.json`, JSON.stringify(chunks));
    const text = JSON.stringify(manifest({ uri: dataUri, size: data.length, etag }));
    this.bucket.set(`${folder}manifest.json`, text);
  }

  get settings(): ProcessorSettings {
    const { chunkId, startIndex, endIndex } = this.file.chunks[this.#chunk] as ValidatedFile["chunks"][number];
    return {
      chunkId,
      startIndex,
      endIndex,
      manifest: `${folder}manifest.json`,
      input: undefined,
      destination: { kind: "sqs_core", queueUrl: "http://127.0.0.1/queue", region: undefined },
      // Whenever there is something new: time stands still here but for the steps.
      checkpointSeconds: 0.003,
      recordKey: [],
      delimiter: undefined,
      quote: undefined,
      strayQuotes: "reject",
      encoding: undefined,
      maxRecordBytes: 1 << 20,
      threads: undefined,
      logLevel: "info",
      progress: "never",
      region: undefined,
      bucket: undefined,
      batchProcessingThreshold: 290_000,
      metrics: "none",
      metricsNamespace: "test",
    };
  }

  /** Indexes of the chunk's records that are to be delivered. */
  get wanted(): number[] {
    const { startIndex, endIndex } = this.settings;
    return this.file.good.filter((index) => index >= startIndex && index < endIndex);
  }

  /** One attempt. A killed one gives "killed"; everything else is as deliver has it. */
  async attempt(options: AttemptOptions = {}): Promise<ChunkResult | "killed"> {
    const { life = new Life(), nature = {}, limits = small, signal = new AbortController().signal } = options;
    const { name = `attempt-${++this.#attempts}`, pieceBytes = 64 } = options;
    const run = deliver(
      { ...this.settings, ...options.settings },
      {
        store: storeOf(this.bucket, life, { pieceBytes }),
        openSink: async () => ({ sink: sinkTo(this.destination, life, nature), limits }),
        log: this.#log(),
        now: () => {
          if (life.isOver) throw new Error("this process is dead");
          this.#time += 1;
          return this.#time;
        },
        attempt: name,
        signal,
        onMetrics: (metrics) => this.metrics.push(metrics),
        drainMs: options.drainMs ?? 60_000,
        recordsPerMark: options.recordsPerMark ?? 3,
      },
    );
    // Of a dead process nobody hears.
    run.catch(() => {});
    return Promise.race([run, life.death]);
  }

  events(): string[] {
    return this.log.map(({ event }) => event);
  }

  checkpoint(): Record<string, unknown> | undefined {
    const [uri] = this.bucket.uris(`${folder}checkpoints/`);
    return uri === undefined ? undefined : this.bucket.json(uri);
  }

  undeliverable(): Record<string, unknown>[] {
    return this.bucket
      .uris(`${folder}undeliverable/`)
      .flatMap((uri) => this.bucket.text(uri).split("\n").filter(Boolean))
      .map((line) => JSON.parse(line));
  }

  #log(): Log {
    const write =
      (level: string) =>
      (event: string, fields: Readonly<Record<string, unknown>> = {}) => {
        this.log.push({ level, event, fields });
      };
    return { info: write("info"), warn: write("warn"), error: write("error") };
  }
}

/** Whether an index is done with, as a checkpoint has it. */
export function isDoneIn(checkpoint: Record<string, unknown>, index: number): boolean {
  const ranges = checkpoint.doneBeyond as [number, number][];
  return index < (checkpoint.nextIndex as number) || ranges.some(([from, to]) => from <= index && index < to);
}

export function goodLine(id: number, text = `text ${id}`): Line {
  return { text: `${id},${text}\n`, kind: "good" };
}

export function goodLines(count: number): Line[] {
  return Array.from({ length: count }, (_, id) => goodLine(id));
}
