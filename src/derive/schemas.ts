import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { SchemaNode } from "../model/schemaNode.ts";

/** The names of the schemas: that of the config, and those of the documents that it can override. */
export async function schemaNames(folder: string): Promise<readonly string[]> {
  const config = await readSchema(folder, "config");
  const refs = Object.values(config.properties ?? {}).flatMap(({ $ref }) => $ref ?? []);
  return ["config", ...new Set(refs.map((ref) => ref.replace(".schema.json", "")))];
}

export async function readSchema(folder: string, name: string): Promise<SchemaNode> {
  return JSON.parse(await readFile(join(folder, `${name}.schema.json`), "utf8")) as SchemaNode;
}

/** A module with every schema by its name, so that a kind of document is added only in schemas/. */
export async function collectSchemas(folder: string): Promise<string> {
  const names = await schemaNames(folder);
  const imports = names.map(
    (name, index) => `import s${index} from "../../${folder}/${name}.schema.json" with { type: "json" };\n`,
  );
  const entries = names.map((name, index) => `  ${JSON.stringify(name)}: s${index},\n`);
  return `// Generated from schemas/ by "npm run build".\n${imports.join("")}export const schemas = {\n${entries.join("")}};\n`;
}
