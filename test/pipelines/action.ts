import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { onTestFinished } from "vitest";
import { parse } from "yaml";

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly steps: readonly [Step] };
}

interface Step {
  readonly "working-directory": string;
  readonly env: Readonly<Record<string, string>>;
  readonly run: string;
}

export const action = parse(readFileSync("action.yml", "utf8")) as Action;

export interface ActionRun {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly outputs: Readonly<Record<string, string>>;
}

export interface Runner {
  /** Of the user's repository, where a workflow has checked it out. */
  readonly workspace: string;
  /** Runs the script of action.yml as GitHub runs it, with these inputs and the defaults of the others. */
  run(inputs?: Readonly<Record<string, string>>): ActionRun;
}

/** A runner of GitHub as far as the action sees one. `programs` is a folder that comes first on PATH. */
export function createRunner(programs?: string): Runner {
  const folder = mkdtempSync(join(tmpdir(), "gen-batch-config-action-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const workspace = join(folder, "workspace");
  mkdirSync(workspace);
  return { workspace, run: (inputs = {}) => runAction(folder, workspace, inputs, programs) };
}

function runAction(
  folder: string,
  workspace: string,
  inputs: Readonly<Record<string, string>>,
  programs: string | undefined,
): ActionRun {
  const [step] = action.runs.steps;
  const output = join(folder, "output");
  writeFileSync(output, "");
  writeFileSync(join(folder, "script.sh"), step.run);
  const { PATH = "" } = process.env;
  const env = {
    PATH: programs === undefined ? PATH : `${programs}${delimiter}${PATH}`,
    HOME: folder,
    RUNNER_TEMP: folder,
    GITHUB_WORKSPACE: workspace,
    GITHUB_OUTPUT: output,
    GITHUB_ACTION_PATH: resolve("."),
    ...Object.fromEntries(Object.entries(step.env).map(([name, text]) => [name, withInputs(text, inputs)])),
  };
  const cwd = resolve(workspace, withInputs(step["working-directory"], inputs));
  const args = ["--noprofile", "--norc", "-eo", "pipefail", join(folder, "script.sh")];
  const { status, stdout, stderr } = spawnSync("bash", args, { cwd, env, encoding: "utf8" });
  const lines = readFileSync(output, "utf8").trimEnd().split("\n");
  return { exit: status, stdout, stderr, outputs: Object.fromEntries(lines.map((line) => line.split("=", 2))) };
}

function withInputs(text: string, inputs: Readonly<Record<string, string>>): string {
  return text.replace(/\$\{\{ inputs\.([\w-]+) \}\}/g, (_, name) => inputs[name] ?? action.inputs[name]?.default ?? "");
}
