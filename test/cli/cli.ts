import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { onTestFinished } from "vitest";

export const program = resolve("dist/cli.js");

export interface Ended {
  /** Null when a signal ended it. */
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Options {
  readonly cwd: string;
  /** The whole environment besides PATH. */
  readonly env?: Readonly<Record<string, string>>;
  /** Only root may ask for it. */
  readonly uid?: number;
  readonly program?: string;
}

export function startCli(
  args: readonly string[],
  { cwd, env = {}, uid, program: path = program }: Options,
): ChildProcess {
  return spawn(process.execPath, [path, ...args], {
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env.PATH, ...env },
    ...(uid !== undefined && { uid, gid: uid }),
  });
}

export function endOf(child: ChildProcess): Promise<Ended> {
  let stdout = "";
  let stderr = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  return new Promise((settle, fail) => {
    child.once("error", fail).once("close", (exit) => settle({ exit, stdout, stderr }));
  });
}

/** Runs the built command line. */
export function cli(args: readonly string[], options: Options): Promise<Ended> {
  return endOf(startCli(args, options));
}

/** A folder of its own for one test, gone when the test ends. */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), "gen-batch-config-cli-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A copy of the program that every user may read, whoever owns the repository. */
export function programForAll(): string {
  const folder = scratch();
  cpSync(resolve("dist"), join(folder, "dist"), { recursive: true });
  execFileSync("chmod", ["-R", "a+rX", folder]);
  return join(folder, "dist", "cli.js");
}

/** Every file below a folder with its text; links and other things by their kind. */
export function filesIn(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => !entry.isDirectory());
  const found = entries.map((entry) => {
    const path = join(entry.parentPath, entry.name);
    return [path.slice(folder.length + 1), entry.isFile() ? readFileSync(path, "utf8") : "not a file"] as const;
  });
  return Object.fromEntries(found.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** In CI a test that cannot run is a failure; elsewhere it is skipped, and says why. */
export function skipUnless(reason: string | undefined, skip: (note: string) => void): void {
  if (reason === undefined) return;
  if (process.env.CI === "true") throw new Error(reason);
  skip(reason);
}
