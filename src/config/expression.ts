/**
 * The expressions that may supply a placeholder. An expression is the only text in a config that becomes HCL code,
 * so only these forms are accepted: a path below `local` or `dependency.NAME.outputs`, `join("text", path)`, `basename(path)`, a value of a
 * shared file (`read_terragrunt_config(find_in_parent_folders("env.hcl")).locals.name`), `get_env("NAME", "text")`, or
 * `get_aws_account_id()`.
 */
export interface Expression {
  readonly hcl: string;
  /** The output that is read of a dependency, if any. */
  readonly dependency?: { readonly name: string; readonly path: readonly string[]; readonly joined: boolean };
  /** The local of batch.hcl that is read, if any. */
  readonly local?: string;
}

/** Undefined for any other text. */
export function parseExpression(text: string): Expression | undefined {
  const hcl = text.trim();
  const join = /^join\(("[ ,;|:-]{0,3}"), (.+)\)$/.exec(hcl);
  const last = /^basename\((.+)\)$/.exec(hcl);
  const inner = parsePath(join?.[2] ?? last?.[1] ?? hcl);
  if (inner !== undefined) {
    const { local, dependency } = inner;
    return {
      hcl,
      ...(local !== undefined && { local }),
      ...(dependency && { dependency: { ...dependency, joined: join !== null } }),
    };
  }
  if (join === null && (sharedFile.test(hcl) || environment.test(hcl) || hcl === account)) return { hcl };
  return undefined;
}

const name = "[A-Za-z_][A-Za-z0-9_-]*";
const step = `\\.${name}|\\["[A-Za-z0-9_./-]+"\\]|\\[[0-9]{1,3}\\]`;
const localPath = new RegExp(`^local\\.(${name})((?:${step})*)$`);
const dependencyPath = new RegExp(`^dependency\\.(${name})\\.outputs((?:${step})+)$`);
const sharedFile = new RegExp(
  `^read_terragrunt_config\\(find_in_parent_folders\\("[A-Za-z0-9_-]+\\.hcl"\\)\\)\\.locals(?:${step})+$`,
);
const environment = /^get_env\("[A-Za-z_][A-Za-z0-9_]*"(?:, "[A-Za-z0-9 _.,:/-]*")?\)$/;

const account = "get_aws_account_id()";

interface Path {
  readonly local?: string;
  readonly dependency?: { readonly name: string; readonly path: readonly string[] };
}

function parsePath(hcl: string): Path | undefined {
  const local = localPath.exec(hcl);
  if (local?.[1] !== undefined) return { local: local[1] };
  const dependency = dependencyPath.exec(hcl);
  if (dependency?.[1] === undefined || dependency[2] === undefined) return undefined;
  return { dependency: { name: dependency[1], path: pathKeys(dependency[2]) } };
}

/** `.a["b"][0]` as ["a", "b", "0"]. */
function pathKeys(path: string): string[] {
  return [...path.matchAll(/\.([A-Za-z0-9_-]+)|\["([^"]+)"\]|\[([0-9]+)\]/g)].map(
    (match) => match[1] ?? match[2] ?? match[3] ?? "",
  );
}
