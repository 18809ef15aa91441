import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { bundleProgram } from "../../workers/build/bundleProgram.ts";
import { repositoryRoot } from "../../workers/build/bundleWorkers.ts";
import { expectSbom } from "../workers/build/expectSbom.ts";
import { foldersIn, lacking } from "../workers/build/notices.ts";

const notices = readFileSync("dist/THIRD-PARTY-LICENSES", "utf8");
const { metafile } = await bundleProgram(
  {
    name: "gen-batch-config",
    description: "The CLI.",
    entryPoints: { "cli.js": "cli.ts", "lambdaHost.js": "run/jobs/lambdaHost.ts" },
    shape: "parts",
  },
  { workingFolder: repositoryRoot, sourceFolder: join(repositoryRoot, "src") },
);
const folders = foldersIn(metafile);
const names = ["ajv", "commander", "diff", "handlebars", "yaml"];

test("the CLI comes with the licence text of every package that is bundled into it", () => {
  expect(folders.sort()).toEqual(names.map((name) => `node_modules/${name}`));
  expect(lacking(notices, folders)).toEqual([]);
  const rule = "=".repeat(80);
  for (const section of notices.split(rule).slice(1))
    expect(lacking(notices.replace(section, ""), folders), "without one section").toHaveLength(1);
});

test("the bill of materials of the CLI lists exactly these packages", () => {
  const components = expectSbom(readFileSync("dist/sbom.cdx.json", "utf8"));
  expect(components.map(({ name }) => name)).toEqual(names);
});

test("both are in the package", () => {
  expect(manifest.files).toEqual(expect.arrayContaining(["dist", "workers/dist"]));
});
