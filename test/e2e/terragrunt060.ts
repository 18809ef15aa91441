import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "@cdktn/hcl2json";

/**
 * What the Terragrunt files of a folder use and Terragrunt 0.60 does not know; nothing means that it can read them.
 * Compared with lists, because that release is not to be had from the registries that the other parts come from.
 */
export async function unknownToTerragrunt060(folder: string): Promise<readonly string[]> {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".hcl"));
  const findings = await Promise.all(
    paths.map(async (path) => {
      const text = readFileSync(join(folder, path), "utf8");
      const parsed: Record<string, unknown> = await parse(path, text);
      return [...unknownNames(parsed), ...unknownFunctions(text)].map((finding) => `${path}: ${finding}`);
    }),
  );
  return findings.flat().sort();
}

function unknownNames(file: Record<string, unknown>): string[] {
  return Object.entries(file).flatMap(([name, content]) => {
    const allowed = top.get(name);
    if (allowed === undefined) return [name];
    if (allowed === "anything") return [];
    return bodies(content).flatMap((body) =>
      Object.keys(body)
        .filter((inner) => !allowed.has(inner))
        .map((inner) => `${name}.${inner}`),
    );
  });
}

/** A block without a label is a list of bodies, one with a label a map of such lists. */
function bodies(content: unknown): Record<string, unknown>[] {
  if (Array.isArray(content)) return content;
  return Object.values(content as Record<string, Record<string, unknown>[]>).flat();
}

function unknownFunctions(text: string): string[] {
  const code = text.replaceAll(/(^|\s)(#|\/\/).*$/gm, "");
  const called = [...code.matchAll(/\b([a-z][a-z0-9_]*)\(/g)].map(([, name = ""]) => name);
  return [...new Set(called)].filter((name) => !functions.has(name)).map((name) => `${name}()`);
}

const words = (text: string) => new Set(text.trim().split(/\s+/));

/** Blocks with what they may hold, and attributes, at the top of a file. */
const top = new Map<string, ReadonlySet<string> | "anything">([
  ["locals", "anything"],
  ["inputs", "anything"],
  ["include", words("path expose merge_strategy")],
  ["terraform", words("source include_in_copy extra_arguments before_hook after_hook error_hook")],
  [
    "dependency",
    words(`config_path enabled skip_outputs mock_outputs mock_outputs_allowed_terraform_commands
      mock_outputs_merge_with_state mock_outputs_merge_strategy_with_state`),
  ],
  ["dependencies", words("paths")],
  ["generate", words("path if_exists contents comment_prefix disable_signature disable")],
  ["remote_state", words("backend config generate disable_init disable_dependency_optimization")],
  ["terragrunt_version_constraint", "anything"],
  ["terraform_version_constraint", "anything"],
]);

/** Terragrunt's own functions of that time, and those of Terraform 0.15, which it evaluates with. */
const functions = words(`
  endswith find_in_parent_folders get_aws_account_id get_aws_caller_identity_arn get_aws_caller_identity_user_id get_env
  get_original_terragrunt_dir get_parent_terragrunt_dir get_path_from_repo_root get_path_to_repo_root get_platform
  get_repo_root get_terraform_cli_args get_terraform_command get_terraform_commands_that_need_input
  get_terraform_commands_that_need_locking get_terraform_commands_that_need_parallelism
  get_terraform_commands_that_need_vars get_terragrunt_dir get_terragrunt_source_cli_flag get_working_dir
  path_relative_from_include path_relative_to_include read_terragrunt_config read_tfvars_file run_cmd
  sops_decrypt_file startswith strcontains timecmp

  abs abspath alltrue anytrue base64decode base64encode base64gzip base64sha256 base64sha512 basename bcrypt can ceil
  chomp chunklist cidrhost cidrnetmask cidrsubnet cidrsubnets coalesce coalescelist compact concat contains csvdecode
  dirname distinct element file filebase64 filebase64sha256 filebase64sha512 fileexists filemd5 fileset filesha1
  filesha256 filesha512 flatten floor format formatdate formatlist indent index join jsondecode jsonencode keys length
  log lookup lower map matchkeys max md5 merge min nonsensitive one parseint pathexpand pow range regex regexall replace
  reverse rsadecrypt sensitive setintersection setproduct setsubtract setunion sha1 sha256 sha512 signum slice sort split
  strrev substr sum templatefile textdecodebase64 textencodebase64 timeadd timestamp title tobool tolist tomap tonumber
  toset tostring transpose trim trimprefix trimspace trimsuffix try upper urlencode uuid uuidv5 values yamldecode
  yamlencode zipmap
`);
