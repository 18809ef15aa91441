import { Ajv2020 } from "ajv/dist/2020.js";
import standalone from "ajv/dist/standalone/index.js";
import { build } from "esbuild";
import type { SchemaNode } from "../model/schemaNode.ts";
import { readSchema, schemaNames } from "./schemas.ts";

/** A module with one compiled validator per schema: the code of ajv, without the compiler at start-up. */
export async function compileValidators(folder: string): Promise<string> {
  const names = await schemaNames(folder);
  return compile(await Promise.all(names.map(async (name) => [name, await readSchema(folder, name)] as const)));
}

async function compile(schemas: readonly (readonly [string, SchemaNode])[]): Promise<string> {
  const ajv = new Ajv2020({
    allErrors: true,
    strict: true,
    strictRequired: false,
    allowUnionTypes: true,
    // Messages are ours (model/schemaProblems.ts), and shared definitions are compiled once: both keep start-up short.
    messages: false,
    inlineRefs: false,
    code: { source: true, esm: true },
  });
  ajv.addVocabulary(ourKeywords);
  // ajv resolves anchors, but its strict mode does not accept the keyword.
  ajv.addKeyword("$anchor");
  const exported = new Map<string, string>();
  for (const [name, schema] of schemas) {
    ajv.addSchema({ ...withoutWords(name === "config" ? withoutDocuments(schema) : schema), $id: name });
    exported.set(`validate${exported.size}`, name);
  }
  const code = (
    standalone as unknown as { default: (ajv: Ajv2020, exports: Record<string, string>) => string }
  ).default(ajv, Object.fromEntries(exported));
  const byName = [...exported].map(([variable, name]) => `${JSON.stringify(name)}: ${variable}`);
  return minified(`${code}\nexport const validators = { ${byName.join(", ")} };`);
}

/** The config's schema without its documents, which have their own validators: see config/checkConfig.ts. */
function withoutDocuments(config: SchemaNode): SchemaNode {
  const properties = Object.entries(config.properties ?? {}).map(([key, node]) => [
    key,
    node.$ref === undefined ? node : { type: ["object", "null"] },
  ]);
  return { ...config, properties: Object.fromEntries(properties) };
}

const ourKeywords = ["x-aws-name", "x-merge-by", "x-override", "x-placeholders"];
const words = ["title", "description", "examples", "default", "$comment", ...ourKeywords];

/** The schema without texts for people: ajv copies a schema into its code, and every start would load them. */
function withoutWords(schema: SchemaNode): SchemaNode {
  const bare = (node: unknown, isMap: boolean): unknown => {
    if (Array.isArray(node)) return node.map((item) => bare(item, false));
    if (typeof node !== "object" || node === null) return node;
    const entries = Object.entries(node).filter(([key]) => isMap || !words.includes(key));
    // The keys of these are names of properties, and one may be "description".
    const maps = ["properties", "$defs", "patternProperties"];
    return Object.fromEntries(entries.map(([key, value]) => [key, bare(value, !isMap && maps.includes(key))]));
  };
  return bare(schema, false) as SchemaNode;
}

/** ajv's code loads its small run-time functions with require(). As imports, they are listed among the parts of the bundle. */
async function minified(code: string): Promise<string> {
  const required = /const (\w+) = require\("([^"]+)"\)\.default;/g;
  // Node.js and esbuild return a CommonJS module as it is, vitest its default export.
  const imported = 'import $1Module from "$2.js";const $1 = $1Module.default ?? $1Module;';
  const withImports = code.replaceAll(required, imported);
  const result = await build({
    stdin: { contents: withImports, resolveDir: process.cwd(), loader: "js" },
    bundle: true,
    packages: "external",
    format: "esm",
    platform: "node",
    write: false,
    minify: true,
    legalComments: "none",
  });
  return `// Generated from schemas/ by "npm run build".\n${result.outputFiles[0]?.text ?? ""}`;
}
