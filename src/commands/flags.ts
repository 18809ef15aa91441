import { type Command, InvalidArgumentError, Option } from "commander";
import { type ProblemFormat, problemFormats } from "../report/formats.ts";
import { settingNamed } from "../shared/contract.ts";
import type { CommonOptions } from "./io.ts";
import { usualConfig, usualModule } from "./usualFiles.ts";

// Every flag of the commands with more than one, beside the options that it becomes. Help and completion follow from it.

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
      new Option("--format <format>", "format of problems and results").choices([...problemFormats]).default("text"),
    )
    .option("--json", "the same as --format json")
    .option("--strict", "warnings fail too")
    .option("-q, --quiet", "print nothing but what is wrong")
    .option("--no-color", "no colours; NO_COLOR does the same");
}

export interface GenerateOptions extends CommonOptions {
  readonly prefix?: string;
  readonly config?: string;
  readonly out: string;
  readonly set: readonly string[];
  readonly latePrefix?: true;
  /** One of these three at most: each shows something in place of writing it. */
  readonly dryRun?: true;
  readonly diff?: true;
  readonly check?: true;
  readonly force?: true;
}

export function withGenerateFlags(command: Command): Command {
  return withCommonFlags(command)
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
}

export interface ValidateOptions extends CommonOptions {
  readonly config?: string;
  /** Wins over that of the config and of the module. */
  readonly awsProvider?: "5" | "6";
}

export function withValidateFlags(command: Command): Command {
  return withCommonFlags(command)
    .option(
      "-c, --config <file>",
      `config whose placeholders and ignored rules hold for the documents; ${usualConfig} when it is here`,
    )
    .addOption(
      new Option(
        "--aws-provider <major>",
        "major version of the Terraform AWS provider; else that of the config or of the module, else 5",
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
    .requiredOption("-i, --input <file>", "CSV file of this machine, plain or compressed", nonEmpty)
    .option("-o, --output <folder>", "folder of this run; else gen-batch-run/ and the name of the file", nonEmpty)
    .option("-s, --schema <file>", "JSON Schema or Table Schema of a record", nonEmpty)
    .option("--max-invalid <count>", "invalid records that are allowed, as a count or as in 5%", nonEmpty)
    .addOption(
      new Option("-d, --destination <destination>", "where valid records go")
        .choices(choicesOf("RECORD_DESTINATION"))
        .default("file"),
    )
    .option("--brokers <brokers>", "Kafka brokers, comma-separated; else KAFKA_BROKERS", nonEmpty)
    .option("--topic <topic>", "Kafka topic; else KAFKA_TOPIC", nonEmpty)
    .addOption(
      new Option("--kafka-security <kind>", "in place of the definition's").choices(choicesOf("KAFKA_SECURITY")),
    )
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
    .option("--no-color", "no colours; NO_COLOR does the same");
}

/** The values that a variable of the workers may have. */
function choicesOf(variable: string): readonly string[] {
  return settingNamed(variable).choices ?? [];
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
