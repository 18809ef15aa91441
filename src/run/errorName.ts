/** The error of the function for an outcome of the workers: "data-refused" is DataRefused. */
export function errorNameOf(outcome: string): string {
  return outcome.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
