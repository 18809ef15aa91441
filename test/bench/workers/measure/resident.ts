import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Command } from "./runTimed.ts";

/** A process that stays, takes one line of JSON as a request and answers it with one, so that it can be measured warm. */
export interface Resident<Request, Reply> {
  ask(request: Request): Promise<Reply>;
  stop(): Promise<void>;
}

export function startResident<Request, Reply>({ program, args, env }: Command): Resident<Request, Reply> {
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe"], env: { ...process.env, ...env } });
  let stderr = "";
  let waiting: { settle(reply: Reply): void; fail(error: Error): void } | undefined;
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr = (stderr + text).slice(-4000)));
  child.stdin.on("error", () => {});
  child.on("error", (error) => waiting?.fail(error));
  child.on("close", (code, signal) => {
    waiting?.fail(new Error(`${program} ${args.join(" ")} ended with ${code ?? signal}\n${stderr}`));
  });
  createInterface({ input: child.stdout }).on("line", (line) => waiting?.settle(JSON.parse(line) as Reply));
  return {
    ask: (request) =>
      new Promise((settle, fail) => {
        waiting = { settle, fail };
        if (hasEnded(child)) fail(new Error(`${program} ${args.join(" ")} has ended\n${stderr}`));
        else child.stdin.write(`${JSON.stringify(request)}\n`);
      }),
    stop: () =>
      new Promise((settle) => {
        waiting = undefined;
        if (hasEnded(child)) return settle();
        child.once("exit", () => settle());
        child.stdin.end();
      }),
  };
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}
