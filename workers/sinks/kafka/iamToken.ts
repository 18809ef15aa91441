/** A signed AWS IAM token, and when it expires: milliseconds since 1970. */
export interface IamToken {
  readonly token: string;
  readonly expiryTime: number;
}

/**
 * Returns a token until four fifths of its lifetime are over, then signs the next. Every connection requests one, and
 * again when its session is renewed: signing each time would request credentials each time, and those requests are
 * limited.
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
      // Other callers wait for the same signature.
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
