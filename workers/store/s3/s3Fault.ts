import { oneLine } from "../../../src/shared/text.ts";
import { type Outcome, WorkerFault } from "../../model/fault.ts";

export interface S3Request {
  readonly uri: string;
  /** The IAM action that it needs, as `s3:GetObject`. */
  readonly action: string;
  readonly region: string;
  /** Where the process is told to fetch its credentials, as AWS Batch tells every job that has a role. */
  readonly hasCredentialsService: boolean;
}

/**
 * What an error of the S3 client means when another attempt would not help: input-missing, not-allowed or configuration.
 * Undefined for what may pass: throttling, errors of the service, and everything between here and there.
 */
export function s3Fault(error: unknown, request: S3Request): WorkerFault | undefined {
  const { uri, action, region } = request;
  const { name, status, said } = partsOf(error);
  const bucket = /^s3:\/\/([^/]*)/.exec(uri)?.[1] ?? "";
  const text = (what: string) => `${oneLine(uri)}: ${what}${said === "" ? "" : ` (${said})`}`;
  const fault = (outcome: Outcome, what: string, hint: string) =>
    new WorkerFault(outcome, text(what), { hint, cause: error });

  if (name === "CredentialsProviderError") {
    // A job that has a role is told where its credentials are; when they do not come from there, they may the next time.
    if (request.hasCredentialsService) {
      return fault(
        "try-again",
        "the credentials of the role cannot be fetched now",
        "Usually nothing: AWS Batch tries again.",
      );
    }
    return new WorkerFault("not-allowed", text("there are no AWS credentials"), { id: "no-credentials", cause: error });
  }
  if (passing.has(name)) return undefined;
  if (refusedCredentials.has(name)) {
    return fault("not-allowed", `the AWS credentials are refused: ${name}`, "Use credentials that are valid now.");
  }
  if (name === "NoSuchBucket") {
    const hint = "Correct the name, or create the bucket; see also that the region and the account are the right ones.";
    return fault(
      action === "s3:PutObject" ? "configuration" : "input-missing",
      `there is no bucket ${oneLine(bucket)}`,
      hint,
    );
  }
  if (name === "InvalidObjectState") {
    return fault(
      "input-missing",
      "the object is archived and cannot be read",
      "Restore it first (aws s3api restore-object).",
    );
  }
  if (status === 404)
    return fault("input-missing", "there is no such object", "Correct the name, or put the object in place.");
  if (status === 403 || status === 401) {
    return fault("not-allowed", `${action} is not allowed`, notAllowedHint(action));
  }
  if (status === 301 || status === 307 || elsewhere.has(name)) {
    return fault(
      "configuration",
      `the bucket ${oneLine(bucket)} is not in ${region}`,
      "Set AWS_REGION to the region of the bucket.",
    );
  }
  if (name === "EndpointError" || (status !== undefined && status >= 400 && status < 500 && status !== 429)) {
    return fault(
      "configuration",
      `S3 refuses the request: ${name}`,
      "Correct the name of the bucket and the settings of S3.",
    );
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

function notAllowedHint(action: string): string {
  const allow = `Allow the role ${action} on this object, and the use of its KMS key if it is encrypted with one.`;
  // S3 does not tell somebody who may not list a bucket whether an object is there.
  return action === "s3:GetObject"
    ? `${allow} A missing object is answered like this too, unless the role has s3:ListBucket on the bucket.`
    : allow;
}

/** The HTTP status of an error of the S3 client; undefined when there was no answer. */
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
  // An answer without a body, as to HEAD, has the name "Unknown" and a message that says as little.
  const said = /^Unknown(Error)?$/.test(error.message) || error.message === error.name ? "" : oneLine(error.message);
  return { name: error.name, status: $metadata?.httpStatusCode, said };
}
