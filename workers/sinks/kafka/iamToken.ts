/** A signed token of AWS IAM, and when it ends: milliseconds since 1970. */
export interface IamToken {
  readonly token: string;
  readonly expiryTime: number;
}

/**
 * Hands out a token until four fifths of its life are over, then signs the next. Every connection asks, and asks again
 * when its session is renewed: signing each time would ask for credentials each time, and those answers are limited.
 */
export function cachedIamToken(
  sign: () => Promise<IamToken>,
  now: () => number = Date.now,
): () => Promise<{ readonly value: string }> {
  let current: Promise<{ readonly value: string; readonly freshUntil: number }> | undefined;
  let freshUntil = Number.NEGATIVE_INFINITY;
  return async () => {
    if (current === undefined || now() >= freshUntil) {
      const signedAt = now();
      // Until the signature is there, whoever else asks waits for it too.
      freshUntil = Number.POSITIVE_INFINITY;
      current = sign().then(
        ({ token, expiryTime }) => {
          freshUntil = signedAt + (expiryTime - signedAt) * 0.8;
          return { value: token, freshUntil };
        },
        (error: unknown) => {
          current = undefined;
          throw error;
        },
      );
    }
    const { value } = await current;
    return { value };
  };
}
