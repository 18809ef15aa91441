import { placeholders } from "../model/placeholder.ts";
import { WrongUsage } from "../model/problem.ts";
import { type Definitions, jobReferences, withThreshold } from "../run/definitions.ts";
import { type GivenSetting, settingProblems } from "../run/settingProblems.ts";
import type { RunSettings } from "../run/settings.ts";
import { type WorkerSetting, workerOf, workers } from "../shared/contract.ts";
import type { RunOptions } from "./flags.ts";
import { loadDefinitions } from "./runModule.ts";

/** The variables of the workers that have a flag, with its option. They can be set in the environment as well. */
const flags: Readonly<Record<string, keyof RunOptions>> = {
  MAX_INVALID: "maxInvalid",
  CHUNK_SIZE: "chunkSize",
  BATCH_PROCESSING_THRESHOLD: "threshold",
  AWS_REGION: "region",
  S3_BUCKET: "bucket",
  AWS_ENDPOINT_URL: "endpointUrl",
  RECORD_DESTINATION: "destination",
  KAFKA_BROKERS: "brokers",
  KAFKA_TOPIC: "topic",
  KAFKA_SECURITY: "kafkaSecurity",
  SQS_CORE_QUEUE: "queueUrl",
};

/** The user's name for a variable: its flag, if it has one. */
function calledBy(variable: string): string {
  const option = flags[variable];
  return option === undefined ? variable : `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function flagText(variable: string, options: RunOptions): string | undefined {
  const option = flags[variable];
  return option === undefined ? undefined : options[option]?.toString();
}

/** The variables of each worker that flags set, overriding its definition. */
export function overridesOf(options: RunOptions): RunSettings["overrides"] {
  const given = Object.keys(flags)
    // This one is an input of the state machine.
    .filter((variable) => variable !== "MAX_INVALID")
    .map((variable) => [variable, flagText(variable, options)] as const)
    .filter((entry): entry is [string, string] => entry[1] !== undefined);
  const ofJob = (job: "validation" | "processing") =>
    Object.fromEntries(given.filter(([variable]) => isOf(variable, job)));
  return { validation: ofJob("validation"), processing: ofJob("processing") };
}

/** A variable that no worker lists belongs to the SDK and applies to both workers. */
function isOf(variable: string, job: "validation" | "processing"): boolean {
  const having = workers.filter(({ settings }) => settings.some((setting) => setting.variable === variable));
  return having.length === 0 || having.includes(workerOf(job));
}

type Values = Readonly<Record<string, string | undefined>>;

/** The definitions with the values of this machine. Throws WrongUsage with everything that is wrong or missing. */
export async function definitionsOf(options: RunOptions, environment: Values): Promise<Definitions> {
  const given = givenSettings(options, environment);
  const problems = new Map(given.map((one) => [one.variable, settingProblems([one])]));
  // A wrong value is reported as a wrong setting, not as a mistake in the documents that would contain it.
  const right = sources.filter(({ variable }) => (problems.get(variable) ?? []).length === 0);
  const values = Object.fromEntries(
    right.map(({ placeholder, variable }) => [placeholder, textOf(variable, options, environment)]),
  );
  const definitions = await loadDefinitions(options, { ...jobReferences, ...values });
  refuse([...problems.values()].flat(), [
    ...unsaid(definitions, options, environment),
    ...(options.dryRun ? [] : missingSecrets(definitions, options, environment)),
  ]);
  return options.threshold === undefined ? definitions : withThreshold(definitions, options.threshold);
}

function textOf(variable: string, options: RunOptions, environment: Values): string | undefined {
  return flagText(variable, options) ?? (environment[variable] || undefined);
}

interface Source {
  readonly placeholder: string;
  readonly variable: string;
  /** The destinations that require it; empty where it depends on something else. */
  readonly neededBy: readonly string[];
}

/**
 * The variables whose value is a placeholder in the definitions, so that a run has to supply it. The other placeholders keep
 * the sample of their table, because no worker gets them.
 */
const sources: readonly Source[] = workerOf("processing").settings.flatMap((setting) => {
  const placeholder = /^\$\{(\w+)\}$/.exec(setting.job_definition?.value ?? "")?.[1];
  return placeholder === undefined
    ? []
    : [{ placeholder, variable: setting.variable, neededBy: destinationsNeeding(setting) }];
});

function destinationsNeeding({ required_when = [] }: WorkerSetting): readonly string[] {
  const isAll = required_when.every((condition) => Object.keys(condition).join() === "RECORD_DESTINATION");
  return isAll ? required_when.flatMap(({ RECORD_DESTINATION }) => RECORD_DESTINATION ?? []) : [];
}

/** Settings from flags, and those of this environment that the run needs. */
function givenSettings(options: RunOptions, environment: Values): readonly GivenSetting[] {
  const variables = new Set(["MAX_INVALID", "AWS_ENDPOINT_URL", ...sources.map(({ variable }) => variable)]);
  const ofEnvironment = new Set(
    sources
      .filter(({ neededBy }) => neededBy.length === 0 || neededBy.includes(options.destination))
      .map(({ variable }) => variable),
  );
  return [...variables].flatMap((variable) => {
    const flag = flagText(variable, options);
    if (flag !== undefined) return [{ variable, called: calledBy(variable), text: flag }];
    const text = ofEnvironment.has(variable) ? environment[variable] : undefined;
    return text ? [{ variable, called: variable, text }] : [];
  });
}

/** Nothing must be sent to a sample. */
function unsaid({ processing }: Definitions, options: RunOptions, environment: Values): readonly Missing[] {
  const missing = sources
    .filter(({ neededBy }) => neededBy.includes(options.destination))
    .filter(({ placeholder, variable }) => processing.environment[variable] === sampleOf(placeholder))
    .map(({ variable }) => variable)
    .filter((variable) => textOf(variable, options, environment) === undefined);
  if (missing.length === 0) return [];
  const called = missing.map(calledBy).join(" and ");
  return [
    {
      text: `--destination ${options.destination} requires ${called}`,
      hint: `or set ${missing.join(" and ")} in the environment`,
    },
  ];
}

function sampleOf(name: string): unknown {
  return placeholders.find((placeholder) => placeholder.name === name)?.sample;
}

/** The user name and password of SCRAM, which must not be passed as flags. */
function missingSecrets({ processing }: Definitions, options: RunOptions, environment: Values): readonly Missing[] {
  const defined = processing.environment;
  const security = options.kafkaSecurity ?? defined.KAFKA_SECURITY;
  if (options.destination !== "kafka" || security !== "scram") return [];
  const missing = ["KAFKA_USERNAME", "KAFKA_PASSWORD"].filter((name) => !(environment[name] || defined[name]));
  if (missing.length === 0) return [];
  const text = `--kafka-security scram requires ${missing.join(" and ")} in the environment`;
  return [{ text, hint: "set them for this command, for example from a file that only you can read" }];
}

interface Missing {
  readonly text: string;
  readonly hint: string;
}

/** Reports all at once, so that fixing one does not reveal the next. */
function refuse(wrong: readonly string[], missing: readonly Missing[]): void {
  const all = [...wrong.map((text) => ({ text, hint: undefined })), ...missing];
  const [first] = all;
  if (first === undefined) return;
  if (all.length === 1) throw new WrongUsage(first.text, first.hint ?? 'see "gen-batch-config run --help"');
  const lines = all.map(({ text, hint }) => `\n  ${text}${hint === undefined ? "" : `; ${hint}`}`);
  throw new WrongUsage(
    `${all.length} settings are wrong or missing:${lines.join("")}`,
    'see "gen-batch-config run --help"',
  );
}
