import { type Command, InvalidArgumentError, Option } from "commander";
import { type ProblemFormat, problemFormats } from "../report/formats.ts";
import { settingNamed } from "../shared/contract.ts";
import type { CommonOptions } from "./io.ts";
import { usualConfig, usualModule } from "./usualFiles.ts";

// Every flag of the larger commands, next to the option that it sets. Help and completion are derived from these definitions.

/** What commander makes of the flags that become `Options`. */
export type FlagsOf<Options extends CommonOptions> = Omit<Options, keyof CommonOptions> & CommonFlags;

export interface CommonFlags {
  readonly format: ProblemFormat;
  readonly json?: true;
  readonly strict?: true;
  readonly quiet?: true;
  /** False with --no-color. */
  readonly color: boolean;
}

export function commonOptions(flags: CommonFlags): CommonOptions {
  return {
    format: flags.json ? "json" : flags.format,
    strict: flags.strict ?? false,
    quiet: flags.quiet ?? false,
    color: flags.color,
  };
}

function withCommonFlags(command: Command): Command {
  return command
    .addOption(
      new Option("--format <format>", "output format of problems and results")
        .choices([...problemFormats])
        .default("text"),
    )
    .option("--json", "the same as --format json")
    .option("--strict", "treat warnings as errors")
    .option("-q, --quiet", "print only problems")
    .option("--no-color", "disable colours; so does NO_COLOR");
}

export interface GenerateOptions extends CommonOptions {
  readonly prefix?: string;
  readonly config?: string;
  readonly out: string;
  readonly set: readonly string[];
  readonly latePrefix?: true;
  /** At most one of these three: each shows something instead of writing the files. */
  readonly dryRun?: true;
  readonly diff?: true;
  readonly check?: true;
  readonly force?: true;
}

export function withGenerateFlags(command: Command): Command {
  return withCommonFlags(command)
    .option("-p, --prefix <prefix>", 'prefix of every name, for example "gss-dev"')
    .option("-c, --config <file>", "config file in YAML or JSON")
    .option("-o, --out <folder>", "output folder", nonEmpty, usualModule)
    .option("--set <path=value>", "set one value of the config; can be repeated", collect, [])
    .option("--late-prefix", "leave ${PREFIX} in the documents, for Terragrunt to bind")
    .addOption(new Option("--dry-run", "list what would be written").conflicts(["diff", "check", "force"]))
    .addOption(
      new Option("--diff", "show what would change as a unified diff; exit 1 if anything would").conflicts([
        "check",
        "force",
      ]),
    )
    .addOption(new Option("--check", "check that the folder matches the config; exit 1 if not").conflicts("force"))
    .option("--force", "overwrite files that were edited by hand or not generated");
}

export interface ValidateOptions extends CommonOptions {
  readonly config?: string;
  /** Takes precedence over the config and the module. */
  readonly awsProvider?: "5" | "6";
}

export function withValidateFlags(command: Command): Command {
  return withCommonFlags(command)
    .option(
      "-c, --config <file>",
      `config whose placeholders and ignored rules apply to the documents (default: ${usualConfig}, if present)`,
    )
    .addOption(
      new Option(
        "--aws-provider <major>",
        "major version of the Terraform AWS provider (default: from the config or the module, else 5)",
      ).choices(["5", "6"]),
    );
}

export interface RunOptions extends CommonOptions {
  readonly input: string;
  readonly output?: string;
  readonly schema?: string;
  readonly maxInvalid?: string;
  readonly destination: string;
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

export function withRunFlags(command: Command): Command {
  return command
    .requiredOption("-i, --input <file>", "local CSV file, plain or compressed", nonEmpty)
    .option("-o, --output <folder>", "folder of this run (default: gen-batch-run/ and the name of the file)", nonEmpty)
    .option("-s, --schema <file>", "JSON Schema or Table Schema of the records", nonEmpty)
    .option("--max-invalid <count>", "number of invalid records to allow, or a percentage such as 5%", nonEmpty)
    .addOption(
      new Option("-d, --destination <destination>", "where valid records go")
        .choices(choicesOf("RECORD_DESTINATION"))
        .default("file"),
    )
    .option("--brokers <brokers>", "Kafka brokers, comma-separated (default: KAFKA_BROKERS)", nonEmpty)
    .option("--topic <topic>", "Kafka topic (default: KAFKA_TOPIC)", nonEmpty)
    .addOption(
      new Option("--kafka-security <kind>", "overrides that of the job definition").choices(
        choicesOf("KAFKA_SECURITY"),
      ),
    )
    .option("--queue-url <url>", "URL of the SQS queue (default: SQS_CORE_QUEUE)", nonEmpty)
    .option("--region <region>", "AWS region (default: AWS_REGION)", nonEmpty)
    .option("--bucket <bucket>", "name to use for the S3 bucket; nothing is read from it", nonEmpty)
    .option("--endpoint-url <url>", "endpoint of an AWS emulator, for the workers", nonEmpty)
    .option("--chunk-size <records>", "records per chunk; overrides that of the job definition", positiveInteger)
    .option("--threshold <records>", "chunks with more records than this take the batch route", positiveInteger)
    .option(
      "-m, --module <folder>",
      `generated module (default: ${usualModule} if present, else one generated for this run)`,
      nonEmpty,
    )
    .option("-p, --prefix <prefix>", "run a module generated now, with this prefix")
    .option("-c, --config <file>", `config to generate or check the module with (default: ${usualConfig}, if present)`)
    .option("--revalidate", "validate again even if the file was validated before")
    .option("--dry-run", "print the commands and environments that would be run")
    .addOption(new Option("--format <format>", "format of the summary").choices(["text", "json"]).default("text"))
    .option("--json", "the same as --format json")
    .option("-q, --quiet", "print only problems")
    .option("--no-color", "disable colours; so does NO_COLOR");
}

/** The values that a variable of the workers may have. */
function choicesOf(variable: string): readonly string[] {
  return settingNamed(variable).choices ?? [];
}

function collect(value: string, previous: readonly string[]): readonly string[] {
  return [...previous, value];
}

function positiveInteger(value: string): number {
  if (!/^[1-9]\d{0,14}$/.test(value)) throw new InvalidArgumentError("It must be a whole number of at least 1.");
  return Number(value);
}

function nonEmpty(value: string): string {
  if (value === "") throw new InvalidArgumentError("It must not be empty.");
  return value;
}
