import { basename, join, resolve } from "node:path";
import { type Placeholder, placeholders } from "../model/placeholder.ts";
import { WrongUsage } from "../model/problem.ts";
import { type Definitions, jobReferences, withThreshold } from "../run/definitions.ts";
import { dryRun } from "../run/dryRun.ts";
import { failureText } from "../run/failureText.ts";
import { fileVersion } from "../run/fileVersion.ts";
import { reachBrokers } from "../run/reachBrokers.ts";
import { runPipeline } from "../run/runPipeline.ts";
import { RunWatcher } from "../run/runWatcher.ts";
import type { Destination, RunSettings } from "../run/settings.ts";
import { summaryOf, summaryText } from "../run/summary.ts";
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
  if (destination === "kafka") {
    await reachBrokers(
      settings.overrides.processing.KAFKA_BROKERS ?? definitions.processing.environment.KAFKA_BROKERS ?? "",
    );
  }
  return runAndTell(options, { settings, definitions }, io);
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
    if (scheme === undefined && !/\p{Cc}|\p{Cs}/u.test(path) && path !== "") continue;
    const found = scheme === undefined ? JSON.stringify(path) : path;
    throw new WrongUsage(`${flag} is ${found}; expected a path of this machine`, "copy the file here first");
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
  const values = boundValues(options, io.machine.environment);
  const definitions = await loadDefinitions(options, values);
  refuseUnsaid(definitions, values, options.destination);
  return options.threshold === undefined ? definitions : withThreshold(definitions, options.threshold);
}

type Values = Readonly<Record<string, string | undefined>>;

/** What placeholders stand for on this machine; the others keep the sample of their table, because no worker is told them. */
function boundValues(options: RunOptions, environment: Values): Values {
  return {
    ...jobReferences,
    AWS_REGION: options.region ?? (environment.AWS_REGION || undefined),
    S3_BUCKET: options.bucket ?? (environment.S3_BUCKET || undefined),
    MSK_BROKERS: options.brokers ?? (environment.KAFKA_BROKERS || undefined),
    MSK_TOPIC: options.topic ?? (environment.KAFKA_TOPIC || undefined),
    SQS_CORE_QUEUE: options.queueUrl ?? (environment.SQS_CORE_QUEUE || undefined),
    RECORD_DESTINATION: options.destination,
  };
}

const needed: Readonly<Record<string, readonly (readonly [placeholder: string, variable: string, flag: string])[]>> = {
  kafka: [
    ["MSK_BROKERS", "KAFKA_BROKERS", "--brokers"],
    ["MSK_TOPIC", "KAFKA_TOPIC", "--topic"],
  ],
  sqs_core: [["SQS_CORE_QUEUE", "SQS_CORE_QUEUE", "--queue-url"]],
};

/** A sample must not be sent to. */
function refuseUnsaid({ processing }: Definitions, values: Values, destination: Destination): void {
  const missing = (needed[destination] ?? []).filter(
    ([name, variable]) => values[name] === undefined && processing.environment[variable] === sampleOf(name),
  );
  if (missing.length === 0) return;
  const flags = missing.map(([, , flag]) => flag).join(" and ");
  const variables = missing.map(([, variable]) => variable).join(" and ");
  throw new WrongUsage(`--destination ${destination} needs ${flags}`, `or ${variables} in the environment`);
}

function sampleOf(name: string): unknown {
  return placeholders.find((placeholder: Placeholder) => placeholder.name === name)?.sample;
}
