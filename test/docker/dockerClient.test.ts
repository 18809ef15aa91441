import { join } from "node:path";
import { expect, test } from "vitest";
import { type DockerClient, DockerFailed, dockerClient, requireEngine } from "../../docker/dockerClient.ts";

test("without an engine it is said what to do", async () => {
  const client: DockerClient = {
    docker: () => Promise.reject(new DockerFailed("docker version failed:\nCannot connect to the Docker daemon")),
  };
  const requiring = requireEngine(client);
  await expect(requiring).rejects.toBeInstanceOf(DockerFailed);
  await expect(requiring).rejects.toThrow(/No Docker engine answers[\s\S]*Cannot connect[\s\S]*hint:.*DOCKER_HOST/);
});

test("without a client, or with an engine that is not there, it fails with a reason", async () => {
  const nowhere = join(import.meta.dirname, "no-such.sock");
  await expect(requireEngine(dockerClient({ DOCKER_HOST: `unix://${nowhere}` }))).rejects.toThrow(
    /No Docker engine answers/,
  );
});
