import { type Generated, generate } from "../generate.ts";
import { InvalidInput, WrongUsage } from "../model/problem.ts";
import { compareOutput } from "../write/compare.ts";
import { describeDrift, describeResult } from "../write/describe.ts";
import { driftOf } from "../write/drift.ts";
import { planChanges } from "../write/plan.ts";
import { resultOf, type WriteResult } from "../write/result.ts";
import { writeOutput } from "../write/writeOutput.ts";
import { exitCodes } from "./exitCodes.ts";
import type { GenerateOptions } from "./flags.ts";
import type { Io } from "./io.ts";
import { report } from "./report.ts";

/** Renders, checks and writes the module, or shows what would be written or whether the folder is up to date. */
export async function runGenerate(options: GenerateOptions, io: Io): Promise<number> {
  refuseUsage(options);
  const folder = options.out.replace(/(?<=.)\/+$/, "");
  const generated = await generate(configRequest(options), folder, options.strict);
  if (options.check) return showDrift(generated, folder, options, io);
  // In a report format the report is the result and goes to stdout; as text, warnings accompany the result on stderr.
  if (options.format === "text") await report(generated.warnings, options, io, "err");
  if (options.diff) return showDiff(generated, folder, io);
  const result = options.dryRun
    ? await planned(generated, folder, options)
    : await written(generated, folder, options, io);
  await showResult(result, generated, options, io);
  return exitCodes.fine;
}

function refuseUsage({ prefix, config, set, diff, format }: GenerateOptions): void {
  if (prefix === undefined && config === undefined && set.length === 0) {
    throw new WrongUsage(
      "a prefix or a config is required",
      'for example gen-batch-config --prefix gss-dev; "gen-batch-config init" creates a config file',
    );
  }
  if (diff && format !== "text") {
    throw new WrongUsage(
      `--diff does not support --format ${format}`,
      "--check lists the files that differ in every format",
    );
  }
}

function configRequest(options: GenerateOptions) {
  return {
    settings: options.set,
    ...(options.config !== undefined && { path: options.config }),
    ...(options.prefix !== undefined && { prefix: options.prefix }),
    ...(options.latePrefix !== undefined && { latePrefix: options.latePrefix }),
  };
}

function written({ files }: Generated, folder: string, options: GenerateOptions, io: Io): Promise<WriteResult> {
  return writeOutput(files, folder, { force: options.force ?? false, processes: io.processes }).catch(
    async (error: unknown) => {
      const edited = error instanceof InvalidInput && error.problems.some(({ rule }) => rule === "write/hand-edited");
      if (edited && options.format === "text" && !options.quiet) await showHandEdits(files, folder, io);
      throw error;
    },
  );
}

/** Shows the hand edits before the message that they are not overwritten. */
async function showHandEdits(files: Generated["files"], folder: string, io: Io): Promise<void> {
  const { diffOutput } = await import("../write/diff.ts");
  io.err(await diffOutput(await compareOutput(files, folder), ["hand-edited"]));
}

async function planned({ files }: Generated, folder: string, options: GenerateOptions): Promise<WriteResult> {
  const plan = planChanges(await compareOutput(files, folder), { force: options.force ?? false });
  if (plan.refused.length > 0) throw new InvalidInput(plan.refused);
  return resultOf(folder, plan);
}

async function showResult(result: WriteResult, generated: Generated, options: GenerateOptions, io: Io): Promise<void> {
  const { dryRun = false } = options;
  if (options.format === "json") {
    const { problemsAsJson } = await import("../report/json.ts");
    io.out(`${JSON.stringify({ version: 1, ...result, dryRun, ...problemsAsJson(generated.warnings) }, null, 2)}\n`);
  } else if (options.format !== "text") {
    await report(generated.warnings, options, io, "out");
  } else if (!options.quiet) {
    io.out(`${describeResult(result, { dryRun }).join("\n")}\n`);
  }
}

async function showDrift(generated: Generated, folder: string, options: GenerateOptions, io: Io): Promise<number> {
  const comparison = await compareOutput(generated.files, folder);
  const drift = driftOf(comparison);
  if (options.format === "text") {
    await report(generated.warnings, options, io, "err");
    if (drift.length > 0 || !options.quiet) io.out(`${describeDrift(comparison).join("\n")}\n`);
  } else {
    await report([...generated.warnings, ...drift], options, io, "out");
  }
  return drift.length > 0 ? exitCodes.problems : exitCodes.fine;
}

/** Exits with 1 when there is something to show, as `diff` does. */
async function showDiff(generated: Generated, folder: string, io: Io): Promise<number> {
  const { diffOutput } = await import("../write/diff.ts");
  const comparison = await compareOutput(generated.files, folder);
  const inTheWay = planChanges(comparison, { force: true }).refused;
  if (inTheWay.length > 0) throw new InvalidInput(inTheWay);
  const diff = await diffOutput(comparison);
  io.out(diff);
  return diff === "" ? exitCodes.fine : exitCodes.problems;
}
