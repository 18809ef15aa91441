/**
 * A hint of a worker for this machine: what on AWS is the matter of the job role is here that of the credentials of the
 * environment.
 */
export function localHint(hint: string): string {
  if (/^Give the job( definition)? a job role/.test(hint)) {
    return "set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, in the environment of this command";
  }
  return hint.replaceAll("the job role", "whose AWS credentials this environment holds");
}
