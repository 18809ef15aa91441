/**
 * The name of an attempt, from what is known of it and a random part: two processes never have the same one, also where
 * nothing is known. Fit for a file name, whatever it is made of.
 */
export function attemptName(known: { job: string | undefined; attempt: number; random: string }): string {
  const { job = "local", attempt, random } = known;
  return [job, String(attempt), random].map((part) => part.replace(/[^A-Za-z0-9-]/g, "-").slice(0, 64)).join(".");
}
