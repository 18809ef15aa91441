/**
 * Derives everything from schemas/, templates/ and the rules: TypeScript types, validators, compiled templates and the lists
 * in the READMEs. `--check` writes nothing and fails when a committed file is out of date.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { collectSchemas } from "./schemas.ts";
import { compileTemplates } from "./templates.ts";
import { compileValidators } from "./validators.ts";

const check = process.argv.includes("--check");
const docs = check || process.argv.includes("--docs");

// The files that the program needs come first: deriving the committed files imports parts of the program.
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
    console.error(`Out of date: ${stale.join(", ")}. Run "npm run derive" and commit the result.`);
    process.exitCode = 1;
  }
}

async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  if ((await readFile(path, "utf8").catch(() => undefined)) !== text) await writeFile(path, text);
}
