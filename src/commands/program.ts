import { Argument, Command } from "commander";
import packageJson from "../../package.json" with { type: "json" };
import { WrongUsage } from "../model/problem.ts";
import { nearest } from "../shared/nearest.ts";
import { exitCodeTable } from "./exitCodes.ts";
import {
  type CommonFlags,
  commonOptions,
  type FlagsOf,
  type GenerateOptions,
  type RunOptions,
  type ValidateOptions,
  withGenerateFlags,
  withRunFlags,
  withValidateFlags,
} from "./flags.ts";
import type { CommonOptions, Io } from "./io.ts";
import { usualConfig } from "./usualFiles.ts";

export interface Steps {
  readonly started: (options: CommonOptions) => void;
  readonly ended: (exitCode: number) => void;
}

/** The command line: every command with its flags. The code of a command is loaded only when it runs. */
export function buildProgram(io: Io, steps: Steps): Command {
  const program = new Command("gen-batch-config")
    .description("Generates and checks a complete AWS Batch module for Terragrunt from one small config.")
    .usage("[command] [options]")
    .version(packageJson.version, "-V, --version", "print the version")
    .helpOption("-h, --help", "show help")
    .helpCommand("help [command]", "show help for a command")
    .addHelpText("before", situations)
    .addHelpText("after", exitCodeHelp)
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({ writeOut: io.out, writeErr: (text) => io.err(text.replace(/^error: /, "gen-batch-config: ")) });

  addGenerate(program, io, steps);
  addValidate(program, io, steps);
  addRun(program, io, steps);
  addOthers(program, io, steps);
  return program;
}

const situations = `Examples
  Generate the module            gen-batch-config --prefix gss-dev
  ... from a config file         gen-batch-config --config gen-batch-config.yaml
  See what would change          gen-batch-config --prefix gss-dev --diff
  Is the folder up to date?      gen-batch-config --prefix gss-dev --check
  Check edited documents         gen-batch-config validate modules-out
  Run a file on this machine     gen-batch-config run --input orders.csv
  Create a config file           gen-batch-config init --prefix gss-dev
  Look up what a message means   gen-batch-config explain memory-packing

`;

const exitCodeHelp = `
See "gen-batch-config help generate" for the options of generate.

Exit codes
${exitCodeTable.map(({ code, meaning }) => `  ${code}  ${meaning}`).join("\n")}`;

function addGenerate(program: Command, io: Io, steps: Steps): void {
  withGenerateFlags(program.command("generate", { isDefault: true }))
    .description("render, check and write the module (the default command)")
    // A word that is not a command ends up here, because this is the default command.
    .argument("[word...]")
    .usage("[options]")
    .action(async ([word]: string[], flags: FlagsOf<GenerateOptions>) => {
      if (word !== undefined) throw unknownCommand(word, program);
      const common = start(flags, steps);
      const { runGenerate } = await import("./generate.ts");
      steps.ended(await runGenerate({ ...flags, ...common }, io));
    });
}

function addValidate(program: Command, io: Io, steps: Steps): void {
  withValidateFlags(program.command("validate"))
    .description(
      "check documents, config files and folders of them, generated or hand-written, before placeholders are bound",
    )
    .argument("[paths...]", "files and folders (default: the current folder)")
    .action(async (paths: string[], flags: FlagsOf<ValidateOptions>) => {
      const common = start(flags, steps);
      const { runValidate } = await import("./validate.ts");
      steps.ended(await runValidate(paths, { ...flags, ...common }, io));
    });
}

const runSituations = `Examples
  Validate a file and write its records      gen-batch-config run --input orders.csv --schema orders.schema.json
  ... and allow some invalid records         gen-batch-config run --input orders.csv --max-invalid 5%
  Print the records instead                  gen-batch-config run --input orders.csv --destination stdout
  Send them to Kafka on this machine         gen-batch-config run --input orders.csv --destination kafka --brokers localhost:9092 --topic orders --kafka-security none
  See what would be run                      gen-batch-config run --input orders.csv --dry-run

`;

const runExitCodes = `
The --output folder receives the report, the rejected rows, the logs of the workers and, with --destination file, one
file of records per chunk in records/. Running the same command again continues a stopped run and skips what is done.

Exit codes
  0  every valid record was delivered
  1  the file was refused (a worker exited with 65) or not found (66), or the destination rejected some records for good (65)
  2  the command or a setting of a worker is wrong (64, 78)
  3  the run was stopped, a service is unavailable (75), access was denied (77), or there is a bug (70)`;

function addRun(program: Command, io: Io, steps: Steps): void {
  withRunFlags(program.command("run"))
    .description("run a file through the generated definitions on this machine, without AWS")
    .addHelpText("before", runSituations)
    .addHelpText("after", runExitCodes)
    .action(async (flags: FlagsOf<RunOptions>) => {
      const common = start(flags, steps);
      const { runRun } = await import("./run.ts");
      steps.ended(await runRun({ ...flags, ...common }, io));
    });
}

function addOthers(program: Command, io: Io, steps: Steps): void {
  program
    .command("explain")
    .description("explain a rule, a placeholder, an exit code or a setting of a worker; without a name, list them")
    .argument("[name]", "for example memory-packing, SUBNETS or 75")
    .action(async (name: string | undefined) => {
      const { runExplain } = await import("./explain.ts");
      steps.ended(runExplain(name, io));
    });
  program
    .command("init")
    .description("write a starter config file")
    .requiredOption("-p, --prefix <prefix>", "prefix of every name")
    .argument("[file]", "file to write", usualConfig)
    .action(async (file: string, flags: { prefix: string }) => {
      const { runInit } = await import("./init.ts");
      steps.ended(await runInit(flags.prefix, file, io));
    });
  program
    .command("schema")
    .description("print a JSON Schema; without a name, list them")
    .argument("[name]", "for example config or compute-environment")
    .action(async (name: string | undefined) => {
      const { runSchema } = await import("./schema.ts");
      steps.ended(runSchema(name, io));
    });
  program
    .command("completion")
    .description("print a completion script for a shell")
    .addArgument(new Argument("<shell>").choices(["bash", "zsh", "fish"]))
    .action(async (shell: "bash" | "zsh" | "fish") => {
      const { completionScript } = await import("./completion.ts");
      io.out(completionScript(shell, program));
    });
}

function unknownCommand(word: string, program: Command): WrongUsage {
  const names = program.commands.map((command) => command.name());
  const close = nearest(word, names);
  return new WrongUsage(
    `there is no command ${JSON.stringify(word)}`,
    close ? `did you mean ${close}?` : `the commands are ${names.join(", ")}`,
  );
}

function start(flags: CommonFlags, steps: Steps): CommonOptions {
  const common = commonOptions(flags);
  steps.started(common);
  return common;
}
