import { basename, join, resolve } from "node:path";
import { type Placeholder, placeholders } from "../model/placeholder.ts";
import { WrongUsage } from "../model/problem.ts";
import { type Definitions, jobReferences, withThreshold } from "../run/definitions.ts";
import { fileVersion } from "../run/folder/fileVersion.ts";
import { reachBrokers } from "../run/reachBrokers.ts";
import { reachQueue } from "../run/reachQueue.ts";
import { runPipeline } from "../run/runPipeline.ts";
import { type GivenSetting, settingProblems } from "../run/settingProblems.ts";
import type { Destination, RunSettings } from "../run/settings.ts";
import { dryRun } from "../run/show/dryRun.ts";
import { failureText } from "../run/show/failureText.ts";
import { RunWatcher } from "../run/show/runWatcher.ts";
import { summaryOf, summaryText } from "../run/show/summary.ts";
import { exitCodes } from "./exitCodes.ts";
import type { CommonOptions, Io } from "./io.ts";
import { loadDefinitions, type ModuleRequest } from "./runModule.ts";

export interface RunOptions extends CommonOptions, ModuleRequest {
  readonly input: string;
  readonly output?: string;
  readonly schema?: string;
  readonly maxInvalid?: string;
  readonly destination: Destination;
  readonly brokers?: string;
  readonly topic?: string;
  readonly queueUrl?: string;
  readonly region?: string;
  readonly bucket?: string;
  readonly kafkaSecurity?: string;
  readonly endpointUrl?: string;
  readonly chunkSize?: number;
  readonly threshold?: number;
  readonly revalidate: boolean;
  readonly dryRun: boolean;
}

/** Runs a file through the generated definitions on this machine. The exit code is that of the pipeline. */
export async function runRun(options: RunOptions, io: Io): Promise<number> {
  const { destination } = options;
  if (destination === "stdout" && options.format === "json" && !options.dryRun) {
    throw new WrongUsage("--destination stdout has no --format json", "both would be written to stdout; choose one");
  }
  const settings = await settingsOf(options);
  const definitions = await definitionsOf(options, io);
  if (options.dryRun) {
    io.out(`${(await dryRun(definitions, settings, io.machine)).join("\n")}\n`);
    return exitCodes.fine;
  }
  await reachDestination(settings, definitions, io);
  return runAndTell(options, { settings, definitions }, io);
}

/** What is away for somebody who tries it out will not come back by itself. */
async function reachDestination(settings: RunSettings, { processing }: Definitions, io: Io): Promise<void> {
  const variables = { ...processing.environment, ...settings.overrides.processing };
  if (settings.destination === "kafka") await reachBrokers(variables.KAFKA_BROKERS ?? "");
  if (settings.destination !== "sqs_core") return;
  const { AWS_ENDPOINT_URL_SQS: ofQueue, AWS_ENDPOINT_URL: ofAll } = io.machine.environment;
  await reachQueue(variables.SQS_CORE_QUEUE ?? "", variables.AWS_ENDPOINT_URL || ofQueue || ofAll || undefined);
}

async function runAndTell(
  options: RunOptions,
  { settings, definitions }: { readonly settings: RunSettings; readonly definitions: Definitions },
  io: Io,
): Promise<number> {
  const { destination, input, quiet } = options;
  const output = outputOf(options);
  // Records may go to the same terminal.
  const columns = quiet || destination === "stdout" ? () => undefined : io.machine.columns;
  const end = await runPipeline({
    definitions,
    settings,
    machine: io.machine,
    processes: io.processes,
    watcher: new RunWatcher(quiet ? () => {} : io.err, columns),
    drawsProgress: columns() !== undefined,
  });
  const summary = summaryOf(end, { input, output, destination });
  const write = destination === "stdout" ? io.err : io.out;
  if (options.format === "json") io.out(`${JSON.stringify(summary, null, 2)}\n`);
  else if (!quiet && end.tally.counts !== undefined) write(`${summaryText(summary).join("\n")}\n`);
  const failure = failureText(summary);
  if (failure !== undefined) io.err(`gen-batch-config: ${failure.message}\n  hint: ${failure.hint}\n`);
  return summary.exitCode;
}

function outputOf({ output, input }: RunOptions): string {
  return output ?? join("gen-batch-run", basename(input));
}

async function settingsOf(options: RunOptions): Promise<RunSettings> {
  const { input, schema, maxInvalid, destination, revalidate } = options;
  for (const [flag, path] of Object.entries({ "--input": input, "--schema": schema, "--output": options.output })) {
    if (path === undefined) continue;
    const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.exec(path)?.[0];
    if (scheme !== undefined)
      throw new WrongUsage(`${flag} is ${path}; expected a path of this machine`, "copy the file here first");
    refuseName(flag, resolve(path));
  }
  const output = resolve(outputOf(options));
  await fileVersion(resolve(input), "--input");
  if (schema !== undefined) await fileVersion(resolve(schema), "--schema");
  return {
    input: resolve(input),
    output,
    schema: schema === undefined ? undefined : resolve(schema),
    maxInvalid,
    destination,
    revalidate,
    overrides: overridesOf(options),
  };
}

/** The workers take a path as text of a job definition, in which not everything can stand that a file can be called. */
function refuseName(flag: string, path: string): void {
  const placeholder = /\$\{[A-Z][A-Z0-9_]{0,62}\}/.exec(path)?.[0];
  const character = /[\p{Cc}\p{Cs}]/u.exec(path)?.[0];
  if (placeholder === undefined && character === undefined) return;
  const code = character?.codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0");
  const called = character === "\n" ? "a newline" : character === "\t" ? "a tab" : `the character U+${code}`;
  const what = character === undefined ? `holds ${placeholder}, as a placeholder is written` : `holds ${called}`;
  throw new WrongUsage(`${flag} is ${JSON.stringify(path)}, which ${what}`, "rename it: run does not take such a name");
}

function overridesOf(options: RunOptions): RunSettings["overrides"] {
  const { region, bucket, chunkSize, threshold, endpointUrl } = options;
  const shared = {
    AWS_REGION: region,
    S3_BUCKET: bucket,
    AWS_ENDPOINT_URL: endpointUrl,
    BATCH_PROCESSING_THRESHOLD: threshold?.toString(),
  };
  const processing = {
    RECORD_DESTINATION: options.destination,
    KAFKA_BROKERS: options.brokers,
    KAFKA_TOPIC: options.topic,
    KAFKA_SECURITY: options.kafkaSecurity,
    SQS_CORE_QUEUE: options.queueUrl,
  };
  return {
    validation: given({ ...shared, CHUNK_SIZE: chunkSize?.toString() }),
    processing: given({ ...shared, ...processing }),
  };
}

function given(values: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const entries = Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(entries);
}

async function definitionsOf(options: RunOptions, io: Io): Promise<Definitions> {
  const { environment } = io.machine;
  const values = boundValues(options, environment);
  const problems = new Map(givenSettings(options, environment).map((one) => [one.variable, settingProblems([one])]));
  // A value that is wrong is told of as what it is, not as a mistake of the documents that it would stand in.
  const bound = Object.entries(values).filter(([name]) => (problems.get(variableOf(name)) ?? []).length === 0);
  const definitions = await loadDefinitions(options, Object.fromEntries(bound));
  refuse([...problems.values()].flat(), [
    ...unsaid(definitions, values, options.destination),
    ...(options.dryRun ? [] : missingSecrets(definitions, options, environment)),
  ]);
  return options.threshold === undefined ? definitions : withThreshold(definitions, options.threshold);
}

type Values = Readonly<Record<string, string | undefined>>;

/** What placeholders stand for on this machine; the others keep the sample of their table, because no worker is told them. */
function boundValues(options: RunOptions, environment: Values): Values {
  const said = Object.entries(sources).map(([name, { variable, option }]) => [
    name,
    options[option] ?? (environment[variable] || undefined),
  ]);
  return { ...jobReferences, ...Object.fromEntries(said), RECORD_DESTINATION: options.destination };
}

interface Source {
  /** Of the workers, and of this environment. */
  readonly variable: string;
  readonly option: "region" | "bucket" | "brokers" | "topic" | "queueUrl";
  readonly flag: string;
  /** The destination that cannot do without; undefined where no run needs it. */
  readonly neededBy?: Destination;
}

/** Where the values of placeholders come from. */
const sources: Readonly<Record<string, Source>> = {
  AWS_REGION: { variable: "AWS_REGION", option: "region", flag: "--region" },
  S3_BUCKET: { variable: "S3_BUCKET", option: "bucket", flag: "--bucket" },
  MSK_BROKERS: { variable: "KAFKA_BROKERS", option: "brokers", flag: "--brokers", neededBy: "kafka" },
  MSK_TOPIC: { variable: "KAFKA_TOPIC", option: "topic", flag: "--topic", neededBy: "kafka" },
  SQS_CORE_QUEUE: { variable: "SQS_CORE_QUEUE", option: "queueUrl", flag: "--queue-url", neededBy: "sqs_core" },
};

function variableOf(placeholder: string): string {
  return sources[placeholder]?.variable ?? placeholder;
}

/** Flags, and what of this environment the run needs. */
function givenSettings(options: RunOptions, environment: Values): readonly GivenSetting[] {
  const { maxInvalid, endpointUrl, destination } = options;
  const flags = { MAX_INVALID: ["--max-invalid", maxInvalid], AWS_ENDPOINT_URL: ["--endpoint-url", endpointUrl] };
  const own = Object.entries(flags).map(([variable, [called = "", text]]) => ({ variable, called, text }));
  const others = Object.values(sources).map(({ variable, option, flag, neededBy }) => {
    const isNeeded = neededBy === undefined || neededBy === destination;
    const ofEnvironment = isNeeded ? environment[variable] || undefined : undefined;
    const text = options[option];
    return text === undefined ? { variable, called: variable, text: ofEnvironment } : { variable, called: flag, text };
  });
  return [...own, ...others].filter((one): one is GivenSetting => one.text !== undefined);
}

/** A sample must not be sent to. */
function unsaid({ processing }: Definitions, values: Values, destination: Destination): readonly Missing[] {
  const missing = Object.entries(sources).filter(
    ([name, { variable, neededBy }]) =>
      neededBy === destination && values[name] === undefined && processing.environment[variable] === sampleOf(name),
  );
  if (missing.length === 0) return [];
  const flags = missing.map(([, { flag }]) => flag).join(" and ");
  const variables = missing.map(([, { variable }]) => variable).join(" and ");
  return [{ text: `--destination ${destination} needs ${flags}`, hint: `or ${variables} in the environment` }];
}

/** The name and the password of SCRAM, which no flag may hold. */
function missingSecrets({ processing }: Definitions, options: RunOptions, environment: Values): readonly Missing[] {
  const defined = processing.environment;
  const security = options.kafkaSecurity ?? defined.KAFKA_SECURITY;
  if (options.destination !== "kafka" || security !== "scram") return [];
  const missing = ["KAFKA_USERNAME", "KAFKA_PASSWORD"].filter((name) => !(environment[name] || defined[name]));
  if (missing.length === 0) return [];
  const text = `--kafka-security scram needs ${missing.join(" and ")} in the environment`;
  return [{ text, hint: "set them for this command, for example from a file that only you can read" }];
}

interface Missing {
  readonly text: string;
  readonly hint: string;
}

/** All at once: who corrects one does not want to meet the next one then. */
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

function sampleOf(name: string): unknown {
  return placeholders.find((placeholder: Placeholder) => placeholder.name === name)?.sample;
}
