/**
 * Run by npm after installing this repository, and before packing it. Plain JavaScript: nothing is installed yet
 * when npm installs the repository globally from Git, as pre-commit does, although its documentation says otherwise
 * (https://github.com/npm/cli/issues/8440).
 */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";

// The package contains this file, because its package.json names it, but is already built: npm runs it for anyone who
// unpacks the package and installs the folder.
if (existsSync("src/derive/main.ts")) build();

function build() {
  // "install" respects the lock file too; "ci" would first delete what a running install has written.
  if (!existsSync("node_modules/.bin/tsx"))
    npm("install", "--no-save", "--include=dev", "--ignore-scripts", "--no-audit", "--no-fund");
  npm("run", "build");
  try {
    npm("run", "build:workers", "--silent");
  } catch (error) {
    // A package without them would be broken. Everything except "run" works without them, such as the pre-commit hooks.
    if (["pack", "publish"].includes(process.env.npm_command)) throw error;
    console.warn('The workers could not be built. "gen-batch-config run" needs them: see "npm run build:workers".');
  }
}

function npm(...args) {
  const cli = process.env.npm_execpath;
  if (cli === undefined) throw new Error('this is a step of npm; run "npm run prepare"');
  // A global install passes "global" on to every npm that it starts, which then ignores this folder.
  const env = { ...process.env, npm_config_global: "false", npm_config_location: "project" };
  execFileSync(process.execPath, [cli, ...args], { stdio: "inherit", env });
}
