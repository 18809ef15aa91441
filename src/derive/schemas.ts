import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { SchemaNode } from "../model/schemaNode.ts";

/** The names of the schemas that the program knows: the config's, and those of the documents that a config overrides. */
export async function schemaNames(folder: string): Promise<readonly string[]> {
  const config = await readSchema(folder, "config");
  const refs = Object.values(config.properties ?? {}).flatMap(({ $ref }) => $ref ?? []);
  return ["config", ...new Set(refs.map((ref) => ref.replace(".schema.json", "")))];
}

export async function readSchema(folder: string, name: string): Promise<SchemaNode> {
  return JSON.parse(await readFile(join(folder, `${name}.schema.json`), "utf8")) as SchemaNode;
}

/** A module with every schema by its name: a kind of document is added in schemas/, and nowhere else. */
export async function collectSchemas(folder: string): Promise<string> {
  const names = await schemaNames(folder);
  const imports = names.map(
    (name, index) => `import s${index} from "../../${folder}/${name}.schema.json" with { type: "json" };\n`,
  );
  const entries = names.map((name, index) => `  ${JSON.stringify(name)}: s${index},\n`);
  return `// Made from schemas/ by "npm run build".\n${imports.join("")}export const schemas = {\n${entries.join("")}};\n`;
}
