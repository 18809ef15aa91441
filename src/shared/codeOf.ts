/** The code of an error of the system or of zlib, such as "ENOENT"; undefined when it has none. */
export function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : undefined;
}

/** A bug of ours or of a library: a retry would not help, and "no answer" must not hide it. */
export function isProgrammingError(error: unknown): boolean {
  return [TypeError, RangeError, ReferenceError, SyntaxError].some((kind) => error instanceof kind);
}
