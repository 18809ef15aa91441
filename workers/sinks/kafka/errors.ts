import errors from "kafkajs/src/protocol/error.js";
import { isProgrammingError } from "../../../src/shared/codeOf.ts";
import { quoted } from "../../../src/shared/text.ts";
import { WorkerFault } from "../../model/fault.ts";

/** What to do about an error code that Kafka returned for the records of a partition. */
export type ProduceVerdict =
  | { readonly kind: "stored" | "too-large" | "invalid" | "try-again" }
  | { readonly kind: "fault"; readonly fault: WorkerFault };

export function verdictOf(code: number, topic: string): ProduceVerdict {
  switch (code) {
    case 0:
      return { kind: "stored" };
    // MESSAGE_TOO_LARGE, RECORD_LIST_TOO_LARGE, INVALID_RECORD: at least one of the messages is rejected for good.
    case 10:
    case 18:
    case 87:
      return { kind: code === 87 ? "invalid" : "too-large" };
    // UNKNOWN_SERVER_ERROR, which kafkajs does not retry but Kafka's own producer does.
    case -1:
      return { kind: "try-again" };
  }
  const error = errors.createErrorFromCode(code);
  return error.retriable || passing.has(code)
    ? { kind: "try-again" }
    : { kind: "fault", fault: faultOf(error, topic) ?? unexpected(error, topic) };
}

/** Temporary codes that kafkajs 2.2.4 does not support yet: THROTTLING_QUOTA_EXCEEDED. */
const passing: ReadonlySet<number> = new Set([89]);

/** The fault of a kafkajs error, or undefined when it may be temporary. */
export function faultOf(error: unknown, topic: string): WorkerFault | undefined {
  const { cause, name, type, code, message } = innermost(error);
  if (isProgrammingError(cause)) {
    return new WorkerFault("bug", `sending to Kafka failed (${name}: ${message})`, { cause: error });
  }
  if (type === "UNKNOWN_TOPIC_OR_PARTITION")
    return new WorkerFault("configuration", `the Kafka topic ${quoted(topic)} does not exist`, {
      hint: "Create the topic, or correct KAFKA_TOPIC. Topics are never created by sending to them.",
      cause: error,
    });
  if (type === "INVALID_TOPIC_EXCEPTION")
    return new WorkerFault("configuration", `${quoted(topic)} is not a valid name for a Kafka topic`, {
      hint: "Correct KAFKA_TOPIC: letters, digits, '.', '_' and '-', at most 249 characters.",
      cause: error,
    });
  if (type === "TOPIC_AUTHORIZATION_FAILED" || type === "CLUSTER_AUTHORIZATION_FAILED")
    return new WorkerFault("not-allowed", `Kafka does not allow sending to the topic ${quoted(topic)}`, {
      id: "topic-not-allowed",
      cause: error,
    });
  // MSK accepts a limited number of IAM connections per second, and returns this error to the others.
  if (/too many connects/i.test(message)) return undefined;
  if (name === "KafkaJSSASLAuthenticationError" || type === "SASL_AUTHENTICATION_FAILED")
    return new WorkerFault("not-allowed", `the Kafka broker rejected the credentials (${message})`, {
      id: "broker-not-allowed",
      cause: error,
    });
  if (name === "CredentialsProviderError")
    return new WorkerFault("not-allowed", `no AWS credentials were found to sign the Kafka token with (${message})`, {
      id: "no-credentials",
      cause: error,
    });
  if (type === "UNSUPPORTED_SASL_MECHANISM" || type === "ILLEGAL_SASL_STATE")
    return new WorkerFault("configuration", `the Kafka broker does not support this authentication (${message})`, {
      hint: "The port must match KAFKA_SECURITY: MSK uses 9098 for IAM, 9096 for SCRAM, 9094 for TLS alone.",
      cause: error,
    });
  if (certificateCodes.has(code ?? ""))
    return new WorkerFault("configuration", `the certificate of the Kafka broker is not trusted (${message})`, {
      hint: "Check the host names in KAFKA_BROKERS, or add the certificate authority with NODE_EXTRA_CA_CERTS.",
      cause: error,
    });
  return undefined;
}

const certificateCodes: ReadonlySet<string> = new Set([
  "CERT_HAS_EXPIRED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);

/** The fault of a broker that was unavailable for too long. */
export function awayFor(seconds: number, error: unknown): WorkerFault {
  const { message } = innermost(error);
  return new WorkerFault("try-again", `Kafka accepted nothing for ${seconds} s (${message})`, {
    hint: "Check that the brokers of KAFKA_BROKERS are running, and that the security group lets the job reach them.",
    cause: error,
  });
}

/** The fault of a rejection by error code. */
export function errorOfCode(code: number): Error {
  return errors.createErrorFromCode(code);
}

function unexpected(error: Error & { readonly type?: string }, topic: string): WorkerFault {
  return new WorkerFault(
    "configuration",
    `Kafka rejects records for the topic ${quoted(topic)}: ${error.type ?? error.name} (${error.message})`,
    { hint: "Check the settings of the topic and of the broker.", cause: error },
  );
}

interface KafkajsError {
  readonly cause: unknown;
  readonly name: string;
  readonly message: string;
  readonly type: string | undefined;
  readonly code: string | undefined;
}

/** kafkajs wraps an error once in each layer that gave up. */
function innermost(error: unknown): KafkajsError {
  let inner = error;
  for (let depth = 0; depth < 10; depth++) {
    if (!(inner instanceof Error) || !wrappers.has(inner.name) || !(inner.cause instanceof Error)) break;
    inner = inner.cause;
  }
  const { type, code } = inner as { readonly type?: unknown; readonly code?: unknown };
  return {
    cause: inner,
    name: inner instanceof Error ? inner.name : "Error",
    message: inner instanceof Error ? inner.message : String(inner),
    type: typeof type === "string" ? type : undefined,
    code: typeof code === "string" ? code : undefined,
  };
}

const wrappers: ReadonlySet<string> = new Set(["KafkaJSNumberOfRetriesExceeded", "KafkaJSNonRetriableError"]);

export function noPartitions(topic: string): WorkerFault {
  return new WorkerFault("configuration", `the Kafka topic ${quoted(topic)} has no partitions`, {
    hint: "Create the topic again.",
  });
}

export function wantsKey(topic: string): WorkerFault {
  return new WorkerFault("configuration", `the Kafka topic ${quoted(topic)} rejects messages without a key`, {
    hint: "The topic is compacted. Set RECORD_KEY to the columns that form the key.",
  });
}
