import type { Secret } from "./secret.ts";

/** Where the records go, as the settings say. */
export type Destination =
  | { readonly kind: "kafka"; readonly kafka: KafkaSettings }
  | { readonly kind: "sqs_core"; readonly queueUrl: string }
  /** s3:// or file:// uri. */
  | { readonly kind: "file"; readonly uri: string }
  | { readonly kind: "stdout" };

export interface KafkaSettings {
  /** Comma-separated or a JSON array, as given. */
  readonly brokers: string;
  readonly topic: string;
  readonly security: KafkaSecurity;
  readonly tls: boolean;
  readonly compression: "auto" | "zstd" | "gzip" | "none";
}

/** How a worker proves to the brokers who it is. */
export type KafkaSecurity =
  | { readonly kind: "none" }
  /** Of MSK, which offers it over TLS only. */
  | { readonly kind: "iam"; readonly region: string }
  /** SCRAM-SHA-512. */
  | { readonly kind: "scram"; readonly username: string; readonly password: Secret };
