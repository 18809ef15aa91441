import { writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { RenderedFile } from "../../src/model/renderedFile.ts";
import { compareOutput } from "../../src/write/compare.ts";
import { describeDrift, describeResult } from "../../src/write/describe.ts";
import { writeOutput } from "../../src/write/writeOutput.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "gen-batch-config-moved-"));
});
afterEach(() => rm(folder, { recursive: true }));

const root = (text: string): RenderedFile[] => [
  { path: "root.hcl", text, template: "root.hcl.hbs", ownership: "create-only" },
];

test("a file of the user that would be generated differently is reported, but is not drift", async () => {
  await writeOutput(root("region 1\n"), folder);
  writeFileSync(join(folder, "root.hcl"), "region 1, and something of mine\n");
  const same = await writeOutput(root("region 1\n"), folder);
  expect(same.moved).toEqual([]);

  const moved = await writeOutput(root("region 2\n"), folder);
  expect(moved.moved).toEqual(["root.hcl"]);
  expect(describeResult(moved)[0]).toContain("update it by hand");
  const drift = describeDrift(await compareOutput(root("region 2\n"), folder));
  expect(drift[0]).toContain("root.hcl");
  expect(drift.at(-1)).toContain("is up to date");
});
