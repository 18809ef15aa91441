import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { type Finished, type RunOptions, run } from "./parts/run.ts";
import type { Terraform } from "./parts/terraform.ts";
import type { Terragrunt } from "./parts/terragrunt.ts";

/** Runs Terragrunt with arguments, strict, without questions and against the emulator. */
export type RunTerragrunt = (
  args: readonly string[],
  options: RunOptions & { readonly cwd: string },
) => Promise<Finished>;

/** Addresses of resources by what a plan does to them. */
export interface PlannedChanges {
  readonly create: readonly string[];
  readonly update: readonly string[];
  readonly replace: readonly string[];
  readonly delete: readonly string[];
}

export const noChanges: PlannedChanges = { create: [], update: [], replace: [], delete: [] };

/**
 * Lays a generated module between the small units that it depends on.
 * A unit that the module brings itself takes the place of the one here; the root stays ours, since it speaks to the emulator.
 */
export function assembleLiveTree({ generated, into }: { readonly generated: string; readonly into: string }): void {
  cpSync(join(import.meta.dirname, "live"), into, { recursive: true });
  cpSync(generated, into, { recursive: true, filter: (source) => source !== join(generated, "root.hcl") });
}

export function terragruntRunner(parts: {
  readonly terragrunt: Terragrunt;
  readonly terraform: Terraform;
  readonly emulator: { readonly url: string };
}): RunTerragrunt {
  const env = {
    ...parts.terraform.env,
    TG_TF_PATH: parts.terraform.path,
    TG_STRICT_MODE: "true",
    TG_NON_INTERACTIVE: "true",
    TG_NO_COLOR: "true",
    TG_NO_CAS: "true",
    TG_LOG_LEVEL: "error",
    TG_TF_FORWARD_STDOUT: "true",
    // Terraform starts the AWS provider, a program of 700 MB, three times a plan; collecting garbage less often saves a
    // fourth of what that costs.
    GOGC: "400",
    AWS_EMULATOR_URL: parts.emulator.url,
    // Terragrunt itself asks whose credentials it has, for get_aws_account_id().
    AWS_ENDPOINT_URL_STS: parts.emulator.url,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_SESSION_TOKEN: undefined,
    AWS_PROFILE: undefined,
    AWS_REGION: "us-east-1",
  };
  return (args, options) =>
    run(parts.terragrunt.path, args, { timeLimitSeconds: 600, ...options, env: { ...env, ...options.env } });
}

/** What a plan of one unit would do. */
export async function planUnit(terragrunt: RunTerragrunt, unit: string): Promise<PlannedChanges> {
  const folder = mkdtempSync(join(tmpdir(), "plan-"));
  try {
    const file = join(folder, "plan");
    await terragrunt(["run", "--", "plan", `-out=${file}`], { cwd: unit });
    const { stdout } = await terragrunt(["run", "--", "show", "-json", file], { cwd: unit });
    return plannedChanges(stdout);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What a plan of every unit below a folder would do, by the name of the unit. */
export async function planAll(terragrunt: RunTerragrunt, tree: string): Promise<ReadonlyMap<string, PlannedChanges>> {
  const folder = mkdtempSync(join(tmpdir(), "plan-"));
  try {
    await terragrunt(["run", "--all", "--json-out-dir", folder, "--", "plan"], { cwd: tree });
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
      (path) => basename(path) === "tfplan.json",
    );
    return new Map(files.map((path) => [join(path, ".."), plannedChanges(readFileSync(join(folder, path), "utf8"))]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface PlanJson {
  readonly resource_changes?: readonly {
    readonly address: string;
    readonly change: { readonly actions: readonly string[] };
  }[];
}

function plannedChanges(planJson: string): PlannedChanges {
  const changes = (JSON.parse(planJson) as PlanJson).resource_changes ?? [];
  const addresses = (...actions: string[]) =>
    changes
      .filter(({ change }) => actions.includes(change.actions.join()))
      .map(({ address }) => address)
      .sort();
  return {
    create: addresses("create"),
    update: addresses("update"),
    replace: addresses("delete,create", "create,delete"),
    delete: addresses("delete"),
  };
}
