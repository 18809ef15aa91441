import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { checkFiles } from "../../src/check/checkFiles.ts";
import { findFiles, moduleFolder } from "../../src/check/findFiles.ts";
import { generatedFiles } from "../../src/derive/checkExample.ts";
import { documentNames, documentPath, unitNames } from "../../src/model/units.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gen-batch-config-find-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("every document of every unit is found in a generated tree, with what binds it, as one module", async () => {
  for (const { path, text } of generatedFiles) put(`modules/${path}`, text);
  const { modules, configs } = await findFiles([folder]);
  const wanted = [
    ...documentNames.map(documentPath),
    ...unitNames.map((unit) => `${unit}.hcl`),
    "batch_user_data.sh",
  ].map((path) => join(folder, "modules", path));
  expect(modules.map((paths) => [...paths].sort())).toEqual([wanted.sort()]);
  expect(configs).toEqual([]);
});

test("a hand-written companion is found next to generated ones, under its own name", async () => {
  put("modules/batch-json/job-queue.json", "{}");
  put("modules/step-function-json/orders.asl.json", "{}");
  put("modules/iam-roles-json/iam-roles.json", "{}");
  put("modules/iam-roles-json/notes.json", "{}");
  put("modules/step-function.hcl", "");
  const { modules } = await findFiles([folder]);
  const names = ["batch-json/job-queue.json", "iam-roles-json/iam-roles.json", "step-function-json/orders.asl.json"];
  expect(modules).toEqual([[...names, "step-function.hcl"].map((path) => join(folder, "modules", path))]);
});

test("the .hcl file of a unit is found even when its documents are gone, an unrelated one is not", async () => {
  for (const { path, text } of generatedFiles) if (path === "step-function.hcl") put(`modules/${path}`, text);
  put("elsewhere/lambda.hcl", "inputs = {}");
  const { modules } = await findFiles([folder]);
  expect(modules).toEqual([[join(folder, "modules/step-function.hcl")]]);
});

test("with an .hcl file that is named come the documents that it reads", async () => {
  for (const { path, text } of generatedFiles) put(`modules/${path}`, text);
  const { modules } = await findFiles([join(folder, "modules/step-function.hcl")]);
  const names = ["step-function-definition.json", "state-machine-settings.json"].map(
    (name) => `step-function-json/${name}`,
  );
  expect(modules.map((paths) => [...paths].sort())).toEqual([
    [...names, "step-function.hcl"].map((path) => join(folder, "modules", path)).sort(),
  ]);
});

test("an .hcl file whose documents are all gone is reported, at the line that reads them", () => {
  const settings = { awsProvider: 5, placeholders: new Map(), ignoredRules: new Set<string>() } as const;
  const wiring = generatedFiles.filter(({ path }) => path === "step-function.hcl");
  const line = (wiring[0]?.text.split("\n").findIndex((text) => text.includes("/step-function-json/")) ?? -1) + 1;
  expect(checkFiles(wiring, settings)).toMatchObject([
    { rule: "document-missing", severity: "error", file: "step-function.hcl", position: { line } },
  ]);
  const one = generatedFiles.filter(({ path }) => path.startsWith("step-function-json/")).slice(0, 1);
  const found = checkFiles([...wiring, ...one], settings).map(({ rule }) => rule);
  expect(found).not.toContain("document-missing");
});

function put(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

test("a document named from within its folder belongs to the same module as one named from outside", () => {
  expect(moduleFolder(join("modules-out", "lambda-json", "lambda-function.json"))).toBe(resolve("modules-out"));
  expect(moduleFolder("x.json")).toBe(resolve("."));
  const inside = relative(".", join(resolve("modules-out", "lambda-json"), "x.json"));
  expect(moduleFolder(inside)).toBe(resolve("modules-out"));
});
