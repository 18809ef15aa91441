import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  /** Added to the environment of this process. */
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
}

export interface Timed {
  /** From before its start until it has ended. */
  readonly seconds: number;
  /** The most memory that it held at once; undefined where the system has no /proc. */
  readonly peakBytes: number | undefined;
  readonly stdout: string;
}

/** Runs a whole process. Throws when it does not end well. */
export function runTimed({ program, args, env, stdin = "" }: Command): Promise<Timed> {
  return new Promise((settle, fail) => {
    const started = performance.now();
    const child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe"], env: { ...process.env, ...env } });
    let stdout = "";
    let stderr = "";
    let seconds = 0;
    let peakBytes: number | undefined;
    // The system counts the peak itself, so that only what is added after the last look is missed.
    const watch = setInterval(() => {
      peakBytes = peakBytesOf(child.pid) ?? peakBytes;
    }, 10);
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr = (stderr + text).slice(-4000)));
    child.on("error", fail);
    child.on("exit", () => {
      seconds = (performance.now() - started) / 1000;
      clearInterval(watch);
    });
    child.on("close", (exitCode, signal) => {
      if (exitCode === 0) settle({ seconds, peakBytes, stdout });
      else fail(new Error(`${program} ${args.join(" ")} ended with ${exitCode ?? signal}\n${stdout}${stderr}`));
    });
    // A program that ends before it has read everything tells so by its exit code.
    child.stdin.on("error", () => {}).end(stdin);
  });
}

export function peakBytesOf(pid: number | undefined): number | undefined {
  try {
    const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
  } catch {
    return undefined;
  }
}
