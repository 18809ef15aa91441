import { findOnPath, findProgram } from "./findProgram.ts";
import type { Part } from "./part.ts";
import { run } from "./run.ts";

export interface Program {
  readonly path: string;
}

/** A program from its environment variable or PATH, else from the system's package of that name where this process may install one. */
export async function debianProgram(name: string, variable: string): Promise<Part<Program>> {
  const path = findProgram(name, variable);
  if (path !== undefined) return { path };
  const aptGet = findOnPath("apt-get");
  if (aptGet === undefined || process.getuid?.() !== 0)
    return { absent: `no ${name} on PATH, and ${variable} is not set` };
  try {
    await installPackage(aptGet, name);
  } catch (error) {
    return { absent: `apt-get cannot install ${name} (${(error as Error).message})` };
  }
  const installed = findOnPath(name);
  return installed === undefined ? { absent: `apt-get installed ${name}, but it is not on PATH` } : { path: installed };
}

async function installPackage(aptGet: string, name: string): Promise<void> {
  const options = { env: { DEBIAN_FRONTEND: "noninteractive" }, timeLimitSeconds: 300 };
  // Two tests may want a package at once: the second waits for apt's lock.
  const install = ["-o", "DPkg::Lock::Timeout=120", "install", "--yes", "--no-install-recommends", name];
  const { exitCode } = await run(aptGet, install, { ...options, accept: [0, 100] });
  if (exitCode === 0) return;
  // A new machine has no package lists yet.
  await run(aptGet, ["update"], options);
  await run(aptGet, install, options);
}
