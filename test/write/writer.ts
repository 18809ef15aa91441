/**
 * A program that does one `writeOutput`, for tests that need it in a process of its own: to be killed, to be another
 * user, to run beside others. Its one argument is a `WriterRequest` in JSON; it prints a `WriterAnswer`.
 */
import { appendFileSync } from "node:fs";
import { Fault, InvalidInput } from "../../src/model/problem.ts";
import type { RenderedFile } from "../../src/model/renderedFile.ts";
import type { WriteResult } from "../../src/write/result.ts";
import { writeOutput } from "../../src/write/writeOutput.ts";
import { processes } from "./processes.ts";

export interface WriterRequest {
  readonly files: readonly RenderedFile[];
  readonly folder: string;
  readonly force?: boolean;
  readonly lockWaitMs?: number;
  /** Counted from 0: SIGKILL before this step. */
  readonly killAt?: number;
  /** Counted from 0: this step fails. */
  readonly failAt?: number;
  /** Says "held" before the step of this name, and goes on when its standard input ends. */
  readonly holdAt?: string;
  /** Each step is appended here, after the number of the process. */
  readonly log?: string;
}

export type WriterAnswer =
  | { readonly result: WriteResult }
  | { readonly refused: readonly string[] }
  | { readonly fault: string; readonly hint: string | undefined };

async function main(request: WriterRequest): Promise<WriterAnswer> {
  const { files, folder, force, lockWaitMs } = request;
  let count = 0;
  const onStep = async (step: string): Promise<void> => {
    const index = count++;
    if (request.log !== undefined) appendFileSync(request.log, `${process.pid} ${step}\n`);
    if (step === request.holdAt) await hold();
    if (index === request.killAt) await killSelf();
    if (index === request.failAt) throw new Fault(`failed at ${step}`);
  };
  try {
    return { result: await writeOutput(files, folder, { force, lockWaitMs, onStep, processes }) };
  } catch (error) {
    if (error instanceof InvalidInput) return { refused: error.problems.map(({ rule, file }) => `${rule} ${file}`) };
    if (error instanceof Fault) return { fault: error.message, hint: error.hint };
    throw error;
  }
}

async function killSelf(): Promise<never> {
  process.kill(process.pid, "SIGKILL");
  return new Promise(() => setInterval(() => {}, 1000));
}

async function hold(): Promise<void> {
  process.stdout.write("held\n");
  for await (const _ of process.stdin);
}

console.log(JSON.stringify(await main(JSON.parse(process.argv[2] ?? "") as WriterRequest)));
