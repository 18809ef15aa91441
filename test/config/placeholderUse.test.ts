import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { stringify } from "yaml";
import type { ConfigRequest } from "../../src/config/loadConfig.ts";
import { generate } from "../../src/generate.ts";
import { isObject, setKey } from "../../src/model/json.ts";
import { placeholders } from "../../src/model/placeholder.ts";
import { InvalidInput, type Problem } from "../../src/model/problem.ts";
import type { RenderedFile } from "../../src/model/renderedFile.ts";
import { type PlaceholderUse, propertySchema, type SchemaNode } from "../../src/model/schemaNode.ts";
import { schemaFiles } from "../../src/model/schemas.ts";
import { pointerKeys, pointerTo } from "../../src/shared/pointer.ts";

/** A place of the config's schema outside of the documents; below a document its own schema and rules decide. */
interface ConfigKey {
  readonly pointer: string;
  readonly isMap: boolean;
  readonly use: PlaceholderUse;
}

const keys = keysOf(schemaFiles.config as SchemaNode, "");
const texts = ["${X}", "a${X}", "a${PREFIX}", "${PREFIX}", "${AWS_REGION}", "${SUBNETS}", "${TAGS}", "$${X}"];

let folder: string;
let untouched: ReadonlySet<string>;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "gen-batch-config-use-"));
  const plain = await filesOf({ prefix: "gss-dev", settings: [] });
  untouched = new Set("files" in plain ? plain.files.flatMap(linesOf) : []);
});
afterAll(() => rmSync(folder, { recursive: true }));

test("the walk finds the keys of every form", () => {
  const found = keys.map(({ pointer }) => pointer);
  const some = ["/prefix", "/chunk_size", "/late_prefix", "/tags", "/tags/Team", "/alarm_emails/0", "/job_queue"];
  expect(found).toEqual(
    expect.arrayContaining([...some, "/terragrunt/dependencies/vpc", "/placeholders/SUBNETS/kind"]),
  );
});

test.each(keys)(
  "$pointer takes the placeholders of which the schema says so, and refuses the others",
  async ({ pointer, use }) => {
    for (const text of texts) {
      for (const [file, request] of requests(pointer, text)) {
        const outcome = await filesOf(request);
        if ("problems" in outcome) expectRefusal(outcome.problems, { pointer, file, text });
        else {
          expect(use, text).not.toBe("none");
          expectBound(outcome.files, use, text);
        }
      }
    }
  },
);

/** An expression has a grammar and a message of its own. */
const needed = keys.filter(({ use, pointer }) => use === "none" && !pointer.endsWith("/expression"));

test.each(needed)("$pointer says why a placeholder is refused", async ({ pointer }) => {
  for (const [, request] of requests(pointer, "${AWS_REGION}")) {
    const outcome = await filesOf(request);
    const hint = expect.stringMatching(/^a placeholder cannot be used here: the value is needed/);
    expect("problems" in outcome && outcome.problems[0]).toMatchObject({ found: "${AWS_REGION}", hint });
  }
});

test.each(texts)("the prefix %s is refused by its flag", async (text) => {
  const outcome = await filesOf({ prefix: text, settings: [] });
  expectRefusal("problems" in outcome ? outcome.problems : [], { pointer: "/prefix", file: "--prefix", text });
});

test.each(keys.filter(({ isMap }) => isMap))("no key of $pointer contains a placeholder", async ({ pointer }) => {
  for (const text of ["A${X}", "${PREFIX}"]) {
    const at = pointerTo(pointer, text);
    for (const [file, request] of requests(at, "../x")) {
      const outcome = await filesOf(request);
      expectRefusal("problems" in outcome ? outcome.problems : [], { pointer: at, file, text });
    }
  }
});

test.each(["s3_bucket", "msk_topic", "alarm_topic_kms_key"])(
  "%s names the placeholder that it accepts",
  async (key) => {
    const outcome = await filesOf({ prefix: "gss-dev", settings: [`${key}=a${"${AWS_REGION}"}`] });
    expect(outcome).toMatchObject({
      problems: [{ found: "${AWS_REGION}", expected: "no placeholder other than ${PREFIX}" }],
    });
  },
);

test("the schema's requirements on a text apply to known values", async () => {
  const prefix = "abcdefghijklmnopqrstuvwx";
  const bucket = `s3_bucket=\${PREFIX}${"x".repeat(63 - prefix.length)}`;
  const own = 'placeholders={"KEY":{"kind":"string","value":"not an ARN"}}';
  expect(await filesOf({ prefix, settings: [bucket] })).toHaveProperty("files");
  expect(await filesOf({ prefix, settings: [`${bucket}y`] })).toHaveProperty("problems.0.pointer", "/s3_bucket");
  const bound = await filesOf({ prefix, settings: [own, "kms_key_arn=${KEY}"] });
  expect(bound).toHaveProperty("problems.0.pointer", "/kms_key_arn");
});

interface Planted {
  readonly pointer: string;
  /** The config, or the flag. */
  readonly file: string;
  readonly text: string;
}

/** What is wrong is reported in its own place, however many documents it goes into. */
function expectRefusal(problems: readonly Problem[], { pointer, file, text }: Planted): void {
  expect(problems.length, `${text} in ${pointer}`).toBeGreaterThan(0);
  for (const problem of problems) {
    expect(problem, text).toMatchObject({ pointer, file, severity: "error", expected: expect.stringMatching(/./) });
    expect(problem.position.line).toBeGreaterThan(0);
  }
}

/**
 * `generate` has checked the documents and what binds them. No other file has a placeholder left, and none has become text,
 * unless the config asked for text.
 */
function expectBound(files: readonly RenderedFile[], use: PlaceholderUse, text: string): void {
  if (use === "literal") return;
  const isEscaped = text.startsWith("$$");
  for (const file of files) {
    const uses = linesOf(file)
      .filter((line) => !untouched.has(line))
      .flatMap((line) => line.match(/\$*\{ *[A-Z][A-Z0-9_]* *\}/g) ?? []);
    const isRight = (found: string) =>
      /^\$\$/.test(found) ? isEscaped : file.path.endsWith(".json") && known.has(found.slice(2, -1));
    expect(
      uses.filter((found) => !isRight(found)),
      `${file.path} with ${text}`,
    ).toEqual([]);
  }
}

const known = new Set(placeholders.map(({ name }) => name));

/** The same value from a file and by --set. */
function requests(pointer: string, text: string): readonly (readonly [file: string, ConfigRequest])[] {
  const path = join(folder, "c.yaml");
  const config: Record<string, unknown> = { prefix: "gss-dev" };
  put(config, pointerKeys(pointer), text);
  writeFileSync(path, stringify(config));
  const [top = ""] = pointerKeys(pointer);
  const inList = pointer.endsWith("/0");
  const set = inList ? `/${top}=${JSON.stringify([text])}` : `${pointer}=${text}`;
  return [
    [path, { path, settings: [] }],
    [`--set ${set.slice(0, set.indexOf("="))}`, { prefix: "gss-dev", settings: [set] }],
  ];
}

function put(target: Record<string, unknown>, [key = "", ...rest]: readonly string[], value: unknown): void {
  const next = rest[0] === "0" ? [] : {};
  if (rest.length > 0 && !isObject(target[key])) setKey(target, key, next);
  if (rest.length === 0) setKey(target, key, value);
  else put(target[key] as Record<string, unknown>, rest, value);
}

async function filesOf(
  request: ConfigRequest,
): Promise<{ readonly files: readonly RenderedFile[] } | { readonly problems: readonly Problem[] }> {
  try {
    return await generate(request, "modules-out", false);
  } catch (error) {
    // Any other error is a bug, and fails the test.
    if (error instanceof InvalidInput) return { problems: error.problems };
    throw error;
  }
}

function linesOf({ text }: RenderedFile): string[] {
  return text.split("\n");
}

/** The places of a schema: for a list its first entry, for a map the key of its example. */
function keysOf(node: SchemaNode, pointer: string, above: PlaceholderUse = "none"): ConfigKey[] {
  const use = node["x-placeholders"] ?? above;
  const isMap = typeof node.additionalProperties === "object";
  const own = { pointer, isMap, use };
  if ("x-override" in node) return [own];
  const names = [...Object.keys(node.properties ?? {}), ...(isMap ? exampleKeys(node, pointer) : [])];
  const below = names.flatMap((name) => keysOf(propertySchema(node, name) ?? {}, pointerTo(pointer, name), use));
  const entries = node.items ? keysOf(node.items, pointerTo(pointer, 0), use) : [];
  return [...(pointer === "" ? [] : [own]), ...below, ...entries];
}

function exampleKeys({ examples }: SchemaNode, pointer: string): string[] {
  const [example] = examples ?? [];
  if (!isObject(example)) throw new Error(`${pointer} needs an example that has a key`);
  return Object.keys(example).slice(0, 1);
}
