/**
 * Variables of this process that the workers get in addition to those of the job definition: those that every program needs,
 * and those that the job role and the secrets of the job provide on AWS.
 */
export function workerVariables(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && isHandedOn(entry[0]),
    ),
  );
}

const names: ReadonlySet<string> = new Set([
  "PATH",
  "HOME",
  "TMPDIR",
  "TZ",
  "LANG",
  "TERM",
  "NO_COLOR",
  "NODE_EXTRA_CA_CERTS",
  "NODE_COMPILE_CACHE",
  "KAFKA_USERNAME",
  "KAFKA_PASSWORD",
]);

/** All AWS variables except the region, which the definitions set. */
function isHandedOn(name: string): boolean {
  if (names.has(name)) return true;
  return (
    name.startsWith("AWS_") &&
    !["AWS_REGION", "AWS_DEFAULT_REGION"].includes(name) &&
    !/^AWS_(BATCH|LAMBDA)_/.test(name)
  );
}
