import { isProgrammingError } from "../../../src/shared/codeOf.ts";
import { WorkerFault } from "../../model/fault.ts";

/** The fault of a client error that ended a call, or undefined when it may be temporary. */
export function faultOf(error: unknown): WorkerFault | undefined {
  const { name, message, status } = shapeOf(error);
  // An error about a response has the response's status, even if the response is a proxy's page instead of JSON.
  if (isProgrammingError(error) && status === undefined)
    return new WorkerFault("bug", `sending to SQS failed (${name}: ${message})`, { cause: error });
  if (isAccessDenied(error))
    return new WorkerFault("not-allowed", `SQS does not allow sending to the queue (${name}: ${message})`, {
      id: "queue-not-allowed",
      cause: error,
    });
  if (/^(KMS|Kms)\.?(AccessDenied|Disabled|InvalidKeyUsage|InvalidState|NotFound|OptInRequired)/.test(name))
    return new WorkerFault(
      "not-allowed",
      `the key that the queue is encrypted with cannot be used (${name}: ${message})`,
      {
        id: "queue-key-not-allowed",
        cause: error,
      },
    );
  if (missing.has(name))
    return new WorkerFault("configuration", `the SQS queue does not exist (${message})`, {
      hint: "Create the queue, or correct SQS_CORE_QUEUE and AWS_REGION.",
      cause: error,
    });
  if (name === "CredentialsProviderError")
    return new WorkerFault("not-allowed", `no AWS credentials were found to send to SQS with (${message})`, {
      id: "no-credentials",
      cause: error,
    });
  // The client's own timeout and connection errors have no status; throttling is one of the 4xx, and temporary.
  if (
    status === undefined ||
    // A successful response that cannot be parsed.
    status < 400 ||
    status >= 500 ||
    status === 429 ||
    /thrott|TooManyRequests|LimitExceeded|Timeout/i.test(name)
  )
    return undefined;
  return new WorkerFault("configuration", `SQS rejects the call (${name}: ${message})`, {
    hint: "Check the settings of the queue.",
    cause: error,
  });
}

/** The total size of a call is more than the queue accepts. */
export function isTooLong(error: unknown): boolean {
  return /BatchRequestTooLong/.test(shapeOf(error).name);
}

export function isAccessDenied(error: unknown): boolean {
  const { name, status } = shapeOf(error);
  // RequestThrottled has also had the status 403.
  if (/thrott/i.test(name)) return false;
  return status === 403 || refusals.has(name) || /^AccessDenied/.test(name);
}

/** The fault of a queue that was unavailable for too long. */
export function awayFor(seconds: number, reason: string): WorkerFault {
  return new WorkerFault("try-again", `SQS accepted nothing for ${seconds} s (${reason})`, {
    hint: "Check that the job can reach SQS (a route or a VPC endpoint), and whether the account is throttled.",
  });
}

const missing: ReadonlySet<string> = new Set([
  "AWS.SimpleQueueService.NonExistentQueue",
  "InvalidAddress",
  "QueueDoesNotExist",
]);

const refusals: ReadonlySet<string> = new Set([
  "AuthFailure",
  "ExpiredToken",
  "ExpiredTokenException",
  "IncompleteSignature",
  "InvalidClientTokenId",
  "InvalidSecurity",
  "SignatureDoesNotMatch",
  "UnrecognizedClientException",
]);

function shapeOf(error: unknown): {
  readonly name: string;
  readonly message: string;
  readonly status: number | undefined;
} {
  if (!(error instanceof Error)) return { name: "Error", message: String(error), status: undefined };
  const { $metadata: metadata } = error as { readonly $metadata?: { readonly httpStatusCode?: number } };
  return { name: error.name, message: error.message, status: metadata?.httpStatusCode };
}
