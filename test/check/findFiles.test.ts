import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findFiles } from "../../src/check/findFiles.ts";
import { documentNames, documentPath, unitNames } from "../../src/model/units.ts";
import { generatedFiles } from "./examples.ts";

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

test("a companion that somebody wrote is found beside generated ones, under a name of its own", async () => {
  put("modules/batch-json/job-queue.json", "{}");
  put("modules/step-function-json/orders.asl.json", "{}");
  put("modules/iam-roles-json/iam-roles.json", "{}");
  put("modules/iam-roles-json/notes.json", "{}");
  put("modules/step-function.hcl", "");
  const { modules } = await findFiles([folder]);
  const names = ["batch-json/job-queue.json", "iam-roles-json/iam-roles.json", "step-function-json/orders.asl.json"];
  expect(modules).toEqual([[...names, "step-function.hcl"].map((path) => join(folder, "modules", path))]);
});

function put(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}
