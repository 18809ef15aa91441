import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import type { Part } from "./part.ts";
import { isAbsent } from "./part.ts";
import { pythonVenv } from "./pythonVenv.ts";
import { end, hasEnded } from "./run.ts";

/** Something that answers like AWS: one that runs already, or what it takes to start one. */
export type EmulatorSource = { readonly url: string } | { readonly python: string };

export interface Emulator {
  readonly url: string;
  /** Forgets every resource. */
  reset(): Promise<void>;
  /** The last of what it complained about, for the message of a test; nothing of one that ran already. */
  complaints(): string;
  /** Ends it if `startEmulator` started it. */
  stop(): Promise<void>;
}

/**
 * The emulator that AWS_EMULATOR_URL names, else moto installed into the cache. The fixes reach into moto, so only the
 * release that they were written for will do, whatever else is installed on this machine.
 */
export async function emulatorSource(): Promise<Part<EmulatorSource>> {
  const url = process.env.AWS_EMULATOR_URL;
  if (url !== undefined && url !== "") return { url };
  const venv = await pythonVenv("moto");
  return isAbsent(venv) ? venv : { python: join(venv.programs, "python") };
}

/** `environment` names a Docker engine, if it is to run jobs of AWS Batch. */
export async function startEmulator(
  source: EmulatorSource,
  environment: Readonly<Record<string, string>> = {},
): Promise<Emulator> {
  if ("url" in source) {
    return { url: source.url, reset: () => reset(source.url), complaints: () => "", stop: async () => {} };
  }
  const child = spawn(source.python, ["-B", join(import.meta.dirname, "emulator.py")], {
    stdio: ["pipe", "pipe", "pipe"],
    // Emulated credentials: moto itself asks for none, but some of its services call others through an SDK that does.
    env: {
      ...process.env,
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      // What functions of AWS Lambda are run with.
      EMULATOR_NODE: process.execPath,
      ...environment,
    },
  });
  let complaints = "";
  child.stderr?.on("data", (bytes: Buffer) => (complaints = (complaints + bytes).slice(-20_000)));
  const url = await announcedUrl(child);
  return { url, reset: () => reset(url), complaints: () => complaints, stop: () => stop(child) };
}

const startLimitSeconds = 60;

function announcedUrl(child: ChildProcess): Promise<string> {
  return new Promise((settle, fail) => {
    let stdout = "";
    let stderr = "";
    const giveUp = (what: string) => {
      clearTimeout(timer);
      end(child);
      fail(new Error(`the AWS emulator ${what}\n${stderr.slice(-4000)}`));
    };
    const timer = setTimeout(() => giveUp(`did not answer within ${startLimitSeconds} s`), startLimitSeconds * 1000);
    // Read for as long as it runs: a full pipe would bring it to a halt.
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (stderr = (stderr + text).slice(-4000)));
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      const line = /^\{.*\}$/m.exec(stdout)?.[0];
      if (line === undefined) return;
      clearTimeout(timer);
      settle((JSON.parse(line) as { url: string }).url);
    });
    child.on("error", (error) => giveUp(`cannot start: ${error.message}`));
    child.on("exit", (code) => giveUp(`ended with exit code ${code}`));
  });
}

async function reset(url: string): Promise<void> {
  const response = await fetch(`${url}/moto-api/reset`, { method: "POST" });
  if (!response.ok) throw new Error(`the AWS emulator cannot be reset: status ${response.status}`);
}

const graceSeconds = 10;

function stop(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return Promise.resolve();
  return new Promise((settle) => {
    // It ends by itself then, and takes what it unpacked along.
    child.stdin?.end();
    const timer = setTimeout(() => end(child), graceSeconds * 1000);
    child.once("exit", () => {
      clearTimeout(timer);
      settle();
    });
  });
}
