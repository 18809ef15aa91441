/**
 * How to reach a queue by its URL alone. Left to itself, the client complains on the console, at every call, of a URL that is
 * not on the host that it would have thought of: that of a VPC endpoint, of a local server, or one of the old names of SQS.
 */
export function sqsClientOptions(
  queueUrl: string,
  region: string,
): { readonly endpoint: string; readonly region: string } {
  const { origin, hostname } = new URL(queueUrl);
  // A call is signed for a region, and the queue may be in another one than the job.
  const [, ofHost] = /(?:^|\.)sqs\.([a-z0-9-]+)\.(?:vpce\.)?amazonaws\.com(?:\.cn)?$/.exec(hostname) ?? [];
  return { endpoint: origin, region: ofHost ?? region };
}
