import { describe, expect, test } from "vitest";
import { s3Fault } from "../../../../workers/store/s3/s3Fault.ts";

const request = {
  uri: "s3://data/in\n.csv",
  action: "s3:GetObject",
  region: "eu-central-1",
  hasCredentialsService: false,
};

/** An error as the S3 client throws it. */
function refusal(name: string, status?: number, message = "said by S3"): Error {
  return Object.assign(new Error(message), {
    name,
    ...(status === undefined ? {} : { $metadata: { httpStatusCode: status } }),
  });
}

describe("an error that another attempt would not change has an outcome", () => {
  test.each([
    ["NoSuchKey", 404, "input-missing", "the object does not exist"],
    ["NotFound", 404, "input-missing", "the object does not exist"],
    ["NoSuchBucket", 404, "input-missing", "the bucket data does not exist"],
    ["InvalidObjectState", 403, "input-missing", "the object is archived"],
    ["AccessDenied", 403, "not-allowed", "s3:GetObject is not allowed"],
    ["Unknown", 403, "not-allowed", "s3:GetObject is not allowed"],
    ["AllAccessDisabled", 403, "not-allowed", "s3:GetObject is not allowed"],
    ["ExpiredToken", 400, "not-allowed", "the AWS credentials were rejected: ExpiredToken"],
    ["InvalidAccessKeyId", 403, "not-allowed", "the AWS credentials were rejected: InvalidAccessKeyId"],
    ["SignatureDoesNotMatch", 403, "not-allowed", "the AWS credentials were rejected: SignatureDoesNotMatch"],
    ["CredentialsProviderError", undefined, "not-allowed", "no AWS credentials were found"],
    ["PermanentRedirect", 301, "configuration", "the bucket data is not in eu-central-1"],
    ["AuthorizationHeaderMalformed", 400, "configuration", "the bucket data is not in eu-central-1"],
    ["KMS.DisabledException", 400, "configuration", "S3 rejects the request: KMS.DisabledException"],
    ["InvalidBucketName", 400, "configuration", "S3 rejects the request: InvalidBucketName"],
  ] as const)("%s (%s): %s", (name, status, outcome, what) => {
    const fault = s3Fault(refusal(name, status), request);
    expect(fault?.outcome).toBe(outcome);
    expect(fault?.message).toContain(`s3://data/in .csv: ${what}`);
    expect(fault?.message).toMatch(/ \(said by S3\)$/);
    expect(fault?.hint).toMatch(/\.$/);
  });
});

test.each([
  ["SlowDown", 503],
  ["InternalError", 500],
  ["ServiceUnavailable", 503],
  ["TooManyRequests", 429],
  ["RequestTimeout", 400],
  ["RequestTimeTooSkewed", 403],
  ["TimeoutError", undefined],
  ["Error", undefined],
] as const)("%s (%s) may pass, and is tried again", (name, status) => {
  expect(s3Fault(refusal(name, status), request)).toBeUndefined();
});

test("credentials that a job is told to fetch, and that do not come, may come the next time", () => {
  const fault = s3Fault(refusal("CredentialsProviderError"), { ...request, hasCredentialsService: true });
  expect(fault?.outcome).toBe("try-again");
});

test("a bucket that is missing for writing is a wrong setting, not a missing input", () => {
  const fault = s3Fault(refusal("NoSuchBucket", 404), { ...request, action: "s3:PutObject" });
  expect(fault?.outcome).toBe("configuration");
});

test("what a service says stays on one line and of bounded length", () => {
  const said = `first\r\n\u001b[31msecond\u2028${"x".repeat(5000)}`;
  const fault = s3Fault(refusal("AccessDenied", 403, said), request);
  expect(fault?.message).not.toMatch(/[\p{Cc}\u2028]/u);
  expect(fault?.message.length).toBeLessThan(600);
});
