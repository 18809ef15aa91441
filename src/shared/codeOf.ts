/** The code of an error of the system or of zlib, such as "ENOENT"; undefined when it has none. */
export function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : undefined;
}

/** Our own error or a library's: it would be no different the next time, and must not be lost behind "no answer". */
export function isProgrammingError(error: unknown): boolean {
  return [TypeError, RangeError, ReferenceError, SyntaxError].some((kind) => error instanceof kind);
}
