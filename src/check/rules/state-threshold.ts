import type { ChoiceRule } from "../../derived/types.ts";
import type { TemplateDocument } from "../../model/document.ts";
import { defineRule, type Finding, type Subject } from "../../model/rule.ts";
import { isSample } from "../rules-support/samples.ts";
import { statesOf } from "../rules-support/scopes.ts";
import { functionSetting, jobOf, jobSetting, type PlacedSetting } from "../rules-support/settingsOf.ts";

const route = (comparison: Readonly<Record<string, unknown>>) => ({
  documents: {
    "example.asl.json": {
      StartAt: "Route",
      States: {
        Route: {
          Type: "Choice",
          Choices: [
            {
              And: [
                { Variable: "$.chunkSize", IsNumeric: true },
                { Variable: "$.chunkSize", ...comparison },
              ],
              Next: "Batch",
            },
          ],
          Default: "Lambda",
        },
        Batch: { Type: "Pass", End: true },
        Lambda: { Type: "Pass", End: true },
      },
    },
  },
});
const validation = (environment: readonly { readonly name: string; readonly value: string }[]) => ({
  documents: { "batch-validation-job.json": { container_properties: { environment } } },
});

export const stateThreshold = defineRule({
  id: "state-threshold",
  severity: "error",
  summary: "The Choice routes a chunk as BATCH_PROCESSING_THRESHOLD of the jobs and of the function specifies.",
  why:
    "The number is in several documents. When they differ, reports and logs name one route and the state " +
    "machine uses the other, and a chunk that is too large for the function's timeout is sent there again and " +
    "again.",
  source: "https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html",
  examples: {
    good: [
      { shows: "more than the threshold", ...route({ NumericGreaterThan: 290_000 }) },
      { shows: "the same, expressed differently", ...route({ NumericGreaterThanEquals: 290_001 }) },
      { shows: "the same condition with the routes swapped", ...route({ NumericLessThan: 290_001 }) },
    ],
    bad: [
      { shows: "another number", ...route({ NumericGreaterThan: 29_000 }) },
      { shows: "the threshold itself on the other route", ...route({ NumericGreaterThanEquals: 290_000 }) },
      {
        shows: "a function with another number",
        documents: { "lambda-function.json": { environment: { BATCH_PROCESSING_THRESHOLD: "100000" } } },
      },
      {
        shows: "no chunk is large enough for AWS Batch",
        ...validation([
          { name: "AWS_REGION", value: "${AWS_REGION}" },
          { name: "S3_BUCKET", value: "${S3_BUCKET}" },
          { name: "BATCH_PROCESSING_THRESHOLD", value: "290000" },
          { name: "CHUNK_SIZE", value: "200000" },
        ]),
      },
    ],
  },
  *check(subject) {
    const settings = settingsOf(subject);
    const [first] = settings;
    if (first === undefined) return;
    const threshold = Number(first.value);
    for (const { document, pointer, value } of settings) {
      if (Number(value) !== threshold) yield { document, pointer, found: value, ...wanted(threshold) };
    }
    for (const machine of subject.stateMachines) {
      for (const { pointer, found, threshold: own } of comparisonsIn(machine)) {
        if (own === threshold || isSample(machine, pointer)) continue;
        yield { document: machine, pointer, found, ...wanted(threshold) };
      }
    }
    yield* smallChunks(subject, threshold);
  },
});

/** The threshold wherever it is a literal, that of the processing job first. */
function settingsOf(subject: Subject): readonly PlacedSetting[] {
  const jobs = [jobOf("processing", subject), jobOf("validation", subject)];
  const found = [
    ...jobs.map((document) => document && jobSetting(document, variable)),
    ...subject.lambdaFunctions.map((document) => functionSetting(document, variable)),
  ];
  return found.filter((setting) => setting !== undefined).filter(({ sampled }) => !sampled);
}

const variable = "BATCH_PROCESSING_THRESHOLD";

function wanted(threshold: number): Pick<Finding, "expected" | "hint"> {
  return {
    expected: `the threshold ${threshold}, as in ${variable} of the jobs`,
    hint: "set batch_processing_threshold in the config, and it is the same everywhere",
  };
}

interface Comparison {
  readonly pointer: string;
  readonly found: number;
  /** The maximum number of records of a small chunk. */
  readonly threshold: number;
}

function comparisonsIn(machine: TemplateDocument<Subject["stateMachines"][number]["value"]>): readonly Comparison[] {
  return statesOf(machine).flatMap(({ state, pointer }) =>
    (state.Choices ?? []).flatMap((choice, index) => comparisonsWithin(choice, `${pointer}/Choices/${index}`)),
  );
}

function comparisonsWithin(rule: ChoiceRule, pointer: string): readonly Comparison[] {
  const below = [
    ...(rule.And ?? []).flatMap((part, index) => comparisonsWithin(part, `${pointer}/And/${index}`)),
    ...(rule.Or ?? []).flatMap((part, index) => comparisonsWithin(part, `${pointer}/Or/${index}`)),
    ...(rule.Not ? comparisonsWithin(rule.Not, `${pointer}/Not`) : []),
  ];
  if (!/(?:^|[.'"])chunkSize(?:['"]\])?$/.test(rule.Variable ?? "")) return below;
  const own = Object.entries(minimums).flatMap(([key, change]) => {
    const found = rule[key];
    return typeof found === "number" ? [{ pointer: `${pointer}/${key}`, found, threshold: found + change }] : [];
  });
  return [...below, ...own];
}

const minimums: Readonly<Record<string, number>> = {
  NumericGreaterThan: 0,
  NumericGreaterThanEquals: -1,
  NumericLessThan: -1,
  NumericLessThanEquals: 0,
};

function* smallChunks(subject: Subject, threshold: number): Iterable<Finding> {
  const document = jobOf("validation", subject);
  const size = document && jobSetting(document, "CHUNK_SIZE");
  if (size === undefined || size.sampled || !(Number(size.value) <= threshold)) return;
  yield {
    document: size.document,
    pointer: size.pointer,
    found: size.value,
    expected: `more than the threshold ${threshold}: otherwise no chunk runs on AWS Batch`,
    hint: "set chunk_size higher or batch_processing_threshold lower, or ignore this rule if Lambda is to process everything",
    severity: "warning",
  };
}
