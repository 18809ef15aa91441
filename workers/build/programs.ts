/** A separately deployed program: a folder of workers/dist/. */
export interface Program {
  /** Name of its folder, and of the program that a job definition's command ends with. */
  readonly name: string;
  readonly description: string;
  /** Source files below workers/ by the name of the file that they become. */
  readonly entryPoints: Readonly<Record<string, string>>;
  /**
   * "parts": one entry file, and one for each part that is loaded on demand, because a job that writes to
   * SQS should not wait for Kafka. "one file": what a Lambda function is uploaded as.
   */
  readonly shape: "parts" | "one file";
}

export const programs: readonly Program[] = [
  {
    name: "batch_validator",
    description: "Checks a file of records in one pass and divides it into chunks.",
    entryPoints: { "batch_validator.js": "batch_validator/main.ts", "thread.js": "batch_validator/thread.ts" },
    shape: "parts",
  },
  {
    name: "batch_processor",
    description: "Delivers the records of a chunk to Kafka or SQS.",
    entryPoints: { "batch_processor.js": "batch_processor/main.ts" },
    shape: "parts",
  },
  {
    name: "lambda",
    description: "Delivers the records of a small chunk to Kafka or SQS, as a Lambda function.",
    entryPoints: { "index.mjs": "lambda/handler.ts" },
    shape: "one file",
  },
];

/**
 * The program that a job definition's command names, `/opt/batch-processing/<name>`. It is also the entry point of the
 * image, so that `docker run IMAGE --help` works; AWS Batch then passes a command that starts with its path.
 */
export function launcher(name: string): string {
  return `#!/usr/bin/env node
if (process.argv[2] === "/opt/batch-processing/${name}") process.argv.splice(2, 1);
await import("./${name}.js");
`;
}

/** The command that uploads the function's zip file to the key in lambda-function.json. */
export function uploadCommand(path: string, version: string): string {
  return `aws s3 cp ${path} s3://BUCKET/batch-processing/batch_processor-${version}.zip`;
}
