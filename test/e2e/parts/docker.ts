import type { ChildProcess } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { installPackage } from "./debianProgram.ts";
import { findOnPath, findProgram } from "./findProgram.ts";
import type { Part } from "./part.ts";
import { end, type Finished, hasEnded, type RunOptions, run, spawnService } from "./run.ts";

export interface DockerEngine {
  /** What a process needs in its environment so that a Docker client finds the engine: nothing, or DOCKER_HOST. */
  readonly env: Readonly<Record<string, string>>;
  /** Runs the docker client. */
  docker(args: readonly string[], options?: RunOptions): Promise<Finished>;
  /** Ends the engine, with everything in it, if `dockerEngine` started it. */
  stop(): Promise<void>;
}

/**
 * The engine that DOCKER_HOST names, else the one that runs on this machine, else one of our own: Debian's, without a
 * network of its own, so that it changes nothing on the machine. Containers in it use `--network host` or `none`.
 */
export async function dockerEngine(): Promise<Part<DockerEngine>> {
  const host = process.env.DOCKER_HOST;
  const isNamed = host !== undefined && host !== "";
  const running = await runningEngine();
  if (running !== undefined) return running;
  if (isNamed) return { absent: `no engine answers at ${host}, which DOCKER_HOST names` };
  if (process.getuid?.() !== 0) return { absent: "no engine runs here, and only root can start one" };
  try {
    if (findOnPath("dockerd") === undefined) await installPackage("docker.io");
    // Debian starts what it installs, where it has an init system.
    return (await runningEngine()) ?? (await startEngine());
  } catch (error) {
    return { absent: `no engine runs here, and none can be started (${(error as Error).message})` };
  }
}

async function runningEngine(): Promise<DockerEngine | undefined> {
  const client = findClient();
  return client !== undefined && (await answers(client, {})) ? engine(client, {}, async () => {}) : undefined;
}

async function startEngine(): Promise<DockerEngine> {
  const dockerd = findOnPath("dockerd");
  const client = findClient();
  if (dockerd === undefined || client === undefined) throw new Error("docker.io is installed, but not on PATH");
  // Not in the cache: the path of a socket has to be short, and two tests must not share the data.
  const folder = mkdtempSync(join(tmpdir(), "docker-"));
  // The settings of this machine's own engine, if it has one, are not meant for this one.
  writeFileSync(join(folder, "daemon.json"), "{}");
  const env = { DOCKER_HOST: `unix://${join(folder, "docker.sock")}` };
  const child = spawnUnshared(dockerd, folder, [
    `--host=${env.DOCKER_HOST}`,
    `--config-file=${join(folder, "daemon.json")}`,
    `--data-root=${join(folder, "data")}`,
    `--exec-root=${join(folder, "exec")}`,
    `--pidfile=${join(folder, "docker.pid")}`,
    "--bridge=none",
    "--iptables=false",
    "--ip6tables=false",
  ]);
  const stop = async () => {
    await ended(child);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await untilItAnswers(child, client, env);
  } catch (error) {
    const log = readFileSync(join(folder, "log"), "utf8").slice(-2000);
    await stop();
    throw new Error(`${(error as Error).message}\n${log}`, { cause: error });
  }
  return engine(client, env, stop);
}

/** In a mount namespace of its own, so that no mount is left behind. */
function spawnUnshared(dockerd: string, folder: string, args: readonly string[]): ChildProcess {
  const log = openSync(join(folder, "log"), "w");
  try {
    return spawnService("unshare", ["--mount", "--", dockerd, ...args], { stdio: ["ignore", log, log] });
  } finally {
    closeSync(log);
  }
}

const startLimitSeconds = 60;

async function untilItAnswers(child: ChildProcess, client: string, env: Record<string, string>): Promise<void> {
  let failure: Error | undefined;
  child.once("error", (error) => (failure = error));
  child.once("exit", (code, signal) => (failure = new Error(`dockerd ended with ${code ?? signal}`)));
  const deadline = performance.now() + startLimitSeconds * 1000;
  while (!(await answers(client, env))) {
    if (failure !== undefined) throw failure;
    if (performance.now() > deadline) throw new Error(`dockerd did not answer within ${startLimitSeconds} s`);
    await sleep(200);
  }
}

function ended(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || hasEnded(child)) return Promise.resolve();
  return new Promise((settle) => {
    child.once("exit", () => settle());
    end(child, 30);
  });
}

function engine(client: string, env: Readonly<Record<string, string>>, stop: () => Promise<void>): DockerEngine {
  const docker = (args: readonly string[], options: RunOptions = {}) =>
    run(client, args, { ...options, env: { ...env, ...options.env } });
  return { env, docker, stop };
}

async function answers(client: string, env: Readonly<Record<string, string>>): Promise<boolean> {
  const info = ["info", "--format", "{{.ServerVersion}}"];
  // With no engine, newer clients print the error and an empty version and end with 0.
  const { exitCode, stdout } = await run(client, info, { env, accept: [0, 1] });
  return exitCode === 0 && stdout.trim() !== "";
}

function findClient(): string | undefined {
  return findProgram("docker", "DOCKER_PATH");
}
