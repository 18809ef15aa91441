import { findOnPath } from "./findProgram.ts";
import { buildGoProgram } from "./goProgram.ts";
import type { Part } from "./part.ts";
import { run } from "./run.ts";

export interface Terragrunt {
  readonly path: string;
  readonly version: string;
}

const modulePath = "github.com/gruntwork-io/terragrunt";

/** Terragrunt 1.x from TERRAGRUNT_PATH or PATH, else built from the version that `terragrunt/go.mod` pins. */
export async function terragrunt(): Promise<Part<Terragrunt>> {
  const named = process.env.TERRAGRUNT_PATH;
  if (named !== undefined && named !== "") return { path: named, version: await versionOf(named) };
  const installed = findOnPath("terragrunt");
  if (installed !== undefined) {
    const version = await versionOf(installed);
    if (version.startsWith("1.")) return { path: installed, version };
  }
  const go = findOnPath("go");
  if (go === undefined)
    return { absent: "no terragrunt 1.x on PATH, TERRAGRUNT_PATH is not set, and there is no go to build it" };
  try {
    const path = await buildGoProgram(go, { name: "terragrunt", packagePath: modulePath, linkerFlags });
    return { path, version: await versionOf(path) };
  } catch (error) {
    return { absent: `terragrunt cannot be built (${(error as Error).message})` };
  }
}

async function versionOf(path: string): Promise<string> {
  const { stdout } = await run(path, ["--version"]);
  return /(\d+\.\d+\.\d+\S*)/.exec(stdout)?.[1] ?? stdout.trim();
}

/** A binary that does not know its version calls itself "latest", which a terragrunt_version_constraint takes for 0.0. */
function linkerFlags(goMod: string): string {
  return `-X ${modulePath}/internal/version.Version=${pinnedVersion(goMod)}`;
}

function pinnedVersion(goMod: string): string {
  const version = goMod
    .split("\n")
    .map((line) =>
      line
        .trim()
        .replace(/^require\s+/, "")
        .split(/\s+/),
    )
    .find(([path]) => path === modulePath)?.[1];
  if (version === undefined) throw new Error(`terragrunt/go.mod does not require ${modulePath}`);
  return version;
}
