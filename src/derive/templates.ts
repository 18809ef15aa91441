import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import Handlebars from "handlebars";

/**
 * A module with every template compiled to a function, so that the CLI neither reads nor compiles templates at start-up.
 * Strict: a name that the view does not have is an error, not an empty text.
 */
export async function compileTemplates(folder: string): Promise<string> {
  const files = (await readdir(folder, { recursive: true })).filter((path) => path.endsWith(".hbs")).sort();
  const templates: string[] = [];
  const partials: string[] = [];
  for (const path of files) {
    const text = await readFile(join(folder, path), "utf8");
    const code = String(Handlebars.precompile(text, { strict: true, noEscape: true }));
    const partial = /^partials\/(.+)\.hbs$/.exec(path)?.[1];
    (partial === undefined ? templates : partials).push(`  ${JSON.stringify(partial ?? path)}: ${code},\n`);
  }
  return `// Generated from templates/ by "npm run build".\nexport const templates = {\n${templates.join("")}};\nexport const partials = {\n${partials.join("")}};\n`;
}
