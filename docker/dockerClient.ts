import { spawn } from "node:child_process";

/** A docker command that failed, with its output; or there is no client or engine to run it. */
export class DockerFailed extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "DockerFailed";
  }
}

export interface DockerClient {
  /** Runs `docker` with these arguments and returns its standard output. Throws a DockerFailed. */
  docker(...args: readonly string[]): Promise<string>;
}

/** The Docker client on PATH, for the engine in `env` (DOCKER_HOST) or in the client's settings. */
export function dockerClient(env: Readonly<Record<string, string>> = {}): DockerClient {
  return { docker: (...args) => runDocker(args, env) };
}

/** Throws a DockerFailed that says what to do when no engine answers. */
export async function requireEngine({ docker }: DockerClient): Promise<void> {
  try {
    await docker("version", "--format", "{{.Server.Version}}");
  } catch (error) {
    const reason = (error as Error).message;
    throw new DockerFailed(
      `No Docker engine answers.\n${reason}\n  hint: start one, or set DOCKER_HOST to the address of a running one`,
      { cause: error },
    );
  }
}

function runDocker(args: readonly string[], env: Readonly<Record<string, string>>): Promise<string> {
  return new Promise((settle, fail) => {
    const child = spawn("docker", args, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...env } });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on("data", (bytes: Buffer) => stdout.push(bytes));
    child.stderr.on("data", (bytes: Buffer) => stderr.push(bytes));
    child.on("error", (cause) => {
      fail(new DockerFailed(`The docker client cannot be started: ${cause.message}`, { cause }));
    });
    child.on("close", (code) => {
      if (code === 0) settle(Buffer.concat(stdout).toString());
      else
        fail(
          new DockerFailed(
            `docker ${args[0]} failed:\n${Buffer.concat([...stdout, ...stderr])
              .toString()
              .trim()}`,
          ),
        );
    });
  });
}
