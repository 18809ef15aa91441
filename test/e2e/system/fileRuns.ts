import { type Execution, type ExecutionInput, Executions } from "./executions.ts";
import { Jobs } from "./jobs.ts";
import { type RecordFile, recordSchema } from "./recordFiles.ts";
import type { Credentials } from "./signedCall.ts";
import type { Storage } from "./storage.ts";

const schemaKey = "schemas/records.schema.json";

/** How a file went through the state machine. */
export interface FileRun extends Execution {
  readonly source: string;
  /** Prefix of all that was written. */
  readonly output: string;
  readonly states: readonly string[];
  /** What the execution tells when it has succeeded. */
  readonly summary: Readonly<Record<string, unknown>> | undefined;
}

/** Puts files into the bucket and has the state machine run them, as a caller with credentials does. */
export class FileRuns {
  readonly jobs: Jobs;
  readonly #storage: Storage;
  readonly #executions: Executions;

  constructor(endpoint: string, storage: Storage) {
    this.jobs = new Jobs(endpoint);
    this.#storage = storage;
    this.#executions = new Executions(endpoint);
  }

  /** From now on. */
  useCredentials(credentials: Credentials): void {
    this.#storage.useCredentials(credentials);
    this.#executions.useCredentials(credentials);
    this.jobs.useCredentials(credentials);
  }

  /** `name` is that of the execution; `while` goes on beside it, and is given the prefix of the output. */
  async run(
    name: string,
    file: RecordFile,
    options: Partial<ExecutionInput> & { readonly meanwhile?: (output: string) => Promise<void> } = {},
  ): Promise<FileRun> {
    const { meanwhile, ...given } = options;
    const input = `incoming/${name}.csv`;
    await this.#storage.put(input, file.csv);
    await this.#storage.put(schemaKey, JSON.stringify(recordSchema));
    return this.runInput(name, { input, schema: schemaKey, ...given }, meanwhile);
  }

  async runInput(
    name: string,
    input: ExecutionInput,
    meanwhile: (output: string) => Promise<void> = async () => {},
  ): Promise<FileRun> {
    const output = input.output ?? `runs/${name}/`;
    const arn = await this.#executions.start(name, input);
    const [execution] = await Promise.all([this.#executions.ended(arn), meanwhile(output)]);
    return {
      ...execution,
      source: `s3://${this.#storage.bucket}/${input.input}`,
      output: output,
      states: await this.#executions.statesOf(arn),
      summary: execution.output === undefined ? undefined : JSON.parse(execution.output),
    };
  }

  /** Chunks that AWS Batch processed in a run. */
  async chunksOnBatch({ output }: FileRun): Promise<string[]> {
    const jobs = await this.jobs.of(output, "processing");
    return jobs.map(({ parameters }) => parameters?.chunkId ?? "").sort();
  }

  close(): void {
    this.jobs.close();
  }
}
