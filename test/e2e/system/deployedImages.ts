import { buildImages, imagePrograms } from "../../../docker/buildImages.ts";
import { dockerClient } from "../../../docker/dockerClient.ts";
import { bundleWorkers, workersVersion } from "../../../workers/build/bundleWorkers.ts";
import type { BaseImage } from "../parts/baseImage.ts";
import type { DockerEngine } from "../parts/docker.ts";

const registry = "public.ecr.aws";

/** Builds the images of the jobs, and names them as the generated job definitions do: as if they had been pulled. */
export async function buildDeployedImages(engine: DockerEngine, base: BaseImage, folder: string): Promise<void> {
  const workers = await bundleWorkers({ only: imagePrograms, targetFolder: folder });
  const images = await buildImages(dockerClient(engine.env), workers, { baseImage: base.name });
  for (const { name } of images) await engine.docker(["image", "tag", name, `${registry}/${name}`]);
}

/** For an engine that outlives the tests. */
export async function removeDeployedImages(engine: DockerEngine): Promise<void> {
  const names = imagePrograms.map((program) => `gen-batch-config/${program}:${workersVersion}`);
  const all = [...names, ...names.map((name) => `${registry}/${name}`)];
  // With 1 when they were never built.
  await engine.docker(["image", "rm", "--force", ...all], { accept: [0, 1] });
}
