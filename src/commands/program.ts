import { Argument, Command, InvalidArgumentError, Option } from "commander";
import packageJson from "../../package.json" with { type: "json" };
import { WrongUsage } from "../model/problem.ts";
import { type ProblemFormat, problemFormats } from "../report/formats.ts";
import type { Destination } from "../run/settings.ts";
import { nearest } from "../shared/nearest.ts";
import { exitCodeTable } from "./exitCodes.ts";
import type { GenerateOptions } from "./generate.ts";
import type { CommonOptions, Io } from "./io.ts";
import { usualConfig, usualModule } from "./usualFiles.ts";

export interface Steps {
  readonly started: (options: CommonOptions) => void;
  readonly ended: (exitCode: number) => void;
}

/** The command line: every command with its flags. What a command does is loaded when it runs. */
export function buildProgram(io: Io, steps: Steps): Command {
  const program = new Command("gen-batch-config")
    .description("Generates a complete, Terragrunt-ready AWS Batch module from one small config, and checks it.")
    .usage("[command] [options]")
    .version(packageJson.version, "-V, --version", "print the version")
    .helpOption("-h, --help", "show help")
    .helpCommand("help [command]", "show help of a command")
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

const situations = `Situations
  Generate the module          gen-batch-config --prefix gss-dev
  ... from a config file       gen-batch-config --config gen-batch-config.yaml
  See what would change        gen-batch-config --prefix gss-dev --diff
  Is the folder up to date?    gen-batch-config --prefix gss-dev --check
  Check edited documents       gen-batch-config validate modules-out
  Run a file on this machine   gen-batch-config run --input orders.csv
  Begin a config file          gen-batch-config init --prefix gss-dev
  What does a message mean?    gen-batch-config explain memory-packing

`;

const exitCodeHelp = `
The flags of generate stand in "gen-batch-config help generate".

Exit codes
${exitCodeTable.map(({ code, meaning }) => `  ${code}  ${meaning}`).join("\n")}`;

interface CommonFlags {
  readonly format: ProblemFormat;
  readonly json?: true;
  readonly strict?: true;
  readonly quiet?: true;
  /** False with --no-color. */
  readonly color: boolean;
}

function withCommonFlags(command: Command): Command {
  return command
    .addOption(
      new Option("--format <format>", "format of problems and results").choices([...problemFormats]).default("text"),
    )
    .option("--json", "the same as --format json")
    .option("--strict", "warnings fail too")
    .option("-q, --quiet", "print nothing but what is wrong")
    .option("--no-color", "no colours; NO_COLOR does the same");
}

function commonOptions(flags: CommonFlags): CommonOptions {
  return {
    format: flags.json ? "json" : flags.format,
    strict: flags.strict ?? false,
    quiet: flags.quiet ?? false,
    color: flags.color,
  };
}

interface GenerateFlags extends CommonFlags {
  readonly prefix?: string;
  readonly config?: string;
  readonly out: string;
  readonly set: readonly string[];
  readonly latePrefix?: true;
  readonly dryRun?: true;
  readonly diff?: true;
  readonly check?: true;
  readonly force?: true;
}

function addGenerate(program: Command, io: Io, steps: Steps): void {
  const command = withCommonFlags(program.command("generate", { isDefault: true }))
    .description("render, check and write the module (this is what runs without a command)")
    .option("-p, --prefix <prefix>", 'begins every name, for example "gss-dev"')
    .option("-c, --config <file>", "config file in YAML or JSON")
    .option("-o, --out <folder>", "output folder", nonEmpty, usualModule)
    .option("--set <path=value>", "set one value of the config; can be given many times", collect, [])
    .option("--late-prefix", "leave ${PREFIX} in the documents for Terragrunt")
    .addOption(new Option("--dry-run", "tell what would be written").conflicts(["diff", "check", "force"]))
    .addOption(
      new Option("--diff", "show what would change, as a unified diff; exit 1 if anything").conflicts([
        "check",
        "force",
      ]),
    )
    .addOption(
      new Option("--check", "tell whether the folder is what the config gives; exit 1 if not").conflicts("force"),
    )
    .option("--force", "overwrite files that were edited by hand or are not ours");
  // A word that is no command lands here, because this is the command for no command.
  command.argument("[word...]").usage("[options]");
  command.action(async (words: string[], flags: GenerateFlags) => {
    if (words.length > 0) throw unknownCommand(words[0] as string, program);
    const common = start(flags, steps);
    if (flags.prefix === undefined && flags.config === undefined && flags.set.length === 0) {
      throw new WrongUsage(
        "a prefix or a config is needed",
        'for example: gen-batch-config --prefix gss-dev, or "gen-batch-config init" to begin a config file',
      );
    }
    if (flags.diff && common.format !== "text") {
      throw new WrongUsage(`--diff has no format ${common.format}`, "--check tells in every format which files differ");
    }
    const { runGenerate } = await import("./generate.ts");
    const mode = flags.check ? "check" : flags.diff ? "diff" : flags.dryRun ? "dry-run" : "write";
    const { prefix, config, out, set, latePrefix, force = false } = flags;
    const options: GenerateOptions = {
      ...common,
      out,
      set,
      mode,
      force,
      ...(prefix !== undefined && { prefix }),
      ...(config !== undefined && { config }),
      ...(latePrefix !== undefined && { latePrefix }),
    };
    steps.ended(await runGenerate(options, io));
  });
}

interface ValidateFlags extends CommonFlags {
  readonly awsProvider?: "5" | "6";
  readonly config?: string;
}

function addValidate(program: Command, io: Io, steps: Steps): void {
  withCommonFlags(program.command("validate"))
    .description(
      "check documents, config files and folders of them, generated or hand-written, before anything is bound",
    )
    .argument("[paths...]", "files and folders; without any, what is found below this folder")
    .option(
      "-c, --config <file>",
      `config whose placeholders and ignored rules hold for the documents; ${usualConfig} when it is here`,
    )
    .addOption(
      new Option(
        "--aws-provider <major>",
        "major version of the Terraform AWS provider; else that of the config or of the module, else 5",
      ).choices(["5", "6"]),
    )
    .action(async (paths: string[], flags: ValidateFlags) => {
      const common = start(flags, steps);
      const { runValidate } = await import("./validate.ts");
      const options = {
        ...common,
        paths,
        ...(flags.awsProvider !== undefined && {
          awsProvider: flags.awsProvider === "6" ? (6 as const) : (5 as const),
        }),
        ...(flags.config !== undefined && { config: flags.config }),
      } as const;
      steps.ended(await runValidate(options, io));
    });
}

const runSituations = `Situations
  Validate a file and write its records      gen-batch-config run --input orders.csv --schema orders.schema.json
  ... that may have some bad rows            gen-batch-config run --input orders.csv --max-invalid 5%
  Print the records instead                  gen-batch-config run --input orders.csv --destination stdout
  Send them to Kafka of this machine         gen-batch-config run --input orders.csv --destination kafka --brokers localhost:9092 --topic orders --kafka-security none
  See what would be started                  gen-batch-config run --input orders.csv --dry-run

`;

const runExitCodes = `
Below --output are the report, the rejected rows, the logs of the workers, and, with --destination file, one file of
records for each chunk in records/. The same command again continues what was stopped, and does nothing that is done.

Exit codes
  0  every valid record is delivered
  1  the file was refused (65 of a worker), a worker did not find it (66), or the destination took some records never (65)
  2  the command, or a setting of a worker, is wrong (64, 78)
  3  stopped, or a service is away (75), not allowed (77), or a bug (70)`;

interface RunFlags extends CommonFlags {
  readonly input: string;
  readonly output?: string;
  readonly schema?: string;
  readonly maxInvalid?: string;
  readonly destination: Destination;
  readonly brokers?: string;
  readonly topic?: string;
  readonly queueUrl?: string;
  readonly kafkaSecurity?: string;
  readonly region?: string;
  readonly bucket?: string;
  readonly endpointUrl?: string;
  readonly chunkSize?: number;
  readonly threshold?: number;
  readonly module?: string;
  readonly prefix?: string;
  readonly config?: string;
  readonly revalidate?: true;
  readonly dryRun?: true;
}

function addRun(program: Command, io: Io, steps: Steps): void {
  program
    .command("run")
    .description("run a file through the generated definitions on this machine, without AWS")
    .addHelpText("before", runSituations)
    .addHelpText("after", runExitCodes)
    .requiredOption("-i, --input <file>", "CSV file of this machine, plain or compressed", nonEmpty)
    .option("-o, --output <folder>", "folder of this run; else gen-batch-run/ and the name of the file", nonEmpty)
    .option("-s, --schema <file>", "JSON Schema or Table Schema of a record", nonEmpty)
    .option("--max-invalid <count>", "invalid records that are allowed, as a count or as in 5%", nonEmpty)
    .addOption(
      new Option("-d, --destination <destination>", "where valid records go")
        .choices(["file", "stdout", "kafka", "sqs_core"])
        .default("file"),
    )
    .option("--brokers <brokers>", "Kafka brokers, comma-separated; else KAFKA_BROKERS", nonEmpty)
    .option("--topic <topic>", "Kafka topic; else KAFKA_TOPIC", nonEmpty)
    .addOption(new Option("--kafka-security <kind>", "in place of the definition's").choices(["iam", "scram", "none"]))
    .option("--queue-url <url>", "SQS queue; else SQS_CORE_QUEUE", nonEmpty)
    .option("--region <region>", "AWS region; else AWS_REGION", nonEmpty)
    .option("--bucket <bucket>", "name that stands for the S3 bucket; nothing is read from it", nonEmpty)
    .option("--endpoint-url <url>", "of an emulator of AWS, for the workers", nonEmpty)
    .option("--chunk-size <records>", "records of a chunk, in place of the definition's", positiveInteger)
    .option("--threshold <records>", "chunks of more records take the batch route", positiveInteger)
    .option(
      "-m, --module <folder>",
      `generated module; else ${usualModule} when it is here, else one made now`,
      nonEmpty,
    )
    .option("-p, --prefix <prefix>", "run a module made now, with this prefix")
    .option(
      "-c, --config <file>",
      `config that the module is made from or checked with; ${usualConfig} when it is here`,
    )
    .option("--revalidate", "validate again what was validated")
    .option("--dry-run", "print the commands and environments that would be started")
    .addOption(new Option("--format <format>", "format of the summary").choices(["text", "json"]).default("text"))
    .option("--json", "the same as --format json")
    .option("-q, --quiet", "print nothing but what is wrong")
    .option("--no-color", "no colours; NO_COLOR does the same")
    .action(async ({ json, format, ...flags }: RunFlags) => {
      const common = start({ ...flags, format: json ? "json" : format }, steps);
      const { runRun } = await import("./run.ts");
      const { revalidate = false, dryRun = false } = flags;
      steps.ended(await runRun({ ...flags, ...common, revalidate, dryRun }, io));
    });
}

function addOthers(program: Command, io: Io, steps: Steps): void {
  program
    .command("explain")
    .description("explain a rule, a placeholder or an exit code; without a name, list them")
    .argument("[name]", "for example memory-packing, SUBNETS or 75")
    .action(async (name: string | undefined) => {
      const { runExplain } = await import("./explain.ts");
      steps.ended(runExplain(name, io));
    });
  program
    .command("init")
    .description("write a first config file")
    .requiredOption("-p, --prefix <prefix>", "begins every name")
    .argument("[file]", "where to", usualConfig)
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
    `no command is called ${JSON.stringify(word)}`,
    close ? `did you mean ${close}?` : `there are ${names.join(", ")}`,
  );
}

function start(flags: CommonFlags, steps: Steps): CommonOptions {
  const common = commonOptions(flags);
  steps.started(common);
  return common;
}

function collect(value: string, previous: readonly string[]): readonly string[] {
  return [...previous, value];
}

function positiveInteger(value: string): number {
  if (!/^[1-9]\d{0,14}$/.test(value)) throw new InvalidArgumentError("It is no whole number from 1.");
  return Number(value);
}

function nonEmpty(value: string): string {
  if (value === "") throw new InvalidArgumentError("It is empty.");
  return value;
}
