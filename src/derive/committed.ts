import { readFile } from "node:fs/promises";
import { configType } from "./configType.ts";
import { replaceMade } from "./readme.ts";
import { documentTypes } from "./schemaTypes.ts";

/** Every committed file that follows from a source elsewhere, by its path. */
export async function committedFiles(): Promise<Record<string, string>> {
  return {
    "src/derived/types.ts": `${(await documentTypes("schemas")).trim()}\n\n${await configType("schemas")}\n`,
    "README.md": await replaceMade(await readFile("README.md", "utf8")),
  };
}
