import type { Destination } from "../sinks/index.ts";
import type { MaxInvalid } from "./readValue.ts";

export type { MaxInvalid };

export interface SharedSettings {
  /** One ASCII character; undefined: detected. */
  readonly delimiter: string | undefined;
  readonly quote: string | undefined;
  readonly strayQuotes: "reject" | "keep";
  /** A label of the WHATWG Encoding Standard, not yet resolved; undefined: detected. */
  readonly encoding: string | undefined;
  readonly maxRecordBytes: number;
  /** Undefined: one per processor. */
  readonly threads: number | undefined;
  readonly logLevel: "debug" | "info" | "warn" | "error";
  readonly progress: "auto" | "always" | "never";
  readonly region: string | undefined;
  readonly bucket: string | undefined;
  /** Chunks of more records run on AWS Batch. */
  readonly batchProcessingThreshold: number;
  readonly metrics: "auto" | "emf" | "none";
  readonly metricsNamespace: string;
}

export interface ValidatorSettings extends SharedSettings {
  /** s3:// or file:// uri. */
  readonly input: string;
  /** s3:// or file:// uri that ends in a slash. */
  readonly output: string;
  /** Undefined: only the structure is checked. */
  readonly schema: string | undefined;
  readonly maxInvalid: MaxInvalid;
  readonly chunkSize: number;
  readonly maxSamples: number;
  /** Undefined: all of them. */
  readonly maxRejects: number | undefined;
  readonly uniqueMemoryMebibytes: number;
}

export interface ProcessorSettings extends SharedSettings {
  readonly chunkId: string;
  readonly startIndex: number;
  /** Exclusive; at least startIndex. */
  readonly endIndex: number;
  /** Either this or `input`, as an s3:// or file:// uri. */
  readonly manifest: string | undefined;
  readonly input: string | undefined;
  readonly destination: Destination;
  readonly checkpointSeconds: number;
  /** Columns whose values form the key of a message. */
  readonly recordKey: readonly string[];
}
