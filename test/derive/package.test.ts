import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import workersJson from "../../workers/package.json" with { type: "json" };

describe("the package", () => {
  let paths: readonly string[];

  beforeAll(() => {
    // Without scripts, "prepare" among them: what it would build is there.
    const pack = spawnSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], { encoding: "utf8" });
    const [made] = JSON.parse(pack.stdout) as [{ files: { path: string }[] }];
    paths = made.files.map(({ path }) => path);
  });

  test("contains the program, the workers, the schemas and the documents", () => {
    for (const path of [
      "package.json",
      "README.md",
      "LICENSE",
      "CHANGELOG.md",
      packageJson.bin["gen-batch-config"],
      "dist/lambdaHost.js",
      "schemas/config.schema.json",
      "schemas/worker-contract.json",
      "workers/dist/batch_validator/batch_validator.js",
      "workers/dist/batch_processor/batch_processor.js",
      "workers/dist/lambda.zip",
    ]) {
      expect(paths).toContain(path);
    }
  });

  test("contains the file that npm runs where someone installs the unpacked package", () => {
    expect(packageJson.scripts.prepare).toBe("node src/derive/prepare.mjs");
    expect(paths).toContain("src/derive/prepare.mjs");
  });

  test("contains no tests, sources or settings of the development", () => {
    const expected =
      /^(?:package\.json|README\.md|LICENSE|CHANGELOG\.md|(?:dist|schemas|workers\/dist)\/.+|workers\/README\.md)$/;
    expect(paths.filter((path) => !expected.test(path))).toEqual(["src/derive/prepare.mjs"]);
    expect(paths.filter((path) => /\.tsx?$|\.test\.|\.map$|(^|\/)test\//.test(path))).toEqual([]);
  });

  test("needs nothing else at run time, since everything is bundled", () => {
    expect(Object.keys(packageJson)).not.toContain("dependencies");
  });
});

test("the repository has one address, wherever it is named", () => {
  const named = ["README.md", "action.yml", ".github", ".gitlab", "docker", "schemas", "src", "templates", "workers"]
    .flatMap(filesBelow)
    .flatMap((path) => [
      ...readFileSync(path, "utf8").matchAll(/github(?:usercontent)?\.com\/([\w-]+)\/gen-batch-config\b/g),
    ])
    .map(([, owner]) => owner);
  const [, owner] =
    /^git\+https:\/\/github\.com\/([\w-]+)\/gen-batch-config\.git$/.exec(packageJson.repository.url) ?? [];
  expect(owner).toBeDefined();
  expect([...new Set(named)]).toEqual([owner]);
  expect(workersJson.repository.url).toBe(packageJson.repository.url);
  expect(packageJson.homepage).toContain(`github.com/${owner}/`);
  expect(packageJson.bugs).toContain(`github.com/${owner}/`);
});

function filesBelow(place: string): readonly string[] {
  if (statSync(place).isFile()) return [place];
  return readdirSync(place, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/[/\\](?:node_modules|dist)(?:[/\\]|$)/.test(entry.parentPath))
    .map((entry) => join(entry.parentPath, entry.name));
}
