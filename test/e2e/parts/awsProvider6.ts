import { rmSync } from "node:fs";
import { join } from "node:path";
import { findOnPath } from "./findProgram.ts";
import { installOnce } from "./installOnce.ts";
import type { Part } from "./part.ts";
import { cachePath } from "./paths.ts";
import { run } from "./run.ts";

/** The npm package that is generated from version 6 of the AWS provider. */
const specification = "@cdktn/provider-aws@25.7.0";
const integrity = "sha512-E/nhu0yVZE4mXMgIPuI8tEFt1BExLkA7ARjihdG+/HmfDfzLr+OEF3dkFRvI6glRt30lrrBWQLwXqCJBxcmyUg==";

export interface AwsProvider6 {
  /** Holds a folder for each resource type, in kebab-case without "aws", with its declarations in index.d.ts. */
  readonly folder: string;
}

/** The declarations of a few resource types. The package is 479 MB unpacked, so only these are taken out of it. */
export async function awsProvider6(resources: readonly string[]): Promise<Part<AwsProvider6>> {
  const npm = findOnPath("npm");
  const tar = findOnPath("tar");
  if (npm === undefined || tar === undefined) return { absent: "no npm or no tar on PATH" };
  const folder = cachePath("aws-provider-6");
  try {
    await installOnce(folder, [specification, integrity, ...resources], async () => {
      const pack = ["pack", specification, "--json", "--pack-destination", folder];
      const { stdout } = await run(npm, pack, { cwd: folder, timeLimitSeconds: 600 });
      const [packed] = JSON.parse(stdout) as { filename: string; integrity: string }[];
      if (packed?.integrity !== integrity) throw new Error(`${specification} is not what it was: ${packed?.integrity}`);
      const file = join(folder, packed.filename);
      await run(tar, [
        "-xzf",
        file,
        "-C",
        folder,
        ...resources.map((resource) => `package/lib/${resource}/index.d.ts`),
      ]);
      rmSync(file);
    });
    return { folder: join(folder, "package", "lib") };
  } catch (error) {
    return { absent: `${specification} cannot be had (${(error as Error).message})` };
  }
}
