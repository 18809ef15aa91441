/**
 * Makes everything that follows from schemas/, templates/ and the rules: TypeScript types, validators, compiled templates
 * and the tables in README.md. `--check` writes nothing and fails when a committed file is not what would be made.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { collectSchemas } from "./schemas.ts";
import { compileTemplates } from "./templates.ts";
import { compileValidators } from "./validators.ts";

const check = process.argv.includes("--check");
const docs = check || process.argv.includes("--docs");

// What the program needs to run comes first; the documents import parts of the program, so they come after it exists.
const runtime: Record<string, string> = {
  "src/derived/schemas.js": await collectSchemas("schemas"),
  "src/derived/templates.js": await compileTemplates("templates"),
  "src/derived/validators.js": await compileValidators("schemas"),
};
for (const [path, text] of Object.entries(runtime)) await put(path, text);

if (docs) {
  const { committedFiles } = await import("./committed.ts");
  const stale: string[] = [];
  for (const [path, text] of Object.entries(await committedFiles())) {
    if (!check) await put(path, text);
    else if ((await readFile(path, "utf8").catch(() => "")) !== text) stale.push(path);
  }
  if (stale.length > 0) {
    console.error(`Not what their sources give: ${stale.join(", ")}. Run "npm run derive" and commit.`);
    process.exitCode = 1;
  }
}

async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  if ((await readFile(path, "utf8").catch(() => undefined)) !== text) await writeFile(path, text);
}
