import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

test("the committed modules-out/ is what the templates give for gss-dev", () => {
  const run = spawnSync(process.execPath, ["dist/cli.js", "--prefix", "gss-dev", "--check"], { encoding: "utf8" });
  expect(run.stdout).toContain("modules-out is up to date");
  expect(run.status).toBe(0);
});
