import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { action, createRunner, type Runner } from "./action.ts";
import { fakeNpx } from "./npx.ts";

const programs = fakeNpx();

function runnerWith(folder: string): Runner {
  const runner = createRunner(programs);
  cpSync("modules-out", join(runner.workspace, folder), { recursive: true });
  return runner;
}

function spoil(runner: Runner, folder: string): void {
  const path = join(runner.workspace, folder, "batch-json/job-queue.json");
  writeFileSync(path, readFileSync(path, "utf8").replace('"priority": 1', '"priority": -1'));
}

test("a clean module passes, with its warnings as annotations", () => {
  const runner = runnerWith("modules-out");
  const { exit, stdout, outputs } = runner.run({ paths: "modules-out" });
  expect(stdout).toMatch(/^::warning file=modules-out\/batch-json\/compute-environment\.json,line=\d+,col=\d+,/m);
  expect(stdout).not.toContain("::error");
  expect(exit).toBe(0);
  expect(outputs["exit-code"]).toBe("0");
});

test("a broken document fails the step and is annotated in its line", () => {
  const runner = runnerWith("modules-out");
  spoil(runner, "modules-out");
  const { exit, stdout, outputs } = runner.run({ paths: "modules-out\n" });
  expect(stdout).toMatch(/^::error file=modules-out\/batch-json\/job-queue\.json,line=4,col=15,/m);
  expect(exit).toBe(1);
  expect(outputs["exit-code"]).toBe("1");
  expect(readFileSync(outputs.report as string, "utf8")).toContain("job-queue.json");
});

test("annotations name files from the root of the repository, whatever the working directory is called", () => {
  const folder = "live, 100%/it's & more";
  const runner = runnerWith(`${folder}/modules-out`);
  spoil(runner, `${folder}/modules-out`);
  const { exit, stdout } = runner.run({ "working-directory": folder });
  const escaped = folder.replaceAll("%", "%25").replaceAll(",", "%2C");
  expect(stdout).toContain(`::error file=${escaped}/modules-out/batch-json/job-queue.json,line=4,col=15,`);
  expect(stdout).not.toMatch(/file=modules-out/);
  expect(exit).toBe(1);
});

test("each line of args is one argument", () => {
  const runner = runnerWith("modules-out");
  writeFileSync(join(runner.workspace, "my config.yaml"), "prefix: gss-dev\n");
  const { exit, stderr } = runner.run({ args: "--strict\n\n--config\nmy config.yaml\n", paths: "modules-out" });
  expect(stderr).toContain("validate --format github --strict --config my config.yaml -- modules-out");
  expect(exit).toBe(1);
});

test("check compares the files with what the config gives", () => {
  const runner = runnerWith("modules-out");
  writeFileSync(join(runner.workspace, "gen-batch-config.yaml"), "prefix: gss-dev\n");
  const inputs = { command: "check", args: "--config\ngen-batch-config.yaml" };
  expect(runner.run(inputs)).toMatchObject({ exit: 0 });
  writeFileSync(join(runner.workspace, "gen-batch-config.yaml"), "prefix: gss-prod\n");
  const { exit, stdout } = runner.run(inputs);
  expect(stdout).toMatch(/^::error file=modules-out\/batch\.hcl,/m);
  expect(exit).toBe(1);
});

test("another format reaches the report as it is", () => {
  const runner = runnerWith("modules-out");
  const { outputs } = runner.run({ format: "sarif", paths: "modules-out" });
  expect(JSON.parse(readFileSync(outputs.report as string, "utf8"))).toMatchObject({ version: "2.1.0" });
});

test("what is installed is the action's own version, or the one asked for", () => {
  const runner = createRunner(programs);
  mkdirSync(join(runner.workspace, "batch-json"));
  expect(runner.run().stderr).toContain(`npx --yes --package gen-batch-config@${packageJson.version} `);
  expect(runner.run({ version: "1.2.3" }).stderr).toContain("npx --yes --package gen-batch-config@1.2.3 ");
});

test("wrong inputs end as wrong usage", () => {
  const runner = createRunner(programs);
  expect(runner.run({ command: "destroy" })).toMatchObject({ exit: 2, stdout: expect.stringContaining("::error") });
  expect(runner.run({ args: "--no-such-flag" })).toMatchObject({ exit: 2, outputs: { "exit-code": "2" } });
});

test("no input is written into the script, where it would be run", () => {
  const [step] = action.runs.steps;
  expect(step.run).not.toContain("${{");
  const runner = createRunner(programs);
  runner.run({ paths: '$(touch owned) `touch owned` "; touch owned; "', version: "$(touch owned)" });
  expect(() => readFileSync(join(runner.workspace, "owned"))).toThrow("ENOENT");
});
