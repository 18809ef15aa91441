import { createHash } from "node:crypto";
import { cpSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { debianProgram } from "./debianProgram.ts";
import type { DockerEngine } from "./docker.ts";
import { findOnPath } from "./findProgram.ts";
import { installOnce } from "./installOnce.ts";
import { isAbsent, type Part } from "./part.ts";
import { cachePath } from "./paths.ts";
import { run } from "./run.ts";

export interface BaseImage {
  /** What `docker build` and `docker run` know it by. */
  readonly name: string;
}

const suite = "bookworm";
const nodeVersion = "24.21.0";

/** The npm packages that hold nothing but the binary, for `process.arch`. */
const nodeIntegrity: Readonly<Record<string, string>> = {
  x64: "sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==",
  arm64: "sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==",
};

/**
 * The image that BASE_IMAGE names, else one made here without pulling anything, in the likeness of node:24-bookworm-slim:
 * Debian by debootstrap, and Node.js from npm.
 */
export async function baseImage(engine: DockerEngine): Promise<Part<BaseImage>> {
  const named = process.env.BASE_IMAGE;
  if (named !== undefined && named !== "") {
    return (await holds(engine, named))
      ? { name: named }
      : { absent: `the engine has no ${named}, which BASE_IMAGE names` };
  }
  const integrity = nodeIntegrity[process.arch];
  if (integrity === undefined) return { absent: `no Node.js is pinned for ${process.arch}, and BASE_IMAGE is not set` };
  if (process.getuid?.() !== 0) return { absent: "only root can make one, and BASE_IMAGE is not set" };
  const debootstrap = await debianProgram("debootstrap", "DEBOOTSTRAP_PATH");
  if (isAbsent(debootstrap)) return debootstrap;
  const inputs = [suite, nodeVersion, integrity, "1"];
  const name = `gen-batch-config/test-base:${createHash("sha256").update(inputs.join()).digest("hex").slice(0, 12)}`;
  try {
    if (await holds(engine, name)) return { name };
    const folder = cachePath("base-image");
    await installOnce(folder, inputs, () => makeTar(debootstrap.path, integrity, folder));
    const changes = ['ENTRYPOINT ["docker-entrypoint.sh"]', 'CMD ["node"]'].flatMap((line) => ["--change", line]);
    await engine.docker(["import", ...changes, tarIn(folder), name], { timeLimitSeconds: 300 });
    return { name };
  } catch (error) {
    return { absent: `none can be made, and BASE_IMAGE is not set (${(error as Error).message})` };
  }
}

async function holds({ docker }: DockerEngine, image: string): Promise<boolean> {
  return (await docker(["image", "inspect", image], { accept: [0, 1] })).exitCode === 0;
}

function tarIn(folder: string): string {
  return join(folder, "base.tar");
}

async function makeTar(debootstrap: string, integrity: string, folder: string): Promise<void> {
  const root = join(folder, "root");
  // In a mount namespace of its own: what debootstrap mounts below the folder is gone with it, also when it is ended.
  await run("unshare", ["--mount", debootstrap, "--variant=minbase", suite, root], { timeLimitSeconds: 900 });
  await installNode(root, folder, integrity);
  addPackageManagers(root);
  for (const bulk of ["var/cache/apt", "var/lib/apt/lists"]) rmSync(join(root, bulk), { recursive: true, force: true });
  await run("tar", ["--create", "--file", `${tarIn(folder)}.part`, "--numeric-owner", "--directory", root, "."], {
    timeLimitSeconds: 300,
  });
  renameSync(`${tarIn(folder)}.part`, tarIn(folder));
  rmSync(root, { recursive: true });
}

async function installNode(root: string, folder: string, integrity: string): Promise<void> {
  const npm = findOnPath("npm");
  if (npm === undefined) throw new Error("there is no npm on PATH");
  const specification = `node-linux-${process.arch}@${nodeVersion}`;
  const pack = ["pack", specification, "--json", "--pack-destination", folder];
  const { stdout } = await run(npm, pack, { cwd: folder, timeLimitSeconds: 600 });
  const [packed] = JSON.parse(stdout) as { filename: string; integrity: string }[];
  if (packed?.integrity !== integrity) throw new Error(`${specification} is not what it was: ${packed?.integrity}`);
  const archive = join(folder, packed.filename);
  await run("tar", ["--extract", "--file", archive, "--directory", folder, "package/bin/node"]);
  cpSync(join(folder, "package", "bin", "node"), join(root, "usr/local/bin/node"));
  for (const path of [archive, join(folder, "package")]) rmSync(path, { recursive: true });
}

/** Where node:24-bookworm-slim has them: an image on top of it is to be rid of them. */
function addPackageManagers(root: string): void {
  const programs = [
    ["npm", "../lib/node_modules/npm/bin/npm-cli.js"],
    ["npx", "../lib/node_modules/npm/bin/npx-cli.js"],
    ["corepack", "../lib/node_modules/corepack/dist/corepack.js"],
    ["yarn", "/opt/yarn-v1.22.22/bin/yarn"],
    ["yarnpkg", "/opt/yarn-v1.22.22/bin/yarnpkg"],
  ] as const;
  const bin = join(root, "usr/local/bin");
  for (const [name, target] of programs) {
    const path = target.startsWith("/") ? join(root, target) : join(bin, target);
    mkdirSync(join(path, ".."), { recursive: true });
    writeFileSync(path, "#!/usr/bin/env node\n", { mode: 0o755 });
    symlinkSync(target, join(bin, name));
  }
  writeFileSync(join(bin, "docker-entrypoint.sh"), '#!/bin/sh\nexec "$@"\n', { mode: 0o755 });
}
