import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { launcher } from "../../../workers/build/programs.ts";
import { writeFolder } from "../../../workers/build/writeFolder.ts";
import { emptyFolder } from "./sources.ts";

test.each([
  ["the arguments alone, as in docker run IMAGE --help", ["--help"], ["--help"]],
  [
    "the whole command of a job definition",
    ["/opt/batch-processing/batch_processor", "--chunk-id", "x"],
    ["--chunk-id", "x"],
  ],
  ["nothing", [], []],
  [
    "its own path as a value",
    ["--input", "/opt/batch-processing/batch_processor"],
    ["--input", "/opt/batch-processing/batch_processor"],
  ],
])("a launcher takes %s", async (_, given, expected) => {
  const folder = emptyFolder();
  await writeFolder(
    folder,
    new Map([
      ["batch_processor", { contents: Buffer.from(launcher("batch_processor")), isExecutable: true }],
      ["package.json", { contents: Buffer.from('{ "type": "module" }') }],
      [
        "batch_processor.js",
        { contents: Buffer.from("console.log(JSON.stringify(process.argv.slice(2))); process.exitCode = 75;") },
      ],
    ]),
  );
  const { status, stdout, stderr } = spawnSync(join(folder, "batch_processor"), given, { encoding: "utf8" });
  expect({ status, stderr }).toEqual({ status: 75, stderr: "" });
  expect(JSON.parse(stdout)).toEqual(expected);
});
