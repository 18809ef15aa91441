import { CommanderError } from "commander";
import { Fault, InvalidInput, WrongUsage } from "../model/problem.ts";
import { exitCodes } from "./exitCodes.ts";
import type { CommonOptions, Io } from "./io.ts";
import { buildProgram } from "./program.ts";

/** Runs one command line and returns the exit code. Everything thrown below ends here as a message. */
export async function runCli(argv: readonly string[], io: Io): Promise<number> {
  let exitCode: number = exitCodes.fine;
  let common: CommonOptions = { format: "text", strict: false, quiet: false, color: true };
  const program = buildProgram(io, {
    started: (options) => {
      common = options;
    },
    ended: (code) => {
      exitCode = code;
    },
  });
  try {
    await program.parseAsync(argv, { from: "user" });
    return exitCode;
  } catch (error) {
    return explainFailure(error, common, io);
  }
}

async function explainFailure(error: unknown, common: CommonOptions, io: Io): Promise<number> {
  if (error instanceof InvalidInput) {
    const { report } = await import("./report.ts");
    await report(error.problems, common, io, common.format === "text" ? "err" : "out");
    return exitCodes.problems;
  }
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.fine : exitCodes.usage;
  if (error instanceof WrongUsage) {
    io.err(message(error.message, error.hint ?? 'see "gen-batch-config --help"'));
    return exitCodes.usage;
  }
  io.err(message(error instanceof Error ? error.message : String(error), hintOf(error)));
  return exitCodes.fault;
}

function message(text: string, hint: string | undefined): string {
  return `gen-batch-config: ${text}\n${hint === undefined ? "" : `  hint: ${hint}\n`}`;
}

/** An explained fault has at most a hint; an unexplained one shows its stack trace. */
function hintOf(error: unknown): string | undefined {
  if (error instanceof Fault) return error.hint;
  return error instanceof Error ? `this is a bug; please report it with\n${error.stack ?? ""}` : undefined;
}
