import { spawn } from "node:child_process";
import { constants } from "node:os";
import type { Readable } from "node:stream";
import { Fault } from "../../model/problem.ts";

export interface ProcessRequest {
  /** The program and its arguments; no shell reads them. */
  readonly command: readonly [string, ...string[]];
  /** The whole environment of the process. */
  readonly environment: Readonly<Record<string, string>>;
  /** "own": inherited from this process. Otherwise its lines go to `onLine`. */
  readonly stdout: "lines" | "own";
  readonly stderr: "lines" | "own";
}

export interface StartedProcess {
  /** Undefined when it could not be started. */
  readonly pid: number | undefined;
  /** The exit code; for a process that a signal ended, 128 plus the signal's number, as for a container. */
  readonly ended: Promise<number>;
  readonly kill: (signal: "SIGTERM" | "SIGINT" | "SIGKILL") => void;
}

export type StartProcess = (request: ProcessRequest, onLine: (line: string) => void) => StartedProcess;

/** Starts a process. `ended` rejects when it cannot be started. */
export const startProcess: StartProcess = ({ command: [program, ...args], environment, stdout, stderr }, onLine) => {
  const child = spawn(program, args, {
    env: environment,
    stdio: ["ignore", stdout === "own" ? "inherit" : "pipe", stderr === "own" ? "inherit" : "pipe"],
    // A separate process group, so that Ctrl-C on a terminal reaches only us and we pass it on once. Twice means "at once".
    detached: true,
  });
  for (const stream of [child.stdout, child.stderr]) if (stream !== null) readLines(stream, onLine);
  const ended = new Promise<number>((settle, fail) => {
    child.once("error", (error: NodeJS.ErrnoException) => {
      fail(new Fault(`cannot start ${program} (${error.code})`, { cause: error }));
    });
    child.once("close", (code, signal) => settle(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
  });
  return { pid: child.pid, ended, kill: (signal) => void child.kill(signal) };
};

/** Calls back for whole lines, in whatever pieces they arrive. Overlong lines are cut, so that memory is bounded. */
function readLines(stream: Readable, onLine: (line: string) => void): void {
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (text: string) => {
    const lines = text.split("\n");
    lines[0] = rest + (lines[0] ?? "");
    rest = lines.pop() ?? "";
    if (rest.length > maxLineLength) rest = rest.slice(0, maxLineLength);
    for (const line of lines) onLine(line.slice(0, maxLineLength));
  });
  stream.on("end", () => {
    if (rest !== "") onLine(rest);
  });
}

const maxLineLength = 1024 * 1024;
