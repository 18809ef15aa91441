import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { findOnPath } from "./findProgram.ts";

export interface RunOptions {
  readonly cwd?: string;
  /** Added to the environment of this process; `undefined` removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly timeLimitSeconds?: number;
  /** Exit codes that are an answer and not a failure; only 0 by default. */
  readonly accept?: readonly number[];
}

export interface Finished {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

type Printed = Pick<Finished, "stdout" | "stderr">;

/** A command that could not start, ran out of time or ended with an exit code that is not accepted. */
export class CommandFailed extends Error {
  constructor(what: string, command: string, options: RunOptions, { stdout, stderr }: Printed) {
    const where = options.cwd === undefined ? "" : `\n  in ${options.cwd}`;
    super(`${what}: ${command}${where}${section("stdout", stdout)}${section("stderr", stderr)}`);
    this.name = "CommandFailed";
  }
}

/** Runs a program without a shell and without standard input, and hands back all that it printed. */
export function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  const { cwd, env, timeLimitSeconds = 120, accept = [0] } = options;
  const command = [program, ...args].map(quoted).join(" ");
  const started = performance.now();
  return new Promise((settle, fail) => {
    const child = spawn(program, args, {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...env },
      ...(cwd === undefined ? {} : { cwd }),
    });
    let stdout = "";
    let stderr = "";
    let late = false;
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    const timer = setTimeout(() => {
      late = true;
      end(child);
    }, timeLimitSeconds * 1000);
    const failWith = (what: string) => fail(new CommandFailed(what, command, options, { stdout, stderr }));
    child.on("error", (cause) => {
      clearTimeout(timer);
      failWith(`cannot start (${cause.message})`);
    });
    child.on("close", (exitCode, signal) => {
      clearTimeout(timer);
      if (late) failWith(`no end after ${timeLimitSeconds} s`);
      else if (exitCode === null) failWith(`ended by ${signal}`);
      else if (!accept.includes(exitCode)) failWith(`exit code ${exitCode}`);
      else settle({ exitCode, stdout, stderr, seconds: (performance.now() - started) / 1000 });
    });
  });
}

/** A service that ends when this process does, however it ends: on Linux, where a process can ask for that. */
export function spawnService(program: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  const setpriv = process.platform === "linux" ? findOnPath("setpriv") : undefined;
  if (setpriv === undefined) return spawn(program, args, options);
  return spawn(setpriv, ["--pdeathsig=TERM", "--", program, ...args], options);
}

export function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/** Asks a program that this process started to end, and ends it when it does not listen. */
export function end(child: ChildProcess, graceSeconds = 10): void {
  child.kill("SIGTERM");
  setTimeout(() => child.kill("SIGKILL"), graceSeconds * 1000).unref();
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

const shownLines = 60;

function section(title: string, text: string): string {
  const lines = text.trimEnd().split("\n");
  if (lines.join("") === "") return "";
  const cut = lines.length > shownLines ? [`… ${lines.length - shownLines} lines before`] : [];
  return `\n--- ${title}\n${[...cut, ...lines.slice(-shownLines)].join("\n")}`;
}
