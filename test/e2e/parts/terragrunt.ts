import { readFileSync } from "node:fs";
import { join } from "node:path";
import { findOnPath } from "./findProgram.ts";
import { installOnce } from "./installOnce.ts";
import type { Part } from "./part.ts";
import { cachePath } from "./paths.ts";
import { run } from "./run.ts";

export interface Terragrunt {
  readonly path: string;
  readonly version: string;
}

const modulePath = "github.com/gruntwork-io/terragrunt";
const moduleFolder = join(import.meta.dirname, "terragrunt");

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
    const path = await build(go);
    return { path, version: await versionOf(path) };
  } catch (error) {
    return { absent: `terragrunt cannot be built (${(error as Error).message})` };
  }
}

async function versionOf(path: string): Promise<string> {
  const { stdout } = await run(path, ["--version"]);
  return /(\d+\.\d+\.\d+\S*)/.exec(stdout)?.[1] ?? stdout.trim();
}

async function build(go: string): Promise<string> {
  const goMod = readFileSync(join(moduleFolder, "go.mod"), "utf8");
  const goSum = readFileSync(join(moduleFolder, "go.sum"), "utf8");
  const folder = cachePath("terragrunt");
  const path = join(folder, "terragrunt");
  await installOnce(folder, [goMod, goSum], async () => {
    // A binary that does not know its version calls itself "latest", which a terragrunt_version_constraint takes for 0.0.
    const linkerFlags = `-s -w -X ${modulePath}/internal/version.Version=${pinnedVersion(goMod)}`;
    const args = ["build", "-mod=readonly", "-buildvcs=false", "-ldflags", linkerFlags, "-o", path, modulePath];
    await run(go, args, {
      cwd: moduleFolder,
      env: { CGO_ENABLED: "0", GOFLAGS: "", GOWORK: "off" },
      timeLimitSeconds: 1200,
    });
  });
  return path;
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
