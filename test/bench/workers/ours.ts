import { existsSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { repositoryRoot } from "../../e2e/parts/paths.ts";
import type { Command } from "./measure/runTimed.ts";
import type { Counted } from "./peers/request.ts";

/** The one file of this benchmark that knows how our own programs are called. */

const flow = join(repositoryRoot, "workers/batch_validator/validate.ts");
const validator = join(repositoryRoot, "workers/dist/batch_validator/batch_validator.js");
const processor = join(repositoryRoot, "workers/dist/batch_processor/batch_processor.js");

interface ValidatorFlow {
  validateOnce?(path: string, schemaPath: string, outFolder: string, threads: number): Promise<void>;
}

/** Why there is nothing to measure, as the end of a sentence; undefined when there is. */
export async function reasonWithoutFlow(): Promise<string | undefined> {
  if (!existsSync(flow)) return "there is no workers/batch_validator/validate.ts";
  const { validateOnce } = (await import(pathToFileURL(flow).href)) as ValidatorFlow;
  return validateOnce === undefined ? "workers/batch_validator/validate.ts exports no validateOnce" : undefined;
}

export function reasonWithoutProgram(name: "validator" | "processor"): string | undefined {
  const path = name === "validator" ? validator : processor;
  return existsSync(path) ? undefined : `there is no ${relative(repositoryRoot, path)}; npm run build makes it`;
}

/** Validates in this process, to be called again and again. */
export async function validateOnce(
  path: string,
  schemaPath: string,
  outFolder: string,
  threads: number,
): Promise<void> {
  const { validateOnce } = (await import(pathToFileURL(flow).href)) as ValidatorFlow;
  if (validateOnce === undefined) throw new Error(`${flow} exports no validateOnce`);
  await validateOnce(path, schemaPath, outFolder, threads);
}

export function validatorCommand(
  path: string,
  schemaPath: string,
  outFolder: string,
  threads: number,
  chunkSize?: number,
): Command {
  const args = ["--input", path, "--output", outFolder, "--schema", schemaPath, "--threads", String(threads)];
  // A file of bad records alone is to be read to its end as well.
  const limits = ["--max-invalid", "100%", "--log-level", "error", "--progress", "never"];
  if (chunkSize !== undefined) limits.push("--chunk-size", String(chunkSize));
  return { program: process.execPath, args: [validator, ...args, ...limits], env: { METRICS: "none" } };
}

/** What a run of the validator found, from what it left in its output folder. */
export function countedIn(outFolder: string): Counted {
  const { counts } = readJson<{ counts: { records: number; rejected: number } }>(outFolder, "manifest.json");
  return { records: counts.records, bad: counts.rejected };
}

export interface MeasuredChunk {
  readonly chunkId: string;
  readonly startIndex: number;
  readonly endIndex: number;
  readonly chunkSize: number;
  readonly startByte: number;
  readonly endByte: number;
}

export function chunksIn(outFolder: string): readonly MeasuredChunk[] {
  return readJson<readonly MeasuredChunk[]>(outFolder, "chunks.json");
}

export type Destination =
  | { readonly kind: "kafka"; readonly brokers: string; readonly topic: string; readonly compression: "none" | "gzip" }
  | { readonly kind: "file"; readonly path: string };

export function processorCommand(outFolder: string, chunk: MeasuredChunk, destination: Destination): Command {
  const args = [
    ...["--manifest", join(outFolder, "manifest.json"), "--chunk-id", chunk.chunkId],
    ...["--start-index", String(chunk.startIndex), "--end-index", String(chunk.endIndex)],
    ...["--destination", destination.kind, "--log-level", "error", "--progress", "never"],
    ...(destination.kind === "file" ? ["--destination-file", destination.path] : []),
  ];
  const env =
    destination.kind === "file"
      ? {}
      : {
          KAFKA_BROKERS: destination.brokers,
          KAFKA_TOPIC: destination.topic,
          KAFKA_SECURITY: "none",
          KAFKA_COMPRESSION: destination.compression,
        };
  return { program: process.execPath, args: [processor, ...args], env: { METRICS: "none", ...env } };
}

function readJson<Value>(folder: string, name: string): Value {
  return JSON.parse(readFileSync(join(folder, name), "utf8")) as Value;
}
