import { createHash, createHmac } from "node:crypto";

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

/** Of an emulator that checks nothing. */
export const anyCredentials: Credentials = { accessKeyId: "test", secretAccessKey: "test" };

export interface SignedCall {
  readonly endpoint: string;
  /** As signatures name it, such as states or iam. */
  readonly service: string;
  readonly credentials: Credentials;
  readonly contentType: string;
  /** What the call is, where a header says so. */
  readonly target?: string;
  readonly body: string;
}

/**
 * Calls a service of AWS of which the tests have no client, signed with version 4. Gives the text of the answer; throws
 * an AwsRefused for any status but 200.
 */
export async function signedCall(call: SignedCall): Promise<string> {
  const { endpoint, service, credentials, contentType, target, body } = call;
  const url = new URL(endpoint);
  const time = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
  const headers: Record<string, string> = {
    "content-type": contentType,
    host: url.host,
    "x-amz-date": time,
    ...(credentials.sessionToken === undefined ? {} : { "x-amz-security-token": credentials.sessionToken }),
    ...(target === undefined ? {} : { "x-amz-target": target }),
  };
  const names = Object.keys(headers).sort();
  const canonicalHeaders = names.map((name) => `${name}:${headers[name]}\n`).join("");
  const canonical = ["POST", "/", "", canonicalHeaders, names.join(";"), sha256(body)].join("\n");
  const scope = `${time.slice(0, 8)}/${region}/${service}/aws4_request`;
  const toSign = ["AWS4-HMAC-SHA256", time, scope, sha256(canonical)].join("\n");
  const key = scope
    .split("/")
    .reduce<string | Buffer>((secret, part) => hmac(secret, part), `AWS4${credentials.secretAccessKey}`);
  const signature = hmac(key, toSign).toString("hex");
  const authorization = `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${names.join(";")}, Signature=${signature}`;
  const { host: _, ...sent } = headers;
  const response = await fetch(url, { method: "POST", headers: { ...sent, authorization }, body });
  const text = await response.text();
  if (response.status !== 200) throw new AwsRefused(target ?? service, response.status, text);
  return text;
}

export class AwsRefused extends Error {
  readonly status: number;

  constructor(what: string, status: number, text: string) {
    super(`${what} was answered with status ${status}: ${text}`);
    this.name = "AwsRefused";
    this.status = status;
  }
}

const region = "us-east-1";

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
