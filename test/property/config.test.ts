import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { format } from "@cdktn/hcl-tools";
import { parse } from "@cdktn/hcl2json";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { checkFiles } from "../../src/check/checkFiles.ts";
import { rules } from "../../src/check/rules/index.ts";
import { loadConfig } from "../../src/config/loadConfig.ts";
import { resolvePlaceholders } from "../../src/config/placeholders.ts";
import { resolveModel } from "../../src/config/resolveModel.ts";
import { generate } from "../../src/generate.ts";
import type { ConfigSource } from "../../src/model/configSource.ts";
import type { Model } from "../../src/model/model.ts";
import { InvalidInput, type Problem } from "../../src/model/problem.ts";
import type { RenderedFile } from "../../src/model/renderedFile.ts";
import { configKey, documentNames, documentPath, specOf, type UnitName, unitOf } from "../../src/model/units.ts";
import { render } from "../../src/render/render.ts";
import { anyConfigs, isTemplateText, type Planted, type RandomConfig } from "./configs.ts";
import { boundDocument, decodeConfigText, evaluateDeep, leavesOf, noCode } from "./evaluate.ts";

let folder: string;
let file: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "gen-batch-config-random-"));
  file = join(folder, "gen-batch-config.json");
});
afterAll(() => rmSync(folder, { recursive: true }));

const runs = Number(process.env.PROPERTY_RUNS ?? 1000);
const seed = Number(process.env.PROPERTY_SEED ?? 20261130);
const counts = { files: 0, refused: 0, plantedInFiles: 0 };

test(`${runs} random configs: each gives either problems or files that are all valid and say what the config says`, {
  timeout: 600_000,
}, async () => {
  const law = fc.asyncProperty(anyConfigs, async (random) => {
    writeFileSync(file, JSON.stringify(random.config));
    const generated = await outcome(() => generate({ path: file, settings: [] }, "modules-out", false));
    const rendered = await outcome(renderUnjudged);
    if ("problems" in generated) {
      counts.refused += 1;
      expectToBeTold(generated.problems);
      if ("problems" in rendered) expect(rendered.problems, "the second time").toEqual(generated.problems);
    } else {
      expect("files" in rendered && rendered.files, "the second time").toEqual(generated.files);
    }
    if (!("files" in rendered) || hasErrors(await checkUnruled(rendered))) return;
    counts.files += 1;
    await expectToBeValid(rendered.files);
    await expectToSay(random, rendered);
  });
  await fc.assert(law, { numRuns: runs, seed });
  // A generator of configs that are all refused, or all harmless, would prove nothing.
  expect(counts.files).toBeGreaterThan(runs / 3);
  expect(counts.refused).toBeGreaterThan(runs / 5);
  expect(counts.plantedInFiles).toBeGreaterThan(runs / 3);
});

async function outcome<Value extends object>(
  work: () => Promise<Value>,
): Promise<Value | { readonly problems: readonly Problem[] }> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof InvalidInput) return { problems: error.problems };
    throw error;
  }
}

function expectToBeTold(problems: readonly Problem[]): void {
  expect(problems.length).toBeGreaterThan(0);
  for (const problem of problems) {
    expect(problem).toMatchObject({
      rule: expect.stringMatching(/^[a-z]/),
      severity: expect.stringMatching(/^(error|warning)$/),
    });
    expect(problem.file).not.toBe("");
    expect(problem.expected, problem.rule).not.toMatch(/^$|undefined|\[object/);
    expect(problem.pointer, problem.rule).toMatch(/^(\/|$)/);
    expect(Number.isSafeInteger(problem.position.line) && problem.position.line > 0).toBe(true);
    expect(Number.isSafeInteger(problem.position.column) && problem.position.column > 0).toBe(true);
  }
}

interface Rendered {
  readonly source: ConfigSource;
  readonly model: Model;
  readonly files: readonly RenderedFile[];
}

async function renderUnjudged(): Promise<Rendered> {
  const source = await loadConfig({ path: file, settings: [] });
  const model = resolveModel(source);
  return { source, model, files: render(model) };
}

/** Everything but the lint rules: they judge what is wise, and text that they refuse has to be data all the same. */
function checkUnruled({ source, model, files }: Rendered): readonly Problem[] {
  const ignoredRules = new Set(rules.map(({ id }) => id));
  return checkFiles(documentsOf(files), {
    awsProvider: model.awsProvider,
    placeholders: resolvePlaceholders(source).all,
    ignoredRules,
  });
}

function hasErrors(problems: readonly Problem[]): boolean {
  return problems.some(({ severity }) => severity === "error");
}

function documentsOf(files: readonly RenderedFile[]) {
  return files.filter(({ path }) => path.endsWith(".json"));
}

async function expectToBeValid(files: readonly RenderedFile[]): Promise<void> {
  for (const { path, text } of files) {
    expect(text.endsWith("\n"), `${path} ends with a line break`).toBe(true);
    expect(text, path).not.toContain("[object Object]");
    if (/\.(hcl|tf)$/.test(path)) await parseHcl(path, text);
  }
}

const parsed = new Map<string, Record<string, unknown>>();

/** Parses what is formatted as Terraform formats it. Most files are the same in every run, so each text is judged once. */
async function parseHcl(path: string, text: string): Promise<Record<string, unknown>> {
  const before = parsed.get(text);
  if (before !== undefined) return before;
  expect(await format(text), path).toBe(text);
  const tree = (await parse(path, text)) as Record<string, unknown>;
  parsed.set(text, tree);
  return tree;
}

async function expectToSay({ config, planted, mood }: RandomConfig, { model, files }: Rendered): Promise<void> {
  const leaves = [...documentLeaves(model, files), ...(await localLeaves(files)), ...agentLeaves(files)];
  for (const one of planted) {
    const meant = meaningOf(one);
    expect(meant, `${one.text} has to be refused`).toBeDefined();
    const found = leaves.filter(({ text }) => text.includes(one.mark));
    for (const leaf of found.filter(({ path }) => !speaksOf(path, one))) {
      expect(leaf.role).toBe(one.role);
      expect(leaf.text).toBe(meant);
      expectPlace(leaf.path, one);
    }
    for (const leaf of found) expect(leaf.text).toContain(meant);
    if (mood !== "wild" && isWritten(one, config))
      expect(found.length, `${one.path.join("/")} in the files`).toBeGreaterThan(0);
    counts.plantedInFiles += found.length;
  }
}

const texts = new Map([["PREFIX", "gss-dev"]]);

function meaningOf({ path, text, role }: Planted): string | undefined {
  if (!isTemplateText(path)) return text;
  // A key has no language: it is what it is, and may hold no template at all.
  if (role === "key") return /[$%]\{/.test(text) ? undefined : text;
  return decodeConfigText(text, texts);
}

/** Reasons, meanings and sources of placeholders stand in no document; neither does what belongs to a unit left out. */
function isWritten({ path }: Planted, config: Record<string, unknown>): boolean {
  if (path[0] === "placeholders")
    return path[2] === "value" && JSON.stringify(config.batch_processing_job ?? {}).includes(`\${${path[1]}}`);
  const unit = unitOfKey(path[0]);
  const companions = (config.companions ?? {}) as Record<string, unknown>;
  if (unit !== undefined && companions[unit.replaceAll("-", "_")] === false) return false;
  return path[0] !== "ignore_rules" && path[0] !== "terragrunt";
}

function unitOfKey(key: string | undefined): UnitName | undefined {
  const document = documentNames.find((name) => configKey(name) === key);
  return document && unitOf(document);
}

/** The companions name what the batch unit has: its queue in a policy, its environments on the dashboard. */
function speaksOf([found]: readonly string[], { path, role }: Planted): boolean {
  const [own, other] = [unitOfKey(path[0]), unitOfKey(found)];
  return role === "value" && own === "batch" && other !== undefined && other !== "batch";
}

const referring = ["compute_environment", "launch_template_name", "awslogs-group"];

/**
 * A change to the first environment holds for its fallback too; a changed name is followed by who refers to it; what a
 * placeholder is bound to stands where it is used.
 */
function expectPlace(found: readonly string[], { path }: Planted): void {
  if (path.at(-1) === "name" && path.length < 4 && referring.includes(found.at(-1) as string)) return;
  const expected = path[0] === "placeholders" ? ["batch_processing_job", "parameters", "own"] : path;
  const withoutFallback = (steps: readonly string[]) => steps.filter((step) => step !== "fallback");
  expect(withoutFallback(found)).toEqual(withoutFallback(expected));
}

/** The documents as AWS gets them: read as a template, as JSON, and every text in it once more where Terraform does so. */
function documentLeaves(model: Model, files: readonly RenderedFile[]) {
  return documentNames.flatMap((name) => {
    const text = files.find(({ path }) => path === documentPath(name))?.text;
    const wiring = model.units[unitOf(name)];
    if (text === undefined || wiring === undefined) return [];
    const bound = boundDocument(text, wiring.supplied);
    return leavesOf(specOf(name).asText ? bound : evaluateDeep(bound, noCode), [configKey(name)]);
  });
}

/** The locals of batch.hcl, as Terragrunt reads them and as Terraform reads the map input that becomes of the tags. */
async function localLeaves(files: readonly RenderedFile[]) {
  const text = files.find(({ path }) => path === "batch.hcl")?.text as string;
  const { locals } = (await parseHcl("batch.hcl", text)) as { locals: Record<string, unknown>[] };
  const { tags = {}, s3_bucket, msk_topic } = locals[0] ?? {};
  const read = evaluateDeep({ tags, s3_bucket, msk_topic }, (source) =>
    source === "local.prefix" ? "gss-dev" : noCode(source),
  );
  return leavesOf(evaluateDeep(read, noCode));
}

/** The lines that the script adds to the ECS config. */
function agentLeaves(files: readonly RenderedFile[]) {
  const script = files.find(({ path }) => path === "batch_user_data.sh")?.text as string;
  const [head, commands] = splitAt(script, "set -euo pipefail\n");
  expect(head).toMatch(/^(#.*\n)+$/);
  const [command, format, ...lines] = shellWords(commands);
  expect([command, format, lines.pop()]).toEqual(["printf", "%s\\n", ">>/etc/ecs/ecs.config"]);
  return lines.map((line) => {
    const [key, text] = splitAt(line, "=");
    return { path: ["ecs_agent", key], text, role: "value" as const };
  });
}

/** One command, taken apart as a shell does. Outside of quotes only what means nothing to a shell is taken for text. */
function shellWords(command: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let read = 0;
  const pieces = /(\s+|\\\n)|\\(')|'([^']*)'|"((?:[^"\\$`]|\\[\\"$`])*)"|([\w%=./>-]+)/gy;
  for (const [piece, space, escaped, single, double, plain] of command.matchAll(pieces)) {
    read += piece.length;
    if (space === undefined) word = `${word ?? ""}${escaped ?? single ?? double?.replaceAll(/\\(.)/g, "$1") ?? plain}`;
    else if (word !== undefined) words.push(word);
    if (space !== undefined) word = undefined;
  }
  expect(command.slice(read), "what a shell would take for code").toBe("");
  return words;
}

function splitAt(text: string, by: string): [string, string] {
  const at = text.indexOf(by);
  expect(at).toBeGreaterThan(-1);
  return [text.slice(0, at), text.slice(at + by.length)];
}
