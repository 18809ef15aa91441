import { cpSync, lutimesSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import packageJson from "../package.json" with { type: "json" };
import { type BundledWorker, workersVersion } from "../workers/build/bundleWorkers.ts";
import type { DockerClient } from "./dockerClient.ts";

export interface BuildOptions {
  /** An image with Node.js; that of the Dockerfile by default. */
  readonly baseImage?: string | undefined;
  /** Tag of the images; the version of the workers by default. */
  readonly tag?: string | undefined;
  /** Commit of the images, for their label. */
  readonly revision?: string | undefined;
}

export interface BuiltImage {
  /** Such as gen-batch-config/batch_validator:0.1.0. */
  readonly name: string;
  /** In bytes, all layers together. */
  readonly size: number;
  /** In bytes, the layers on top of the base image. */
  readonly sizeOnBase: number;
  /** Of Node.js, as in process.versions.node. */
  readonly nodeVersion: string;
}

/** A registry shows an image beside the repository that its label names. */
const source = packageJson.repository.url.replace(/^git\+|\.git$/g, "");

const defaultBaseImage = "node:24-bookworm-slim";

/** The programs that AWS Batch runs: the targets of the Dockerfile. */
export const imagePrograms = ["batch_validator", "batch_processor"] as const;

/** Builds an image of each of these bundles. Throws a DockerFailed. */
export async function buildImages(
  client: DockerClient,
  workers: readonly BundledWorker[],
  options: BuildOptions = {},
): Promise<BuiltImage[]> {
  const { baseImage = defaultBaseImage } = options;
  const nodeVersion = await nodeVersionOf(client, baseImage);
  const baseSize = await sizeOf(client, baseImage);
  const context = assembleContext(workers, nodeVersion);
  try {
    const images: BuiltImage[] = [];
    for (const { program } of workers) {
      const name = `gen-batch-config/${program.name}:${options.tag ?? workersVersion}`;
      await buildImage(client, { ...options, baseImage, name, target: program.name, context });
      const size = await sizeOf(client, name);
      images.push({ name, size, sizeOnBase: size - baseSize, nodeVersion });
    }
    return images;
  } finally {
    rmSync(context, { recursive: true, force: true });
  }
}

/** Runs the image to find out: its name or tag may be wrong. Docker pulls it here if necessary. */
async function nodeVersionOf({ docker }: DockerClient, image: string): Promise<string> {
  const printed = await docker(
    "run",
    "--rm",
    "--network=none",
    "--entrypoint=node",
    image,
    "-p",
    "process.versions.node",
  );
  return printed.trim();
}

async function sizeOf({ docker }: DockerClient, image: string): Promise<number> {
  return Number(await docker("image", "inspect", "--format", "{{.Size}}", image));
}

/** The bundles as they go into the images. Every file gets the same time, so that builds are reproducible. */
function assembleContext(workers: readonly BundledWorker[], nodeVersion: string): string {
  const context = mkdtempSync(join(tmpdir(), "gen-batch-config-images-"));
  for (const { folder, program, sbomWithNode } of workers) {
    const target = join(context, program.name);
    cpSync(folder, target, { recursive: true });
    writeFileSync(join(target, "sbom.cdx.json"), sbomWithNode(nodeVersion));
    for (const path of readdirSync(target, { recursive: true, encoding: "utf8" })) setTime(join(target, path));
    setTime(target);
  }
  return context;
}

function setTime(path: string): void {
  // SOURCE_DATE_EPOCH is the standard variable for the time to write; without it, an obviously artificial time.
  const seconds = Number(process.env.SOURCE_DATE_EPOCH || 315_532_800);
  lutimesSync(path, seconds, seconds);
}

interface Build extends BuildOptions {
  readonly baseImage: string;
  readonly name: string;
  readonly target: string;
  readonly context: string;
}

async function buildImage({ docker }: DockerClient, build: Build): Promise<void> {
  await docker(
    "build",
    `--file=${join(import.meta.dirname, "Dockerfile")}`,
    `--target=${build.target}`,
    `--tag=${build.name}`,
    `--build-arg=BASE_IMAGE=${build.baseImage}`,
    `--build-arg=VERSION=${workersVersion}`,
    `--build-arg=SOURCE=${source}`,
    `--build-arg=REVISION=${build.revision ?? "unknown"}`,
    "--network=none",
    build.context,
  );
}
