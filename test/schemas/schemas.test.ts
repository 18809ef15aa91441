import { readdirSync, readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import placeholderTable from "../../schemas/placeholders.json" with { type: "json" };
import { documentTypes } from "../../src/derive/schemaTypes.ts";
import { documentKinds } from "../../src/model/kinds.ts";
import { configKey, documentNames, documentsOf, specOf } from "../../src/model/units.ts";
import { wrongDocuments } from "./wrongDocuments.ts";

type Node = Readonly<Record<string, unknown>>;
interface Place {
  readonly pointer: string;
  readonly node: Node;
}

const kinds = readdirSync("schemas")
  .filter((file) => file.endsWith(".schema.json") && !/^(?:config|worker-contract)\./.test(file))
  .map((file) => file.replace(".schema.json", ""));
const schemas = new Map(kinds.map((kind) => [kind, readJson(`schemas/${kind}.schema.json`) as Node]));

const ajv = new Ajv2020({ strict: true, allErrors: true });
ajv.addVocabulary(["x-aws-name", "x-merge-by"]);
for (const schema of schemas.values()) ajv.addSchema(schema);

test("there is a schema for every kind of document", () => {
  expect([...kinds].sort()).toEqual([...documentKinds].sort());
});

describe.each(kinds)("%s", (kind) => {
  const schema = schemas.get(kind) as Node;

  test("compiles in strict mode", () => {
    expect(ajv.getSchema(`${kind}.schema.json`)).toBeTypeOf("function");
  });

  test("says of every property what it is", () => {
    const silent = properties(schema).filter(({ node }) => !isText(node.title) || !isText(node.description));
    expect(silent.map(({ pointer }) => pointer)).toEqual([]);
  });

  test("names each definition and uses it", () => {
    const definitions = Object.entries((schema.$defs ?? {}) as Record<string, Node>);
    expect(definitions.filter(([, node]) => !isText(node.title) || !isText(node.description))).toEqual([]);
    const unused = definitions.filter(([name]) => !JSON.stringify(schema).includes(`"#/$defs/${name}"`));
    expect(unused.map(([name]) => name)).toEqual([]);
  });

  test("has defaults and examples that it accepts itself", () => {
    const refused = nodes(schema).flatMap(({ pointer, node }) =>
      samplesOf(node)
        .filter((sample) => !accepts(`${kind}.schema.json#${pointer}`, sample))
        .map((sample) => ({ pointer, sample })),
    );
    expect(refused).toEqual([]);
  });

  test("lists every key of an object, except those that only AWS knows", () => {
    const open = nodes(schema).filter(
      ({ node }) => node.type === "object" && [undefined, true].includes(node.additionalProperties as undefined),
    );
    expect(open.map(({ pointer }) => pointer).filter((pointer) => !isFree(kind, pointer))).toEqual([]);
  });

  test("has exactly one type in each place, but for what JSONata makes an expression", () => {
    const untyped = nodes(schema).filter(({ node }) => !isText(node.type) && !isText(node.$ref));
    // A row of a widget's metrics contains texts, and at its end the rendering options.
    const isCell = (pointer: string) => kind === "dashboard" && pointer.endsWith("/metrics/items/items");
    expect(
      untyped.map(({ pointer }) => pointer).filter((pointer) => kind !== "state-machine" && !isCell(pointer)),
    ).toEqual([]);
    expect(nodes(schema).filter(({ node }) => "anyOf" in node || "oneOf" in node)).toEqual([]);
  });

  test("has patterns without look-around, which every reader of JSON Schema and Terraform understand", () => {
    const patterns = nodes(schema).flatMap(({ node }) =>
      [node.pattern, (node.propertyNames as Node | undefined)?.pattern].filter(isText),
    );
    expect(
      patterns.filter(
        (pattern) => /\(\?|\\[pPbuk1-9]/.test(pattern) || !pattern.startsWith("^") || !pattern.endsWith("$"),
      ),
    ).toEqual([]);
  });
});

/** What a state, a widget or an event may say is AWS's to know, and grows without us. */
function isFree(kind: string, pointer: string): boolean {
  const states = ["State", "ChoiceRule", "Retrier", "Catcher", "ProcessorConfig"].map((name) => `/$defs/${name}`);
  const free: Readonly<Record<string, (pointer: string) => boolean>> = {
    "state-machine": (at) => states.includes(at),
    dashboard: (at) => at.startsWith("/properties/widgets/items") || at.startsWith("/$defs/"),
    "event-rules": (at) => /\/event_pattern(\/|$)/.test(at) || at.endsWith("/EventPattern"),
  };
  return free[kind]?.(pointer) ?? false;
}

test.each([
  ["compute-environment", "compute-environment"],
  ["batch-processing-job", "job-definition"],
])("the document's %s is accepted", (name, kind) => {
  const text = readFileSync(`test/schemas/the-document/${name}.json.txt`, "utf8");
  expect(errorsOf(kind, JSON.parse(withSamples(text)))).toEqual([]);
});

test("the config has an override for every document, with the document's schema", () => {
  const config = readJson("schemas/config.schema.json") as { properties: Record<string, Node> };
  const overrides = Object.entries(config.properties).filter(([, node]) => "x-override" in node);
  const wanted = documentNames.map((name) => [configKey(name), `${specOf(name).kind}.schema.json`]);
  expect(overrides.map(([key, { $ref }]) => [key, $ref])).toEqual(wanted);
});

// Those of the companions are made by the program and judged where it checks what it generates.
test("the default documents of the config are accepted", () => {
  const config = readJson("schemas/config.schema.json") as { properties: Record<string, Node> };
  for (const key of documentsOf("batch").map(configKey)) {
    const { $ref, default: document } = config.properties[key] as Node;
    const bare = JSON.stringify(document).replaceAll(/"(\$\{[A-Z_]+\})"/g, (quoted, use: string) =>
      isList(use) ? use : quoted,
    );
    expect([key, errorsOf(String($ref).replace(".schema.json", ""), JSON.parse(withSamples(bare)))]).toEqual([key, []]);
  }
});

describe("a wrong document is refused for what is wrong", () => {
  test.each(wrongDocuments)("$kind: $wrong", ({ kind, document, keyword, at }) => {
    expect(errorsOf(kind, document)).toEqual([`${keyword} ${at}`]);
  });
});

test("the exit codes of both programs are unique and say what to do", () => {
  for (const file of ["cli-exit-codes", "worker-exit-codes"]) {
    const { codes } = readJson(`schemas/${file}.json`) as { codes: Record<string, unknown>[] };
    for (const key of ["code", "name"]) expect(new Set(codes.map((code) => code[key])).size).toBe(codes.length);
    for (const { meaning, remedy } of codes) expect([isText(meaning), isText(remedy)]).toEqual([true, true]);
  }
});

test("the retry rules that follow from the exit codes of the workers are rules that AWS accepts", () => {
  const { codes, retried_reasons } = readJson("schemas/worker-exit-codes.json") as {
    codes: { code: number; retry: boolean }[];
    retried_reasons: Node[];
  };
  const retried = codes.filter(({ retry }) => retry).map(({ code }) => ({ on_exit_code: String(code) }));
  const rules = [...retried_reasons, ...retried].map((rule) => ({ action: "RETRY", ...rule }));
  const strategy = { attempts: 3, evaluate_on_exit: [...rules, { action: "EXIT", on_reason: "*" }] };
  expect(accepts("job-definition.schema.json#/$defs/RetryStrategy", strategy)).toBe(true);
});

test("the committed types are those of the schemas", async () => {
  const types = await documentTypes("schemas");
  expect(readFileSync("src/derived/types.ts", "utf8").startsWith(types.trim())).toBe(true);
  for (const kind of documentKinds) {
    const name = kind.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
    expect(types).toContain(`export interface ${name} {\n`);
  }
});

function errorsOf(kind: string, document: unknown): readonly string[] {
  const validate = ajv.getSchema(`${kind}.schema.json`);
  if (validate === undefined) throw new Error(`no schema ${kind}`);
  validate(document);
  // "if" and "propertyNames" only repeat that something inside them failed.
  const own = (validate.errors ?? []).filter(({ keyword }) => keyword !== "if" && keyword !== "propertyNames");
  return own.map(({ keyword, instancePath }) => `${keyword} ${instancePath}`);
}

function accepts(reference: string, value: unknown): boolean {
  const validate = ajv.getSchema(reference);
  if (validate === undefined) throw new Error(`no schema ${reference}`);
  return validate(value) === true;
}

/** Every schema within a schema, by its JSON pointer as a URI fragment; the schema itself comes first. */
function nodes(node: Node, pointer = ""): readonly Place[] {
  const children = ["properties", "$defs"].flatMap((keyword) =>
    Object.entries((node[keyword] ?? {}) as Record<string, Node>).map(([key, child]): [string, Node] => [
      `/${keyword}/${key}`,
      child,
    ]),
  );
  for (const keyword of ["items", "additionalProperties"]) {
    const child = node[keyword];
    if (typeof child === "object" && child !== null) children.push([`/${keyword}`, child as Node]);
  }
  return [{ pointer, node }, ...children.flatMap(([path, child]) => nodes(child, pointer + path))];
}

function properties(schema: Node): readonly Place[] {
  return nodes(schema).filter(({ pointer }) => pointer.split("/").at(-2) === "properties");
}

function samplesOf(node: Node): readonly unknown[] {
  return [...((node.examples ?? []) as unknown[]), ...("default" in node ? [node.default] : [])];
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function isList(use: string): boolean {
  return placeholderTable.placeholders.some(({ name, kind }) => use === `\${${name}}` && kind === "list");
}

/** A list is written as it is, a text in quotes. */
function withSamples(text: string): string {
  return placeholderTable.placeholders.reduce((filled, { name, sample }) => {
    const value = typeof sample === "string" ? sample : JSON.stringify(sample);
    return filled.replaceAll(`\${${name}}`, () => value);
  }, text);
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, "utf8"));
}
