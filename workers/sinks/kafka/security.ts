import type { SASLOptions } from "kafkajs";
import type { Secret } from "../../model/secret.ts";
import { cachedIamToken, type IamToken } from "./iamToken.ts";

/** How a worker proves to the brokers who it is. */
export type KafkaSecurity =
  | { readonly kind: "none" }
  /** Of MSK, which offers it over TLS only. */
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

/** Loaded when it is needed: the signer brings a large part of the AWS SDK along. */
async function openSigner(region: string): Promise<() => Promise<IamToken>> {
  const { generateAuthTokenFromCredentialsProvider } = await import("aws-msk-iam-sasl-signer-js");
  const { SQSClient } = await import("@aws-sdk/client-sqs");
  // Left to itself, the signer makes a chain of credential providers for each token. The one of a client remembers what it
  // found, and renews it in time; no request is ever sent by this client.
  const awsCredentialsProvider = new SQSClient({ region }).config.credentials;
  return () => generateAuthTokenFromCredentialsProvider({ region, awsCredentialsProvider });
}
