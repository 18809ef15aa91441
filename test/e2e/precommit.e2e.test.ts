import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { generate } from "./generate.ts";
import { present, reasonsToSkip } from "./parts/part.ts";
import { cachePath } from "./parts/paths.ts";
import { preCommit } from "./parts/pythonTools.ts";
import { type Finished, run } from "./parts/run.ts";
import { commitWorkingTree, git, outsideNpm } from "./workingTree.ts";

const parts = { "pre-commit": await preCommit() };
const absent = reasonsToSkip(parts);
for (const reason of absent) console.warn(`skipped for want of ${reason}`);

/** Runs as a user's pre-commit does: it clones the hooks' repository and has npm install and build it. */
describe.skipIf(absent.length > 0)("the hooks, run by pre-commit", () => {
  const scratch = mkdtempSync(join(tmpdir(), "gen-batch-config-precommit-"));
  const hooks = join(scratch, "hooks");
  const consumer = join(scratch, "consumer");
  const pristine = join(scratch, "pristine");
  // What pre-commit installs; made anew, since an old one would hide that an install fails.
  const home = cachePath("pre-commit");

  beforeAll(async () => {
    rmSync(home, { recursive: true, force: true });
    const revision = await commitWorkingTree(hooks);
    mkdirSync(pristine);
    await git(pristine, "init", "--quiet");
    writeFileSync(join(pristine, "gen-batch-config.yaml"), "prefix: gss-dev\n");
    await generate(["--prefix", "gss-dev"], join(pristine, "modules-out"));
    writeFileSync(
      join(pristine, ".pre-commit-config.yaml"),
      `repos:
  - repo: ${JSON.stringify(hooks)}
    rev: ${revision}
    hooks:
      - id: gen-batch-config-validate
      - id: gen-batch-config-check
        args: [--config, gen-batch-config.yaml]
`,
    );
    await git(pristine, "add", "--all");
  });

  beforeEach(() => {
    rmSync(consumer, { recursive: true, force: true });
    cpSync(pristine, consumer, { recursive: true });
  });

  afterAll(() => rmSync(scratch, { recursive: true, force: true }));

  test("install, from a clone and nothing else", async () => {
    const options = { cwd: pristine, env: environment(), timeLimitSeconds: 600 };
    await run(present(parts["pre-commit"]).path, ["install-hooks"], options);
  });

  test("pass what was generated", async () => {
    const { exitCode, stdout } = await runHooks();
    expect(stdout).toMatch(/documents are valid\.+Passed/);
    expect(stdout).toMatch(/matches its config\.+Passed/);
    expect(exitCode).toBe(0);
  });

  test("point at an error in a document that was edited by hand", async () => {
    await edit("modules-out/batch-json/job-queue.json", '"priority": 1', '"priority": -1');
    const { exitCode, stdout } = await runHooks("gen-batch-config-validate");
    expect(stdout).toMatch(/documents are valid\.+Failed/);
    expect(stdout).toMatch(/modules-out\/batch-json\/job-queue\.json:4:15 +error +\/priority is -1/);
    expect(exitCode).toBe(1);
  });

  test("name a generated file that is no longer what the config gives", async () => {
    await edit("modules-out/batch.hcl", "# A partial", "# An edited partial");
    const { exitCode, stdout } = await runHooks("gen-batch-config-check");
    expect(stdout).toMatch(/matches its config\.+Failed/);
    expect(stdout).toMatch(/modules-out\/batch\.hcl/);
    expect(exitCode).toBe(1);
  });

  test("see that the config changed and the files did not", async () => {
    await edit("gen-batch-config.yaml", "gss-dev", "gss-prod");
    const { exitCode, stdout } = await runHooks("gen-batch-config-check");
    expect(stdout).toMatch(/matches its config\.+Failed/);
    expect(exitCode).toBe(1);
  });

  test("leave other files alone", async () => {
    await git(
      consumer,
      "-c",
      "user.name=test",
      "-c",
      "user.email=test@example.com",
      "commit",
      "--quiet",
      "--message=first",
    );
    writeFileSync(join(consumer, "notes.md"), "not ours\n");
    await git(consumer, "add", "--all");
    const { stdout } = await run(present(parts["pre-commit"]).path, ["run"], { cwd: consumer, env: environment() });
    expect(stdout.match(/Skipped/g)).toHaveLength(2);
  });

  function runHooks(...ids: readonly string[]): Promise<Finished> {
    const args = ["run", ...ids, "--all-files", "--color=never"];
    return run(present(parts["pre-commit"]).path, args, { cwd: consumer, env: environment(), accept: [0, 1] });
  }

  async function edit(path: string, from: string, to: string): Promise<void> {
    const file = join(consumer, path);
    const text = readFileSync(file, "utf8");
    expect(text).toContain(from);
    writeFileSync(file, text.replace(from, to));
    await git(consumer, "add", "--all");
  }

  function environment(): Record<string, string | undefined> {
    return { PRE_COMMIT_HOME: home, ...outsideNpm() };
  }
});
