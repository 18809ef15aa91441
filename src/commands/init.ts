import { writeFile } from "node:fs/promises";
import configSchema from "../../schemas/config.schema.json" with { type: "json" };
import { Fault, WrongUsage } from "../model/problem.ts";
import { shown } from "../report/sentence.ts";
import { exitCodes } from "./exitCodes.ts";
import type { Io } from "./io.ts";

/** Writes a starter config file with every common key as a comment. Never overwrites a file. */
export async function runInit(prefix: string, file: string, io: Io): Promise<number> {
  const { pattern, minLength, maxLength } = configSchema.properties.prefix;
  if (!new RegExp(pattern).test(prefix) || prefix.length < minLength || prefix.length > maxLength) {
    throw new WrongUsage(
      `the prefix is ${shown(prefix)}; expected ${minLength} to ${maxLength} characters matching ${pattern}`,
      "for example gss-dev",
    );
  }
  try {
    await writeFile(file, starterConfig(prefix), { flag: "wx" });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "EEXIST")
      throw new WrongUsage(`${file} already exists`, "choose another file name, or edit this file");
    throw new Fault(`cannot write ${file} (${code})`, { cause: error });
  }
  io.out(`created  ${file}\nNext: gen-batch-config --config ${file}\n`);
  return exitCodes.fine;
}

function starterConfig(prefix: string): string {
  return `# Config of gen-batch-config. "gen-batch-config schema config" prints every key that can be used here.
prefix: ${JSON.stringify(prefix)}

# aws_region: us-east-1
# s3_bucket: ${prefix}-batch-data
# msk_topic: ${prefix}-records
# record_destination: kafka        # or sqs_core
# tags:
#   Team: data

# Each document can be overridden with its own keys; keys that are left out keep their defaults.
# compute_environment:
#   compute_resources:
#     max_vcpus: 128
#     instance_types: [c5.4xlarge, c5.2xlarge, c6i.4xlarge, c6i.2xlarge]
# batch_processing_job:
#   container_properties:
#     memory: 7168                 # sells every vCPU of the c5 family
`;
}
