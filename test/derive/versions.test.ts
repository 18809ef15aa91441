import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import packageLock from "../../package-lock.json" with { type: "json" };
import {
  changelogSection,
  filesWithPins,
  pinnedVersions,
  pinVersion,
  releaseChangelog,
  setVersion,
} from "../../src/derive/versions.ts";
import workersJson from "../../workers/package.json" with { type: "json" };

const { version } = packageJson;
const require = createRequire(import.meta.url);

test("the packages and the lock file have one version", () => {
  expect(workersJson.version).toBe(version);
  expect(packageLock.version).toBe(version);
  expect(packageLock.packages.workers.version).toBe(version);
});

test("every file that names the version names this one", () => {
  const pins = filesWithPins().flatMap((path) =>
    pinnedVersions(readFileSync(path, "utf8")).map((pinned) => `${path}: ${pinned}`),
  );
  expect(pins.length).toBeGreaterThan(5);
  expect(pins.filter((pin) => !pin.endsWith(`: ${version}`))).toEqual([]);
});

describe("a changelog", () => {
  const changelog = readFileSync("CHANGELOG.md", "utf8");

  test("gets a section of the version, and an empty one for what comes next", () => {
    const released = releaseChangelog(changelog, "9.8.7", "2031-02-03");
    expect(released).toContain("\n## Unreleased\n\n## 9.8.7 - 2031-02-03\n\n");
    expect(changelogSection(released, "Unreleased")).toBe("");
    expect(changelogSection(released, "9.8.7")).toBe(changelogSection(changelog, "Unreleased"));
    expect(released.replace("\n\n## 9.8.7 - 2031-02-03", "")).toBe(changelog);
  });

  test("is not released without anything to say, nor twice as the same version", () => {
    const released = releaseChangelog("# Changelog\n\n## Unreleased\n\n- A thing.\n", "1.0.0", "2031-02-03");
    expect(() => releaseChangelog(released, "1.0.1", "2031-02-04")).toThrow('nothing under "Unreleased"');
    const again = released.replace("## Unreleased\n", "## Unreleased\n\n- Another.\n");
    expect(() => releaseChangelog(again, "1.0.0", "2031-02-04")).toThrow("section for 1.0.0 already");
    expect(releaseChangelog(again, "1.0.0-rc.1", "2031-02-04")).toContain("## 1.0.0-rc.1 - 2031-02-04\n\n- Another.");
  });

  test("returns the notes of one version alone", () => {
    const text =
      "# Changelog\n\n## Unreleased\n\n## 1.1.0 - 2031-02-03\n\n### Added\n\n- B.\n\n## 1.0.0 - 2030-01-01\n\n- A.\n";
    expect(changelogSection(text, "1.1.0")).toBe("### Added\n\n- B.");
    expect(changelogSection(text, "1.0.0")).toBe("- A.");
    expect(() => changelogSection(text, "1.1")).toThrow('no section "## 1.1"');
  });
});

describe("the script of a release", () => {
  const copied = ["CHANGELOG.md", "package.json", "package-lock.json", "workers/package.json", ...filesWithPins()];

  test("sets the version in every file that contains it, and prints its notes", () => {
    const folder = mkdtempSync(join(tmpdir(), "gen-batch-config-release-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    for (const path of copied) cpSync(path, join(folder, path));

    expect(release(folder, ["bump"], { npm_old_version: version, npm_new_version: "9.8.7" })).toContain("README.md\n");
    const texts = copied.map((path) => readFileSync(join(folder, path), "utf8"));
    expect(new Set(texts.flatMap(pinnedVersions))).toEqual(new Set(["9.8.7"]));
    expect(readFileSync(join(folder, "workers/package.json"), "utf8")).toContain('"version": "9.8.7"');
    const notes = changelogSection(readFileSync("CHANGELOG.md", "utf8"), "Unreleased");
    expect(release(folder, ["notes", "9.8.7"])).toBe(`${notes}\n`);
  });

  test("leaves the changelog alone for a preview, whose notes are what is not released yet", () => {
    const folder = mkdtempSync(join(tmpdir(), "gen-batch-config-release-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    for (const path of copied) cpSync(path, join(folder, path));

    const changed = release(folder, ["bump"], { npm_old_version: version, npm_new_version: "9.8.7-rc.0" });
    expect(changed).toContain("workers/package.json\n");
    expect(changed).not.toContain("CHANGELOG.md");
    expect(release(folder, ["notes", "9.8.7-rc.0"])).toContain("### Added");
  });

  test("says that npm has to call it", () => {
    expect(() => release(".", ["bump"])).toThrow('run "npm version"');
  });

  function release(cwd: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): string {
    const program = [require.resolve("tsx/cli"), resolve("src/derive/release.ts"), ...args];
    return execFileSync(process.execPath, program, { cwd, env, encoding: "utf8", stdio: "pipe" });
  }
});

describe("a version", () => {
  test.each([
    ["public.ecr.aws/gen-batch-config/batch_validator:1.2.3", "public.ecr.aws/gen-batch-config/batch_validator:1.3.0"],
    ["batch_processor-1.2.3.zip", "batch_processor-1.3.0.zip"],
    ["    rev: v1.2.3", "    rev: v1.3.0"],
    ["uses: your-org/gen-batch-config@v1.2.3", "uses: your-org/gen-batch-config@v1.3.0"],
    ["default: gen-batch-config@1.2.3", "default: gen-batch-config@1.3.0"],
  ])("is set in %s", (text, pinned) => {
    expect(pinVersion(text, "1.2.3", "1.3.0")).toBe(pinned);
    expect(pinnedVersions(pinned)).toEqual(["1.3.0"]);
  });

  test.each(["typescript 1.2.3", "batch_validator:1.2.30", "batch_validator:1.2.3-rc.1", "rev: v11.2.3"])(
    "is left as it is in %s",
    (text) => expect(pinVersion(text, "1.2.3", "1.3.0")).toBe(text),
  );

  test("is all that changes in a package.json", () => {
    const text = readFileSync("workers/package.json", "utf8");
    expect(setVersion(text, "9.8.7")).toBe(text.replace(`"version": "${version}"`, '"version": "9.8.7"'));
  });
});
