import { existsSync, mkdirSync, readdirSync, renameSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { findProgram } from "./findProgram.ts";
import { installOnce } from "./installOnce.ts";
import type { Part } from "./part.ts";
import { cachePath } from "./paths.ts";
import { run } from "./run.ts";

/** The provider that `aws_provider: 5` is applied with. */
export const awsProviderVersion = "5.100.0";

export interface Terraform {
  readonly path: string;
  readonly version: string;
  /** What a process needs in its environment so that Terraform finds the provider. */
  readonly env: Readonly<Record<string, string>>;
}

/** Terraform from TERRAFORM_PATH or PATH, with the AWS provider from a mirror on this machine or downloaded. */
export async function terraform(): Promise<Part<Terraform>> {
  const path = findProgram("terraform", "TERRAFORM_PATH");
  if (path === undefined) return { absent: "no terraform on PATH, and TERRAFORM_PATH is not set" };
  const version = await versionOf(path);
  if (!isSupported(version)) return { absent: `${path} is version ${version}; the module needs 1.5 or newer` };
  try {
    const mirror = findMirror() ?? (await downloadProvider(path));
    return { path, version, env: environment(writeCliConfig("mirror.tfrc", mirrorConfig(mirror))) };
  } catch (error) {
    return { absent: `no AWS provider ${awsProviderVersion} (${(error as Error).message})` };
  }
}

async function versionOf(path: string): Promise<string> {
  // The environment may name a CLI config file that does not exist, of which Terraform would complain among its JSON.
  const { stdout } = await run(path, ["version", "-json"], { env: environment(writeCliConfig("empty.tfrc", "")) });
  const { terraform_version: version } = JSON.parse(stdout) as { terraform_version: string };
  return version;
}

function isSupported(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major === 1 && minor >= 5;
}

/** A folder in Terraform's mirror layout, host/namespace/type/version/platform, that holds the provider. */
function findMirror(): string | undefined {
  const places = [
    process.env.TF_PLUGIN_MIRROR,
    join(homedir(), ".terraform.d", "plugins"),
    join(homedir(), ".local", "share", "terraform", "plugins"),
    "/usr/local/share/terraform/plugins",
    "/usr/share/terraform/plugins",
    ...foldersBelow("/opt"),
  ];
  return places.find((place) => place !== undefined && place !== "" && holdsProvider(place));
}

function foldersBelow(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
}

function holdsProvider(mirror: string): boolean {
  if (!existsSync(mirror) || !statSync(mirror).isDirectory()) return false;
  return readdirSync(mirror).some((host) => existsSync(join(mirror, host, "hashicorp", "aws", awsProviderVersion)));
}

/** What `terraform init` leaves in `.terraform/providers` has the layout of a mirror: one download serves every unit. */
async function downloadProvider(terraformPath: string): Promise<string> {
  const folder = cachePath("aws-provider");
  await installOnce(folder, [awsProviderVersion], async () => {
    writeFileSync(join(folder, "main.tf"), providerRequirement);
    const env = environment(writeCliConfig("direct.tfrc", directConfig));
    await run(terraformPath, ["init", "-backend=false", "-input=false"], { cwd: folder, env, timeLimitSeconds: 600 });
  });
  return join(folder, ".terraform", "providers");
}

const providerRequirement = `terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "${awsProviderVersion}"
    }
  }
}
`;

const directConfig = `provider_installation {
  direct {}
}
`;

function mirrorConfig(mirror: string): string {
  return `provider_installation {
  filesystem_mirror {
    path    = ${JSON.stringify(mirror)}
    include = ["*/*/*"]
  }
}
`;
}

function writeCliConfig(name: string, text: string): string {
  const folder = cachePath("terraform");
  mkdirSync(folder, { recursive: true });
  const path = join(folder, name);
  // Moved into place: another test may be reading it.
  const written = `${path}.${process.pid}`;
  writeFileSync(written, text);
  renameSync(written, path);
  return path;
}

function environment(cliConfig: string): Record<string, string> {
  return { TF_CLI_CONFIG_FILE: cliConfig, CHECKPOINT_DISABLE: "1", TF_IN_AUTOMATION: "1", TF_INPUT: "0" };
}
