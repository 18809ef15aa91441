import { mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { writeFolder } from "../../../workers/build/writeFolder.ts";
import { emptyFolder } from "./sources.ts";

test("a folder holds what it is given and nothing that was there before", async () => {
  const folder = emptyFolder();
  mkdirSync(join(folder, "below"));
  writeFileSync(join(folder, "below", "chunk-OLD.js"), "old");
  writeFileSync(join(folder, "same.js"), "same");
  await writeFolder(
    folder,
    new Map([
      ["same.js", { contents: Buffer.from("same") }],
      ["program", { contents: Buffer.from("#!"), isExecutable: true }],
    ]),
  );
  expect(readdirSync(folder, { recursive: true }).sort()).toEqual(["below", "program", "same.js"]);
  expect(statSync(join(folder, "program")).mode & 0o777).toBe(0o755);
  expect(statSync(join(folder, "same.js")).mode & 0o777).toBe(0o644);
});
