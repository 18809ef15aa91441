/** One word of shell: single quotes make everything inside them data, and a single quote is written outside of them. */
export function shellWord(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
