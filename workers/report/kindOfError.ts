/** What errors of one kind have in common, as a key: the columns and rules of a file are data, so no separator is safe. */
export function kindOfError({ column, rule, expected }: KindOfError): string {
  return JSON.stringify([column, rule, expected]);
}

interface KindOfError {
  readonly column: string | null;
  readonly rule: string;
  readonly expected: string;
}
