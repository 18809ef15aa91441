/** Builds the images of the workers: `npm run images -- [--base-image IMAGE] [--tag TAG] [--revision COMMIT]`. */
import { parseArgs } from "node:util";
import { bundleWorkers } from "../workers/build/bundleWorkers.ts";
import { buildImages, imagePrograms } from "./buildImages.ts";
import { DockerFailed, dockerClient, requireEngine } from "./dockerClient.ts";

const usage = `Bundles the workers and builds their images with Docker.

  npm run images                                     gen-batch-config/batch_validator and batch_processor, tagged with their version
  npm run images -- --tag 1.4.0                      ... tagged 1.4.0
  npm run images -- --base-image registry/node:24    ... on an image of your own that has Node.js 20 or newer in it
  npm run images -- --revision "$(git rev-parse HEAD)"   ... labelled with the commit

The engine is the one that DOCKER_HOST names, else the local one. Nothing is pushed.`;

try {
  const { values } = parseArgs({
    options: {
      "base-image": { type: "string" },
      tag: { type: "string" },
      revision: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help === true) {
    console.log(usage);
  } else {
    const { "base-image": baseImage, tag, revision } = values;
    const client = dockerClient();
    await requireEngine(client);
    const workers = await bundleWorkers({ only: imagePrograms });
    for (const image of await buildImages(client, workers, { baseImage, tag, revision })) {
      console.log(
        `${image.name}  ${megabytes(image.size)}, of which ${megabytes(image.sizeOnBase)} on top of the base image; Node.js ${image.nodeVersion}`,
      );
    }
  }
} catch (error) {
  const isWrongUsage = (error as NodeJS.ErrnoException).code?.startsWith("ERR_PARSE_ARGS") === true;
  if (!isWrongUsage && !(error instanceof DockerFailed)) throw error;
  console.error(isWrongUsage ? `${(error as Error).message}\n\n${usage}` : (error as Error).message);
  process.exitCode = isWrongUsage ? 2 : 1;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
