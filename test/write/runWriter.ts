import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { WriterAnswer, WriterRequest } from "./writer.ts";

/** How a run of writer.ts ended; no answer when it was killed. */
export interface WriterEnd {
  readonly signal: NodeJS.Signals | null;
  readonly answer: WriterAnswer | undefined;
}

export interface WriterOptions {
  /** Runs as this user; only root may ask for it. */
  readonly uid?: number;
  readonly umask?: string;
}

/** Bundles writer.ts, so that a run of it starts fast. Any user may read the bundle. Call it once, and `remove` at the end. */
export async function bundleWriter(): Promise<{ program: string; remove: () => void }> {
  const program = join(mkdtempSync(join(tmpdir(), "gen-batch-config-writer-")), "writer.mjs");
  const entry = fileURLToPath(new URL("./writer.ts", import.meta.url));
  await build({
    entryPoints: [entry],
    outfile: program,
    bundle: true,
    platform: "node",
    format: "esm",
    external: ["diff"],
  });
  chmodSync(dirname(program), 0o755);
  return { program, remove: () => rmSync(dirname(program), { recursive: true }) };
}

export async function runWriter(
  program: string,
  request: WriterRequest,
  options: WriterOptions = {},
): Promise<WriterEnd> {
  return endOf(startWriter(program, request, options));
}

export function startWriter(program: string, request: WriterRequest, { uid, umask }: WriterOptions = {}): ChildProcess {
  const user = uid === undefined ? {} : { uid, gid: uid };
  const command = [process.execPath, program, JSON.stringify(request)] as const;
  const withUmask = `umask ${umask ?? "022"} && exec "$0" "$@"`;
  return spawn("sh", ["-c", withUmask, ...command], { ...user, cwd: "/", stdio: ["pipe", "pipe", "inherit"] });
}

export async function endOf(child: ChildProcess): Promise<WriterEnd> {
  let printed = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    printed += text;
  });
  const signal = await new Promise<NodeJS.Signals | null>((resolve, reject) => {
    child.once("error", reject).once("close", (_, signal) => resolve(signal));
  });
  const lines = printed.split("\n").filter((line) => line.startsWith("{"));
  return { signal, answer: lines[0] === undefined ? undefined : (JSON.parse(lines[0]) as WriterAnswer) };
}
