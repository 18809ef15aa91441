import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { checkSettingsOfModule, settingsWithoutConfig } from "../src/checkSettings.ts";

function moduleThatRequires(version: string): string {
  const folder = mkdtempSync(join(tmpdir(), "gen-batch-config-module-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, "terraform-aws-batch", "batch"), { recursive: true });
  const text = `terraform {\n  required_providers {\n    aws = {\n      source  = "hashicorp/aws"\n      ${version}\n    }\n  }\n}\n`;
  writeFileSync(join(folder, "terraform-aws-batch", "batch", "versions.tf"), text);
  return folder;
}

test.each([
  ['version = ">= 6.10.0, < 7.0.0"', 6],
  ['version = ">= 5.90.0, < 6.0.0"', 5],
  ['version = "~> 6.0"', 6],
  ['version="6.2.1"', 6],
  // Documents are checked for 5 and 6, and 5 is what a config has that says nothing.
  ['version = ">= 7.0.0"', 5],
  ['version = ">= 60.0.0"', 5],
  ["", 5],
])(
  "without a config, the documents of a module that requires %s are checked for provider %i",
  async (version, major) => {
    const settings = await checkSettingsOfModule(moduleThatRequires(version));
    expect(settings).toEqual({ ...settingsWithoutConfig, awsProvider: major });
  },
);

test("and those of a folder without modules for the version that a config has by default", async () => {
  expect((await checkSettingsOfModule("does-not-exist")).awsProvider).toBe(5);
});
