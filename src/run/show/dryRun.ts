import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { Fault } from "../../model/problem.ts";
import type { Definitions } from "../definitions.ts";
import { withObjectPaths } from "../folder/objectPath.ts";
import { jobDescription } from "../jobs/jobDescription.ts";
import { commandOf } from "../jobs/jobRunner.ts";
import type { Job } from "../jobs/planJobs.ts";
import { Stop } from "../jobs/stop.ts";
import { workerVariables } from "../jobs/workerVariables.ts";
import type { Machine } from "../machine.ts";
import { executionInput, type RunSettings } from "../settings.ts";
import { execute } from "../states/execute.ts";
import { StatesError } from "../states/statesError.ts";
import { createSurroundings } from "../surroundings.ts";

/**
 * Runs the state machine without starting anything, and returns the commands that would be run as lines for a POSIX shell.
 * If the file was not validated yet, one chunk per route represents the chunks to come.
 */
export async function dryRun(
  definitions: Definitions,
  settings: RunSettings,
  machine: Machine,
): Promise<readonly string[]> {
  const jobs: Job[] = [];
  const isValidated = await hasManifest(settings.output);
  const examples = exampleFiles(definitions);
  const surroundings = createSurroundings({
    plan: { definitions, settings, recordsOf: (chunkId) => join(settings.output, "records", `${chunkId}.jsonl`) },
    runJob: async (job, parameters) => {
      jobs.push(job);
      return job.definition === undefined ? { StatusCode: 200, Payload: {} } : jobDescription(job, parameters, []);
    },
    readText: async (path) => (isValidated ? undefined : examples[basename(path)]) ?? readFile(path, "utf8"),
    onItems: () => {},
    concurrency: () => 1,
    stop: new Stop(),
  });
  await execute(definitions.stateMachine, executionInput(settings), "dry-run", surroundings).catch((error: unknown) => {
    if (!(error instanceof StatesError)) throw error;
    throw new Fault(`the state machine failed: ${withObjectPaths(error.message, settings.output)}`, {
      hint: "nothing was started",
    });
  });
  return [
    ...variablesLines(machine),
    ...jobs.flatMap((job) => ["", ...jobLines(job, machine, !isValidated && job.route !== undefined)]),
  ];
}

async function hasManifest(output: string): Promise<boolean> {
  const text = await readFile(join(output, "manifest.json"), "utf8").catch(() => "");
  return text.includes('"gen-batch-config/manifest/1"');
}

/** Example output of the validator: a chunk with more records than the threshold, and one with just as many. */
function exampleFiles({ processing }: Definitions): Readonly<Record<string, string>> {
  const threshold = Number(processing.environment.BATCH_PROCESSING_THRESHOLD ?? 1);
  const records = 2 * threshold + 1;
  const chunk = (id: number, startIndex: number, chunkSize: number) => ({
    chunkId: `chunk-${String(id).padStart(6, "0")}`,
    startIndex,
    endIndex: startIndex + chunkSize,
    chunkSize,
    startByte: 0,
    endByte: 0,
  });
  return {
    "manifest.json": JSON.stringify({ counts: { records, valid: records, rejected: 0 }, chunks: 2 }),
    "chunks.json": JSON.stringify([chunk(0, 0, threshold + 1), chunk(1, threshold + 1, threshold)]),
  };
}

/** Only names, because values may be secrets. */
function variablesLines({ environment }: Machine): readonly string[] {
  const names = Object.keys(workerVariables(environment)).sort();
  return [`# from this environment, unchanged: ${names.join(" ")}`];
}

function jobLines(job: Job, machine: Machine, isExample: boolean): readonly string[] {
  const { overrides, environment, definition } = job;
  const route = job.route === undefined ? "" : `, ${job.route} route${isExample ? ", for example" : ""}`;
  const attempts = definition === undefined ? "" : `, at most ${definition.attempts} attempts`;
  const others = Object.keys(overrides);
  const variables = Object.entries(environment).map(([name, value]) => `${name}=${shellQuoted(value)}`);
  return [
    `# ${job.id}${route}${attempts}`,
    ...(others.length === 0 ? [] : [`# overrides the definition: ${others.join(" ")}`]),
    [...variables, ...argumentLines(commandOf(job, machine))].join(" \\\n  "),
  ];
}

/** A flag and its value are on one line, as are the program and its script. */
function argumentLines([node = "", program = "", ...args]: readonly string[]): readonly string[] {
  const lines: string[] = [];
  for (const argument of args) {
    const last = lines.at(-1);
    if (last?.startsWith("--") && !last.includes(" ")) lines[lines.length - 1] = `${last} ${shellQuoted(argument)}`;
    else lines.push(shellQuoted(argument));
  }
  return [`${shellQuoted(node)} ${shellQuoted(program)}`, ...lines];
}

/** A word quoted for a POSIX shell. */
function shellQuoted(word: string): string {
  return /^[A-Za-z0-9_/:=.,@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
