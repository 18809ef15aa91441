import { tmpdir } from "node:os";
import { join } from "node:path";
import { findOnPath, findProgram } from "./findProgram.ts";
import { locked } from "./locked.ts";
import type { Part } from "./part.ts";
import { run } from "./run.ts";

export interface Program {
  readonly path: string;
}

/** A program from its environment variable or PATH, else from the system's package of that name where this process may install one. */
export async function debianProgram(name: string, variable: string): Promise<Part<Program>> {
  const path = findProgram(name, variable);
  if (path !== undefined) return { path };
  if (findOnPath("apt-get") === undefined || process.getuid?.() !== 0)
    return { absent: `no ${name} on PATH, and ${variable} is not set` };
  try {
    await installPackage(name);
  } catch (error) {
    return { absent: `apt-get cannot install ${name} (${(error as Error).message})` };
  }
  const installed = findOnPath(name);
  return installed === undefined ? { absent: `apt-get installed ${name}, but it is not on PATH` } : { path: installed };
}

/** One at a time on this machine: apt waits for the lock of an install, but not for that of an update. */
export async function installPackage(name: string): Promise<void> {
  const aptGet = findOnPath("apt-get");
  if (aptGet === undefined) throw new Error("there is no apt-get");
  // A browser is large and the machine may be slow; apt that is ended in the middle leaves every later install broken.
  const options = { env: { DEBIAN_FRONTEND: "noninteractive" }, timeLimitSeconds: 1200 };
  const waiting = ["-o", "DPkg::Lock::Timeout=600", "-o", "Acquire::Retries=3"];
  const install = [...waiting, "install", "--yes", "--no-install-recommends", name];
  await locked(join(tmpdir(), "gen-batch-config-apt"), async () => {
    const { exitCode } = await run(aptGet, install, { ...options, accept: [0, 100] });
    if (exitCode === 0) return;
    // A new machine has no package lists yet.
    await run(aptGet, [...waiting, "update"], options);
    await run(aptGet, install, options);
  });
}
