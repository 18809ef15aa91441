import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { parse, stringify } from "yaml";
import { gitlabJobs } from "../pipelines/gitlab.ts";
import { actionlint } from "./parts/actionlint.ts";
import { type Part, present, reasonsToSkip } from "./parts/part.ts";
import { checkJsonschema, zizmor } from "./parts/pythonTools.ts";
import { run } from "./parts/run.ts";
import { shellcheck } from "./parts/shellcheck.ts";

const parts = {
  actionlint: await actionlint(),
  "check-jsonschema": await checkJsonschema(),
  shellcheck: await shellcheck(),
  zizmor: await zizmor(),
};
const absent = reasonsToSkip(parts);
for (const reason of absent) console.warn(`skipped for want of ${reason}`);

const workflows = filesIn(".github/workflows");

describe.skipIf(absent.length > 0)("what GitHub and GitLab read", () => {
  test("workflows are right, with the scripts in them", async () => {
    await lint(workflows);
    const broken = readFileSync(".github/workflows/ci.yml", "utf8").replaceAll("matrix.node }}", "matrix.nodes }}");
    const path = scratchFile("ci.yml", broken);
    await expect(lint([path])).rejects.toThrow(/property "nodes" is not defined/);
  });

  test("the script of the action is clean", async () => {
    const [step] = parse(readFileSync("action.yml", "utf8")).runs.steps;
    const path = scratchFile("script.sh", step.run);
    await run(pathOf(parts.shellcheck), ["--shell=bash", path]);
  });

  test.each([
    ["github-workflows", workflows],
    ["github-actions", ["action.yml"]],
    ["github-issue-forms", filesIn(".github/ISSUE_TEMPLATE").filter((path) => !path.endsWith("config.yml"))],
    ["github-issue-config", [".github/ISSUE_TEMPLATE/config.yml"]],
    ["dependabot", [".github/dependabot.yml"]],
  ])("%s fit their schema", async (schema, paths) => {
    expect(paths.length).toBeGreaterThan(0);
    await run(pathOf(parts["check-jsonschema"]), ["--builtin-schema", `vendor.${schema}`, ...paths]);
  });

  test("the GitLab template fits its schema with the defaults of its inputs", async () => {
    const path = scratchFile(".gitlab-ci.yml", stringify(gitlabJobs()));
    const args = ["--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci", path];
    await run(pathOf(parts["check-jsonschema"]), args);
  });

  test("nothing in workflows and action gives others a way in", async () => {
    const args = ["--offline", "--no-progress", "--min-severity=medium", "--persona=pedantic"];
    await run(pathOf(parts.zizmor), [...args, "action.yml", ".github"]);
  });
});

async function lint(paths: readonly string[]): Promise<void> {
  await run(pathOf(parts.actionlint), ["-shellcheck", pathOf(parts.shellcheck), "-pyflakes", "", ...paths]);
}

function pathOf(part: Part<{ readonly path: string }>): string {
  return present(part).path;
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder).map((name) => join(folder, name));
}

function scratchFile(name: string, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), "gen-batch-config-github-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}
