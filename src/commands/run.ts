import { basename, join, resolve } from "node:path";
import { WrongUsage } from "../model/problem.ts";
import type { Definitions } from "../run/definitions.ts";
import { fileVersion } from "../run/folder/fileVersion.ts";
import { reachBrokers, reachQueue } from "../run/reach.ts";
import { runPipeline } from "../run/runPipeline.ts";
import type { RunSettings } from "../run/settings.ts";
import { dryRun } from "../run/show/dryRun.ts";
import { RunWatcher } from "../run/show/runWatcher.ts";
import { failureText, summaryOf, summaryText } from "../run/show/summary.ts";
import { exitCodes } from "./exitCodes.ts";
import type { RunOptions } from "./flags.ts";
import type { Io } from "./io.ts";
import { definitionsOf, overridesOf } from "./runValues.ts";

/** Runs a file through the generated definitions on this machine. Returns the exit code of the pipeline. */
export async function runRun(options: RunOptions, io: Io): Promise<number> {
  const { destination } = options;
  if (destination === "stdout" && options.format === "json" && !options.dryRun) {
    throw new WrongUsage(
      "--destination stdout and --format json cannot be combined",
      "both write to stdout; choose one",
    );
  }
  const settings = await settingsOf(options);
  const definitions = await definitionsOf(options, io.machine.environment);
  if (options.dryRun) {
    io.out(`${(await dryRun(definitions, settings, io.machine)).join("\n")}\n`);
    return exitCodes.fine;
  }
  await reachDestination(settings, definitions, io);
  return runAndTell(options, { settings, definitions }, io);
}

/** Fails early: a service that is missing during a local trial will not come back while the workers retry. */
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
  // Records may be written to the same terminal.
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
  const { input, schema, maxInvalid, destination, revalidate = false } = options;
  for (const [flag, path] of Object.entries({ "--input": input, "--schema": schema, "--output": options.output })) {
    if (path === undefined) continue;
    const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.exec(path)?.[0];
    if (scheme !== undefined)
      throw new WrongUsage(`${flag} is ${path}; expected a local path`, "copy the file to this machine first");
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

/** The workers get a path as text of a job definition, which cannot contain every character of a file name. */
function refuseName(flag: string, path: string): void {
  const placeholder = /\$\{[A-Z][A-Z0-9_]{0,62}\}/.exec(path)?.[0];
  const character = /[\p{Cc}\p{Cs}]/u.exec(path)?.[0];
  if (placeholder === undefined && character === undefined) return;
  const code = character?.codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0");
  const called = character === "\n" ? "a newline" : character === "\t" ? "a tab" : `the character U+${code}`;
  const what = character === undefined ? `contains ${placeholder}, which reads as a placeholder` : `contains ${called}`;
  throw new WrongUsage(
    `${flag} is ${JSON.stringify(path)}, which ${what}`,
    "rename it: run does not support such a name",
  );
}
