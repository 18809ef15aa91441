import { readFile } from "node:fs/promises";
import { withContractDefaults } from "./configDefaults.ts";
import { docsWithMadeParts } from "./docs.ts";
import { configType, contractType, documentTypes } from "./schemaTypes.ts";

/** Every committed file that is derived from another one, by its path. */
export async function committedFiles(): Promise<Record<string, string>> {
  return {
    "src/derived/types.ts": `${(await documentTypes("schemas")).trim()}\n\n${await configType("schemas")}\n`,
    "src/derived/workerContract.ts": await contractType("schemas"),
    "schemas/config.schema.json": withContractDefaults(await readFile("schemas/config.schema.json", "utf8")),
    ...(await docsWithMadeParts()),
  };
}
