import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { createRunner } from "../pipelines/action.ts";
import { repositoryRoot } from "./parts/paths.ts";
import { type Finished, run } from "./parts/run.ts";
import { commitWorkingTree, outsideNpm } from "./workingTree.ts";

/** What others get, installed where nothing else is. */
describe("the package", () => {
  const scratch = mkdtempSync(join(tmpdir(), "gen-batch-config-package-"));
  let tarball: string;

  beforeAll(async () => {
    // Without "prepare": what it would build is there. The test with Git runs it.
    const { stdout } = await npm(repositoryRoot, "pack", "--silent", "--ignore-scripts", "--pack-destination", scratch);
    tarball = join(scratch, stdout.trim());
  });

  afterAll(() => rmSync(scratch, { recursive: true, force: true }));

  test("is installed from its file without anything else, and works", async () => {
    const folder = emptyFolder("from-file");
    await npm(folder, "install", "--offline", "--no-audit", tarball);
    await expectToWork(folder);
  });

  test("is installed from Git, where npm builds it", async () => {
    const clone = join(scratch, "clone");
    await commitWorkingTree(clone);
    const folder = emptyFolder("from-git");
    await npm(folder, "install", "--no-audit", `git+file://${clone}`);
    await expectToWork(folder);
  });

  test("is built already where someone unpacks it and installs the folder", async () => {
    const unpacked = emptyFolder("unpacked");
    await run("tar", ["-xzf", tarball, "-C", unpacked, "--strip-components=1"]);
    const before = readdirSync(unpacked, { recursive: true, encoding: "utf8" }).sort();
    await npm(unpacked, "install", "--offline", "--no-audit", "--no-save", "--omit=dev");
    await npm(unpacked, "run", "prepare");
    const after = readdirSync(unpacked, { recursive: true, encoding: "utf8" }).sort();
    expect(after.filter((path) => !path.startsWith("node_modules"))).toEqual(before);
    const folder = emptyFolder("from-folder");
    await npm(folder, "install", "--offline", "--no-audit", unpacked);
    await expectToWork(folder);
  });

  test("is what the action runs", () => {
    const runner = createRunner();
    mkdirSync(join(runner.workspace, "batch-json"));
    const queue = { job_queue: { name: "q", state: "ENABLE", priority: 1, compute_environment_order: [] } };
    writeFileSync(join(runner.workspace, "batch-json", "job-queue.json"), JSON.stringify(queue));
    const { exit, stdout, outputs } = runner.run({ version: tarball });
    expect(stdout).toMatch(/^::error file=batch-json\/job-queue\.json,/m);
    expect(exit).toBe(1);
    expect(outputs["exit-code"]).toBe("1");
  });

  function emptyFolder(name: string): string {
    const folder = join(scratch, name);
    mkdirSync(folder);
    return folder;
  }
});

function npm(cwd: string, ...args: readonly string[]): Promise<Finished> {
  return run("npm", args, { cwd, env: outsideNpm(), timeLimitSeconds: 600 });
}

/** Generates a module and runs a file through it, which takes the program, its schemas and the workers. */
async function expectToWork(folder: string): Promise<void> {
  expect(readdirSync(join(folder, "node_modules")).filter((name) => !name.startsWith("."))).toEqual([packageJson.name]);
  const program = join(folder, "node_modules", ".bin", packageJson.name);
  const { stdout: version } = await run(program, ["--version"], { cwd: folder });
  expect(version.trim()).toBe(packageJson.version);
  await run(program, ["--prefix", "gss-dev", "--quiet"], { cwd: folder });
  writeFileSync(join(folder, "records.csv"), "id,name\n1,one\n2,two\n");
  const { stdout } = await run(program, ["run", "--input", "records.csv", "--json"], { cwd: folder });
  expect(JSON.parse(stdout)).toBeDefined();
  const records = readFileSync(join(folder, "gen-batch-run/records.csv/records/chunk-000000.jsonl"), "utf8");
  expect(records.trim().split("\n")).toHaveLength(2);
}
