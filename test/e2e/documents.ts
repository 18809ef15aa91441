import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { documentNames, documentPath } from "../../src/model/units.ts";

/** JSON whose shape the schemas hold; the tests read it freely. */
// biome-ignore lint/suspicious/noExplicitAny: a test may look into any document
export type Json = any;

/** Value of each placeholder: text, or a list or map that stands bare in the document. */
export type PlaceholderValues = Readonly<Record<string, unknown>>;

/** A generated document with its placeholders bound, as Terragrunt hands it to the module. */
export function boundDocument(tree: string, name: string, values: PlaceholderValues): Json {
  const text = readFileSync(pathOf(tree, name), "utf8");
  const bound = text.replace(placeholder, (use, key: string) => {
    if (!(key in values)) throw new Error(`${name}.json uses ${use}, and the test has no value for it`);
    const value = values[key];
    return typeof value === "string" ? JSON.stringify(value).slice(1, -1) : JSON.stringify(value);
  });
  return JSON.parse(bound);
}

/** Changes a generated document as somebody with an editor would, its placeholders left in place. */
export function editDocument(tree: string, name: string, change: (document: Json) => void): void {
  const path = pathOf(tree, name);
  const document: Json = JSON.parse(readFileSync(path, "utf8").replace(barePlaceholder, '$1"<bare $2>"'));
  change(document);
  writeFileSync(path, `${JSON.stringify(document, null, 2).replace(/"<bare (\$\{\w+\})>"/g, "$1")}\n`);
}

const placeholder = /\$\{(\w+)\}/g;
const barePlaceholder = /([:[,]\s*)(\$\{\w+\})/g;

/** A document that is none of the generated ones stands beside those of the batch unit. */
function pathOf(tree: string, name: string): string {
  const known = documentNames.find((document) => document === name);
  return join(tree, known ? documentPath(known) : `batch-json/${name}.json`);
}
