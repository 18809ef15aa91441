#!/usr/bin/env node
import module from "node:module";
import { fileURLToPath } from "node:url";

// Since Node 22.8 compiled code is cached between runs; everything imported below this line starts faster the second time.
// The types are those of Node 20, which does not have this function.
(module as { enableCompileCache?: () => void }).enableCompileCache?.();
const { runCli } = await import("./commands/runCli.ts");

process.stdout.on("error", endOfOutput);
// Work in progress continues without messages; its result and the exit code still count.
process.stderr.on("error", () => {});

process.exitCode = await runCli(process.argv.slice(2), {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  colors: { out: wantsColor(process.stdout), err: wantsColor(process.stderr) },
  processes: { pid: process.pid, isRunning },
  machine: {
    execPath: process.execPath,
    environment: process.env,
    workersFolder: fileURLToPath(new URL("../workers/dist", import.meta.url)),
    lambdaHost: fileURLToPath(new URL("./lambdaHost.js", import.meta.url)),
    onSignal,
    columns: () => (process.stderr.isTTY ? process.stderr.columns : undefined),
  },
});

/** https://no-color.org: a NO_COLOR that is not empty means no. */
function wantsColor(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== "dumb";
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function onSignal(listener: (signal: "SIGTERM" | "SIGINT") => void): () => void {
  process.on("SIGTERM", listener).on("SIGINT", listener);
  return () => void process.off("SIGTERM", listener).off("SIGINT", listener);
}

/** A reader such as `head` closes the pipe early, which is not a fault. A full disk ends the command: its result is lost. */
function endOfOutput(error: NodeJS.ErrnoException): void {
  if (error.code === "EPIPE") return;
  const hint = error.code === "ENOSPC" ? "\n  hint: make room on the disk that the output goes to" : "";
  process.stderr.write(`gen-batch-config: cannot write to stdout (${error.code})${hint}\n`);
  process.exit(3);
}
