import type { AccessFaultId } from "../../../src/shared/accessHints.ts";
import { oneLine } from "../../../src/shared/text.ts";
import { type Outcome, WorkerFault } from "../../model/fault.ts";

export interface S3Request {
  readonly uri: string;
  /** The IAM action that it needs, such as `s3:GetObject`. */
  readonly action: string;
  readonly region: string;
  /** The environment defines where to fetch credentials, as in every AWS Batch job with a role. */
  readonly hasCredentialsService: boolean;
}

/**
 * What an error of the S3 client means when another attempt would not help: input-missing, not-allowed or
 * configuration. Undefined for temporary errors: throttling, errors of the service, and network errors.
 */
export function s3Fault(error: unknown, request: S3Request): WorkerFault | undefined {
  const { name, status, said } = partsOf(error);
  const meaning = meaningOf(name, status, request);
  if (meaning === undefined) return undefined;
  const { outcome, what, hint, id } = meaning;
  const detail = said === "" ? "" : ` (${said})`;
  return new WorkerFault(outcome, `${oneLine(request.uri)}: ${what}${detail}`, { hint, id, cause: error });
}

interface Meaning {
  readonly outcome: Outcome;
  readonly what: string;
  /** One of these two. */
  readonly hint?: string;
  readonly id?: AccessFaultId;
}

function meaningOf(name: string, status: number | undefined, request: S3Request): Meaning | undefined {
  if (name === "CredentialsProviderError") return request.hasCredentialsService ? noCredentialsNow : noCredentials;
  if (passing.has(name)) return undefined;
  if (refusedCredentials.has(name)) return credentialsRefused(name);
  if (name === "NoSuchBucket") return noBucket(request);
  if (name === "InvalidObjectState") return archived;
  if (status === 404) return noObject;
  if (status === 403 || status === 401) return notAllowed(request);
  if (status === 301 || status === 307 || elsewhere.has(name)) return otherRegion(request);
  if (name === "EndpointError" || (status !== undefined && status >= 400 && status < 500 && status !== 429)) {
    return requestRefused(name);
  }
  return undefined;
}

const passing = new Set(["RequestTimeout", "RequestTimeTooSkewed", "SlowDown", "ThrottlingException", "Throttling"]);

const refusedCredentials = new Set([
  "ExpiredToken",
  "ExpiredTokenException",
  "InvalidAccessKeyId",
  "InvalidToken",
  "SignatureDoesNotMatch",
  "UnrecognizedClientException",
]);

const elsewhere = new Set(["PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException"]);

const noCredentials: Meaning = {
  outcome: "not-allowed",
  what: "no AWS credentials were found",
  id: "no-credentials",
};

/** A job with a role has a source of credentials; when it fails, it may work the next time. */
const noCredentialsNow: Meaning = {
  outcome: "try-again",
  what: "the credentials of the role cannot be fetched at the moment",
  hint: "Usually nothing: AWS Batch tries again.",
};

function credentialsRefused(name: string): Meaning {
  const what = `the AWS credentials were rejected: ${name}`;
  return { outcome: "not-allowed", what, hint: "Use credentials that are currently valid." };
}

function noBucket({ uri, action }: S3Request): Meaning {
  return {
    outcome: action === "s3:PutObject" ? "configuration" : "input-missing",
    what: `the bucket ${bucketOf(uri)} does not exist`,
    hint: "Correct the name or create the bucket, and check that the region and the account are right.",
  };
}

const archived: Meaning = {
  outcome: "input-missing",
  what: "the object is archived and cannot be read",
  hint: "Restore it first (aws s3api restore-object).",
};

const noObject: Meaning = {
  outcome: "input-missing",
  what: "the object does not exist",
  hint: "Correct the name, or upload the object.",
};

function notAllowed({ action }: S3Request): Meaning {
  const allow = `Allow the role ${action} on this object, and the use of its KMS key if it is encrypted with one.`;
  // S3 does not reveal whether an object exists to a role that may not list the bucket.
  const hint =
    action === "s3:GetObject"
      ? `${allow} S3 reports a missing object in the same way, unless the role has s3:ListBucket on the bucket.`
      : allow;
  return { outcome: "not-allowed", what: `${action} is not allowed`, hint };
}

function otherRegion({ uri, region }: S3Request): Meaning {
  const what = `the bucket ${bucketOf(uri)} is not in ${region}`;
  return { outcome: "configuration", what, hint: "Set AWS_REGION to the region of the bucket." };
}

function requestRefused(name: string): Meaning {
  const what = `S3 rejects the request: ${name}`;
  return { outcome: "configuration", what, hint: "Check the name of the bucket and its settings." };
}

function bucketOf(uri: string): string {
  return oneLine(/^s3:\/\/([^/]*)/.exec(uri)?.[1] ?? "");
}

/** The HTTP status of an error of the S3 client; undefined when there was no response. */
export function statusOf(error: unknown): number | undefined {
  return partsOf(error).status;
}

function partsOf(error: unknown): {
  readonly name: string;
  readonly status: number | undefined;
  readonly said: string;
} {
  if (!(error instanceof Error)) return { name: "", status: undefined, said: "" };
  const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
  // A response without a body, as to HEAD, has the name "Unknown" and a message without information.
  const said = /^Unknown(Error)?$/.test(error.message) || error.message === error.name ? "" : oneLine(error.message);
  return { name: error.name, status: $metadata?.httpStatusCode, said };
}
