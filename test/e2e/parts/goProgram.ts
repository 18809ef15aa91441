import { readFileSync } from "node:fs";
import { join } from "node:path";
import { installOnce } from "./installOnce.ts";
import { cachePath } from "./paths.ts";
import { run } from "./run.ts";

export interface GoProgram {
  /** Of the program, and of the folder beside this file whose go.mod pins it. */
  readonly name: string;
  readonly packagePath: string;
  /** What the linker is to know besides, which may depend on the text of go.mod. */
  readonly linkerFlags?: (goMod: string) => string;
}

/** Builds a program in the cache, once, with exactly the modules that are pinned. Gives its path. */
export async function buildGoProgram(go: string, { name, packagePath, linkerFlags }: GoProgram): Promise<string> {
  const moduleFolder = join(import.meta.dirname, name);
  const goMod = readFileSync(join(moduleFolder, "go.mod"), "utf8");
  const goSum = readFileSync(join(moduleFolder, "go.sum"), "utf8");
  const folder = cachePath(name);
  const path = join(folder, name);
  await installOnce(folder, [goMod, goSum], async () => {
    const flags = `-s -w ${linkerFlags?.(goMod) ?? ""}`.trim();
    const args = ["build", "-mod=readonly", "-buildvcs=false", "-ldflags", flags, "-o", path, packagePath];
    await run(go, args, {
      cwd: moduleFolder,
      env: { CGO_ENABLED: "0", GOFLAGS: "", GOWORK: "off" },
      timeLimitSeconds: 1200,
    });
  });
  return path;
}
