import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { bundleProgram } from "../../../workers/build/bundleProgram.ts";
import { cachePath, repositoryRoot } from "../../e2e/parts/paths.ts";
import type { Command } from "./measure/runTimed.ts";

/** The one file of this benchmark that knows how our own programs are called. */

const validator = join(repositoryRoot, "workers/dist/batch_validator/batch_validator.js");
const processor = join(repositoryRoot, "workers/dist/batch_processor/batch_processor.js");

const residentFolder = cachePath("bench/resident");

/** Bundles what `residentCommand` starts: our validator in a process that stays, so that it can be measured warm. */
export async function bundleResident(): Promise<void> {
  const { files } = await bundleProgram(
    {
      name: "resident",
      description: "Our validator, asked again and again.",
      entryPoints: {
        "resident.js": "../test/bench/workers/peers/residentOurs.ts",
        "thread.js": "batch_validator/thread.ts",
      },
      shape: "parts",
    },
    { workingFolder: repositoryRoot, sourceFolder: join(repositoryRoot, "workers") },
  );
  rmSync(residentFolder, { recursive: true, force: true });
  mkdirSync(residentFolder, { recursive: true });
  for (const [path, contents] of files) writeFileSync(join(residentFolder, path), contents);
  writeFileSync(join(residentFolder, "package.json"), '{ "type": "module" }\n');
}

export const residentCommand: Command = {
  program: process.execPath,
  args: [join(residentFolder, "resident.js")],
};

export function reasonWithoutProgram(name: "validator" | "processor"): string | undefined {
  const path = name === "validator" ? validator : processor;
  return existsSync(path) ? undefined : `there is no ${relative(repositoryRoot, path)}; npm run build:workers makes it`;
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
