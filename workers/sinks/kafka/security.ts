import type { SASLOptions } from "kafkajs";
import type { Secret } from "../../model/secret.ts";
import { cachedIamToken, type IamToken } from "./iamToken.ts";

/** How a worker authenticates to the brokers. */
export type KafkaSecurity =
  | { readonly kind: "none" }
  /** IAM of MSK, which requires TLS. */
  | { readonly kind: "iam"; readonly region: string }
  /** SCRAM-SHA-512. */
  | { readonly kind: "scram"; readonly username: string; readonly password: Secret };

export function saslOf(security: KafkaSecurity): SASLOptions | undefined {
  switch (security.kind) {
    case "none":
      return undefined;
    case "scram":
      return { mechanism: "scram-sha-512", username: security.username, password: security.password.reveal() };
    case "iam":
      return { mechanism: "oauthbearer", oauthBearerProvider: tokenProvider(security.region) };
  }
}

function tokenProvider(region: string): () => Promise<{ readonly value: string }> {
  let signer: Promise<() => Promise<IamToken>> | undefined;
  return cachedIamToken(async () => {
    signer ??= openSigner(region);
    return (await signer)();
  });
}

/** Loaded on demand: the signer includes a large part of the AWS SDK. */
async function openSigner(region: string): Promise<() => Promise<IamToken>> {
  const { generateAuthTokenFromCredentialsProvider } = await import("aws-msk-iam-sasl-signer-js");
  const { SQSClient } = await import("@aws-sdk/client-sqs");
  // By default, the signer creates a chain of credential providers for each token. The chain of a client caches what it
  // finds, and renews it in time; this client never sends a request.
  const awsCredentialsProvider = new SQSClient({ region }).config.credentials;
  return () => generateAuthTokenFromCredentialsProvider({ region, awsCredentialsProvider });
}
