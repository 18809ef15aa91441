import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { assembleLiveTree, type RunTerragrunt } from "../live.ts";
import { repositoryRoot } from "../parts/paths.ts";
import { run } from "../parts/run.ts";

export interface ToApply {
  readonly terragrunt: RunTerragrunt;
  readonly scratch: string;
  /** In YAML, as a user writes it. */
  readonly config: string;
  /** Units, each with all that it depends on; every one when left out. */
  readonly units?: readonly string[] | undefined;
}

/** Generates from a config and applies it, beside the small units that it depends on. Done again, it updates both. Gives the tree. */
export async function applyGenerated({ terragrunt, scratch, config, units = [] }: ToApply): Promise<string> {
  const configPath = join(scratch, "gen-batch-config.yaml");
  const generated = join(scratch, "generated");
  const tree = join(scratch, "live");
  writeFileSync(configPath, config);
  const cli = join(repositoryRoot, "dist", "cli.js");
  await run(process.execPath, [cli, "--config", configPath, "--out", generated]);
  assembleLiveTree({ generated, into: tree });
  const filters = units.flatMap((unit) => ["--filter", `./${unit}...`]);
  await terragrunt(["run", "--all", ...filters, "--", "apply"], { cwd: tree });
  return tree;
}
