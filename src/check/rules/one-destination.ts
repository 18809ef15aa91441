import { defineRule, type Finding } from "../../model/rule.ts";
import { workerOf } from "../../shared/contract.ts";
import { functionSetting, jobOf, jobSetting, type PlacedSetting } from "../rules-support/settingsOf.ts";

const environment = (changes: Readonly<Record<string, string | null>>) => ({
  documents: { "lambda-function.json": { environment: changes } },
});

export const oneDestination = defineRule({
  id: "one-destination",
  severity: "error",
  summary: "The processing job and the function deliver to the same destination, in the same form.",
  why:
    "The size of a chunk decides which of the two delivers its records. A topic or queue that differs splits " +
    "a file between two destinations, and a key or parsing setting that differs gives the records of one " +
    "file two forms. Nothing fails, so it can go unnoticed for long.",
  source: "schemas/worker-contract.json: both run the same program and read the same variables",
  examples: {
    good: [
      { shows: "another log level for the function", ...environment({ LOG_LEVEL: "debug" }) },
      { shows: "no function", documents: { "lambda-function.json": null } },
    ],
    bad: [
      { shows: "another topic", ...environment({ KAFKA_TOPIC: "orders-small" }) },
      {
        shows: "a literal topic that happens to equal the sample",
        ...environment({ KAFKA_TOPIC: "gss-dev-records" }),
      },
      { shows: "a key that the job does not have", ...environment({ RECORD_KEY: "customer_id" }) },
      { shows: "quotes that only the function keeps", ...environment({ CSV_STRAY_QUOTES: "keep" }) },
    ],
  },
  *check(subject) {
    const job = jobOf("processing", subject);
    // A job without a destination is a different fault.
    if (job === undefined || jobSetting(job, "RECORD_DESTINATION") === undefined) return;
    for (const document of subject.lambdaFunctions) {
      for (const name of meant) {
        const [own, other] = [functionSetting(document, name), jobSetting(job, name)];
        if (isSecret(job.value.container_properties.secrets, name) || alike(own, other, name)) continue;
        const finding: Pick<Finding, "expected" | "hint"> = {
          expected: other ? `${written(other)}, as in ${job.value.name}` : `no ${name}, as in ${job.value.name}`,
          hint: `give both the same ${name}, or leave it out in both`,
        };
        const pointer = `/environment/${name}`;
        yield { document, pointer, ...(own && { found: own.value }), ...finding };
      }
    }
  },
});

/** The variables that decide where a record goes and what it looks like there. */
const meant = [
  "RECORD_DESTINATION",
  "KAFKA_BROKERS",
  "KAFKA_TOPIC",
  "SQS_CORE_QUEUE",
  "S3_BUCKET",
  "RECORD_KEY",
  "CSV_DELIMITER",
  "CSV_QUOTE",
  "CSV_STRAY_QUOTES",
  "CSV_ENCODING",
  "MAX_RECORD_BYTES",
];

function isSecret(secrets: readonly { readonly name: string }[] = [], name: string): boolean {
  return secrets.some((secret) => secret.name === name);
}

/** A placeholder on one side and a literal value on the other are two sources, which agree only by chance. */
function alike(one: PlacedSetting | undefined, other: PlacedSetting | undefined, name: string): boolean {
  if (one !== undefined && other !== undefined && one.sampled !== other.sampled) return false;
  const byDefault = workerOf("processing").settings.find(({ variable }) => variable === name)?.default;
  return (one?.value ?? byDefault) === (other?.value ?? byDefault);
}

function written({ document, pointer, value }: PlacedSetting): string {
  const use = document.placeholders.find((placeholder) => placeholder.pointer === pointer);
  return use === undefined ? value : `\${${use.name}}`;
}
