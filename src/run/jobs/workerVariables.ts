/**
 * Variables of this process that the workers get beside those of the job definition: what programs need everywhere, and what on AWS comes
 * from the job role and from the secrets of the job.
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

/** Of AWS all but the region, which the definitions name. */
function isHandedOn(name: string): boolean {
  if (names.has(name)) return true;
  return (
    name.startsWith("AWS_") &&
    !["AWS_REGION", "AWS_DEFAULT_REGION"].includes(name) &&
    !/^AWS_(BATCH|LAMBDA)_/.test(name)
  );
}
