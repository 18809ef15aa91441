import { cpSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { repositoryRoot } from "./parts/paths.ts";
import { run } from "./parts/run.ts";

/** A repository with the working tree's files as its only commit, so that a change is tested before it is committed. */
export async function commitWorkingTree(folder: string): Promise<string> {
  const list = await git(
    repositoryRoot,
    "ls-files",
    "-z",
    "--cached",
    "--others",
    "--exclude-standard",
    "--deduplicate",
  );
  const deleted = new Set((await git(repositoryRoot, "ls-files", "-z", "--deleted")).split("\0"));
  for (const path of list.split("\0").filter((path) => path !== "" && !deleted.has(path))) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    cpSync(join(repositoryRoot, path), join(folder, path), { verbatimSymlinks: true });
  }
  await git(folder, "init", "--quiet");
  await git(folder, "add", "--all");
  await git(
    folder,
    "-c",
    "user.name=test",
    "-c",
    "user.email=test@example.com",
    "commit",
    "--quiet",
    "--message=working tree",
  );
  return (await git(folder, "rev-parse", "HEAD")).trim();
}

export async function git(cwd: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await run("git", args, { cwd, env: { ...outsideGit(), GIT_CONFIG_GLOBAL: "/dev/null" } });
  return stdout;
}

/** Without what `npm run` puts into the environment: a user's commit has none of it. */
export function outsideNpm(): Record<string, undefined> {
  return unset(/^npm_/i);
}

/** Without what Git tells a hook, should these tests be run by one. */
function outsideGit(): Record<string, undefined> {
  return unset(/^GIT_(?!CONFIG)/);
}

function unset(pattern: RegExp): Record<string, undefined> {
  return Object.fromEntries(
    Object.keys(process.env)
      .filter((name) => pattern.test(name))
      .map((name) => [name, undefined]),
  );
}
