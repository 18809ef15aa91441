import { findOnPath, findProgram } from "./findProgram.ts";
import type { Part } from "./part.ts";
import { run } from "./run.ts";

export interface Shellcheck {
  readonly path: string;
}

/** shellcheck from SHELLCHECK_PATH or PATH, else the system's package where this process may install one. */
export async function shellcheck(): Promise<Part<Shellcheck>> {
  const path = findProgram("shellcheck", "SHELLCHECK_PATH");
  if (path !== undefined) return { path };
  const aptGet = findOnPath("apt-get");
  if (aptGet === undefined || process.getuid?.() !== 0)
    return { absent: "no shellcheck on PATH, and SHELLCHECK_PATH is not set" };
  try {
    await installPackage(aptGet, "shellcheck");
  } catch (error) {
    return { absent: `apt-get cannot install shellcheck (${(error as Error).message})` };
  }
  const installed = findOnPath("shellcheck");
  return installed === undefined
    ? { absent: "apt-get installed shellcheck, but it is not on PATH" }
    : { path: installed };
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
